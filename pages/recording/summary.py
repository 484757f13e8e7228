"""What came of recording: the papers on the desk, and the summary of one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.choices import OPEN, MentionKind
from commitments.models import Commitment, Mention, SetAside, StatusChange
from pages.recording.text import Recording
from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Paragraph, Participation, Person, Source

if TYPE_CHECKING:
    from commitments.querysets import CommitmentQuerySet

RECENT, MEETINGS_SHOWN, PEOPLE_KNOWN = 6, 12, 300
LOOKED_THROUGH = 30
"""The latest texts, among which those that are not read to the end are looked for."""


@dataclass(frozen=True, slots=True)
class UnfinishedText:
    """A text on a meeting, and how many of its paragraphs are decided."""

    meeting: Meeting
    source: Source
    total: int
    decided: int


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One commitment on the summary, and the paragraphs that speak of it."""

    commitment: Commitment
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """What was recorded in one way."""

    key: str
    label: str
    lines: tuple[SummaryLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was made, mentioned and left aside; ``awaited``: open commitments the meeting was to fulfil."""

    registered: tuple[SummaryLine, ...]
    groups: tuple[SummaryGroup, ...]
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
            SummaryGroup(kind.value, str(kind.label).capitalize(), _lines(by_kind[kind]))
            for kind in MentionKind
            if kind in by_kind
        ),
        aside=tuple(sorted(recording.aside)),
        undecided=tuple(recording.undecided),
        awaited=tuple(awaited.order_by("prefix", "year", "serial")),
    )


def _lines(mentions: Sequence[Mention]) -> tuple[SummaryLine, ...]:
    numbers: dict[int, list[int]] = {}
    commitments: dict[int, Commitment] = {}
    for mention in mentions:
        commitments[mention.commitment_id] = mention.commitment
        places = numbers.setdefault(mention.commitment_id, [])
        if mention.paragraph.number not in places:
            places.append(mention.paragraph.number)
    return tuple(SummaryLine(commitment, tuple(numbers[pk])) for pk, commitment in commitments.items())


def unfinished_texts(meeting: Meeting, visible: "CommitmentQuerySet") -> list[UnfinishedText]:
    """The papers with a text on ``meeting``, the latest first."""
    return _papers(_with_text().filter(meeting=meeting), visible)


def unfinished(visible: "CommitmentQuerySet") -> list[UnfinishedText]:
    """The texts with which somebody can go on: begun and not through, or recorded and not read yet.

    A paper that names a meeting in passing, and was read for another one, is not work left over.
    """
    latest = _with_text().filter(meeting__status=MeetingStatus.HELD)[:LOOKED_THROUGH]
    left = [paper for paper in _papers(latest, visible) if paper.decided < paper.total]
    unread = {paper.source.pk for paper in left if not paper.decided}
    used = Q(mentions__isnull=False) | Q(set_aside__isnull=False)
    read = set(Paragraph.objects.filter(used, source__in=unread).values_list("source", flat=True))
    return [paper for paper in left if paper.decided or paper.source.pk not in read][:RECENT]


def _with_text() -> QuerySet[MeetingSource]:
    links = MeetingSource.objects.select_related("meeting", "source").defer("source__text")
    return links.exclude(source__sha256="").order_by("-pk")


def _papers(links: QuerySet[MeetingSource], visible: "CommitmentQuerySet") -> list[UnfinishedText]:
    found = list(links)
    sources = [link.source_id for link in found]
    own = Paragraph.objects.filter(source__in=sources).order_by().values_list("source")
    totals = dict(own.annotate(n=Count("pk")))
    key = ("meeting", "paragraph__source", "paragraph")
    said = Mention.objects.filter(
        paragraph__source__in=sources, commitment__in=visible.order_by().values("pk")
    )
    aside = SetAside.objects.filter(paragraph__source__in=sources)
    decided = Counter(
        (meeting, source)
        for meeting, source, _paragraph in {
            *said.order_by().values_list(*key),
            *aside.order_by().values_list(*key),
        }
    )
    return [
        UnfinishedText(
            link.meeting, link.source, totals[link.source_id], decided[link.meeting_id, link.source_id]
        )
        for link in found
        if totals.get(link.source_id)
    ]


def meetings_to_choose(words: str) -> tuple[list[Meeting], bool]:
    """Meetings to record a text of, by ``words`` of title or place, else the latest and the next.

    Beside them, whether there are more than can be shown.
    """
    rows = Meeting.objects.select_related("mechanism")
    if words.strip():
        rows = rows.named_like(words)
    found = list(rows.order_by(F("day").desc(nulls_last=True), "-pk")[: MEETINGS_SHOWN + 1])
    return found[:MEETINGS_SHOWN], len(found) > MEETINGS_SHOWN


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
