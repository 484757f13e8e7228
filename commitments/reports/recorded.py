"""What came of recording: the papers on the desk, and the summary of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.choices import OPEN, MentionKind
from commitments.models import Commitment, Mention, SetAside, StatusChange
from commitments.reports.recording import Recording
from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Paragraph, Participation, Person

if TYPE_CHECKING:
    from commitments.querysets import CommitmentQuerySet

RECENT, MEETINGS_SHOWN, PEOPLE_KNOWN = 6, 12, 300


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment on the summary, and the paragraphs that speak of it."""

    commitment: Commitment
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What was recorded in one way."""

    key: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was made, mentioned and left aside; ``awaited``: open commitments the meeting was to fulfil."""

    registered: tuple[Line, ...]
    groups: tuple[Group, ...]
    aside: tuple[int, ...]
    undecided: tuple[int, ...]
    awaited: tuple[Commitment, ...]


def summary_of(recording: Recording) -> Summary:
    """The summary of ``recording``: each commitment once a group, in the order of the text."""
    mentions = recording.mentions.select_related("commitment", "paragraph").order_by(
        "paragraph__number", "pk"
    )
    registered_here = set(
        StatusChange.objects.filter(number=1, paragraph__source=recording.source)
        .order_by()
        .values_list("commitment", "paragraph")
    )
    new: list[Mention] = []
    by_kind: dict[str, list[Mention]] = {}
    for mention in mentions:
        if (mention.commitment_id, mention.paragraph_id) in registered_here:
            new.append(mention)
        else:
            by_kind.setdefault(mention.kind, []).append(mention)
    awaited = recording.visible.filter(outcome_meeting=recording.meeting, status__in=OPEN)
    return Summary(
        registered=_lines(new),
        groups=tuple(
            Group(kind.value, str(kind.label).capitalize(), _lines(by_kind[kind]))
            for kind in MentionKind
            if kind in by_kind
        ),
        aside=tuple(sorted(recording.aside)),
        undecided=tuple(recording.undecided),
        awaited=tuple(awaited.order_by("prefix", "year", "serial")),
    )


def _lines(mentions: Sequence[Mention]) -> tuple[Line, ...]:
    numbers: dict[int, list[int]] = {}
    commitments: dict[int, Commitment] = {}
    for mention in mentions:
        commitments[mention.commitment_id] = mention.commitment
        places = numbers.setdefault(mention.commitment_id, [])
        if mention.paragraph.number not in places:
            places.append(mention.paragraph.number)
    return tuple(Line(commitment, tuple(numbers[pk])) for pk, commitment in commitments.items())


def papers(visible: "CommitmentQuerySet", **where: Any) -> QuerySet[MeetingSource]:
    """Papers with a text, with ``total`` and ``decided`` paragraphs at their meetings; latest first."""
    own: QuerySet[Paragraph] = Paragraph.objects.filter(source=OuterRef("source")).order_by()
    meeting = OuterRef(OuterRef("meeting"))
    resting = Mention.objects.filter(
        paragraph=OuterRef("pk"), meeting=meeting, commitment__in=visible.order_by().values("pk")
    )
    aside = SetAside.objects.filter(paragraph=OuterRef("pk"), meeting=meeting)
    decided = own.filter(Exists(resting) | Exists(aside))
    return (
        MeetingSource.objects.filter(**where)
        .select_related("meeting", "source")
        .annotate(total=_counted(own), decided=_counted(decided))
        .filter(total__gt=0)
        .order_by("-pk")
    )


def unfinished(visible: "CommitmentQuerySet") -> QuerySet[MeetingSource]:
    """The texts with which somebody can go on: begun and not through, or recorded and not read yet.

    A paper that names a meeting in passing, and was read for another one, is not work left over.
    """
    used = Q(source__paragraphs__mentions__isnull=False) | Q(source__paragraphs__set_aside__isnull=False)
    read = MeetingSource.objects.filter(used, pk=OuterRef("pk"))
    left = papers(visible, meeting__status=MeetingStatus.HELD).filter(decided__lt=F("total"))
    return left.filter(Q(decided__gt=0) | ~Exists(read))[:RECENT]


def _counted(rows: QuerySet[Paragraph]) -> Coalesce:
    return Coalesce(Subquery(rows.values("source").annotate(n=Count("pk")).values("n")), 0)


def meetings_to_choose(words: str) -> list[Meeting]:
    """Meetings to record a text of, by ``words`` of title or place; without any, the latest and the next."""
    rows = Meeting.objects.select_related("mechanism")
    if words.strip():
        rows = rows.named_like(words)
    return list(rows.order_by(F("day").desc(nulls_last=True), "-pk")[:MEETINGS_SHOWN])


def people_known() -> QuerySet[Person]:
    """Those who sat at a meeting most lately, with the office and the country they had there."""
    last = Participation.objects.filter(person=OuterRef("pk")).order_by(
        F("meeting__day").desc(nulls_last=True), "-pk"
    )
    return Person.objects.annotate(
        last_office=Subquery(last.values("office")[:1]),
        last_code=Coalesce(Subquery(last.values("country__code")[:1]), "country__code"),
        last_seat=Subquery(last.values("pk")[:1]),
    ).order_by(F("last_seat").desc(nulls_last=True), "name")[:PEOPLE_KNOWN]
