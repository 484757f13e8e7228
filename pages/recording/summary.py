"""The summary of one recorded text, the unfinished texts, and the meetings and people to choose from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from commitments.choices import OPEN, MentionKind
from commitments.models import Commitment, Mention, SetAside, StatusChange
from pages.recording.text import Recording
from relations.choices import MeetingStatus, ParagraphRole
from relations.models import Meeting, MeetingSource, Paragraph, Participation, Person, Source

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import CommitmentQuerySet

UNFINISHED_SHOWN, MEETINGS_SHOWN, PEOPLE_SUGGESTED = 6, 12, 300
TEXTS_CHECKED = 30
"""Unfinished texts are searched for among this many latest texts."""


@dataclass(frozen=True, slots=True)
class TextProgress:
    """A text of a meeting, and how many of its paragraphs are decided."""

    meeting: Meeting
    source: Source
    total: int
    decided: int


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One commitment of the summary, and what the paragraphs that mention it are cited by."""

    commitment: Commitment
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """The commitments with one kind of mention."""

    key: str
    label: str
    lines: tuple[SummaryLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The decisions on a text. ``planned`` holds open commitments that the meeting was planned to fulfil."""

    registered: tuple[SummaryLine, ...]
    groups: tuple[SummaryGroup, ...]
    set_aside: tuple[int, ...]
    undecided: tuple[int, ...]
    planned: tuple[Commitment, ...]


def summary_of(recording: Recording) -> Summary:
    """The summary of ``recording``. Each commitment stands once in a group, in the order of the text."""
    mentions = recording.mentions.select_related("commitment", "paragraph").order_by(
        "paragraph__number", "pk"
    )
    registrations = set(
        StatusChange.objects.filter(number=1, paragraph__source=recording.source)
        .order_by()
        .values_list("commitment", "paragraph")
    )
    new: list[Mention] = []
    by_kind: dict[str, list[Mention]] = {}
    for mention in mentions:
        if (mention.commitment_id, mention.paragraph_id) in registrations:
            new.append(mention)
        else:
            by_kind.setdefault(mention.kind, []).append(mention)
    planned = recording.visible.filter(outcome_meeting=recording.meeting, status__in=OPEN)
    return Summary(
        registered=_lines(new),
        groups=tuple(
            SummaryGroup(kind.value, str(capfirst(kind.label)), _lines(by_kind[kind]))
            for kind in MentionKind
            if kind in by_kind
        ),
        set_aside=tuple(sorted(recording.set_aside)),
        undecided=tuple(recording.undecided),
        planned=tuple(planned.by_reference()),
    )


def _lines(mentions: Sequence[Mention]) -> tuple[SummaryLine, ...]:
    numbers: dict[int, list[str]] = {}
    commitments: dict[int, Commitment] = {}
    for mention in mentions:
        commitments[mention.commitment_id] = mention.commitment
        found = numbers.setdefault(mention.commitment_id, [])
        if mention.paragraph.citation not in found:
            found.append(mention.paragraph.citation)
    return tuple(SummaryLine(commitment, tuple(numbers[pk])) for pk, commitment in commitments.items())


def recorded_texts(meeting: Meeting, user: "User", visible: "CommitmentQuerySet") -> list[TextProgress]:
    """The texts recorded for ``meeting``, the latest first."""
    return _progress_of(_with_text(user).filter(meeting=meeting), visible)


def unfinished_texts(user: "User", visible: "CommitmentQuerySet") -> list[TextProgress]:
    """Texts with undecided paragraphs, the latest first.

    A text without any decision for a meeting is left out when it has decisions for another meeting.
    """
    latest = _with_text(user).filter(meeting__status=MeetingStatus.HELD)[:TEXTS_CHECKED]
    unfinished = [text for text in _progress_of(latest, visible) if text.decided < text.total]
    not_begun = {text.source.pk for text in unfinished if not text.decided}
    is_decided = Q(mentions__is_in_error=False) | Q(set_aside__isnull=False)
    begun = set(Paragraph.objects.filter(is_decided, source__in=not_begun).values_list("source", flat=True))
    return [text for text in unfinished if text.decided or text.source.pk not in begun][:UNFINISHED_SHOWN]


def _with_text(user: "User") -> QuerySet[MeetingSource]:
    seen = {
        "meeting__in": Meeting.objects.visible_to(user).order_by().values("pk"),
        "source__in": Source.objects.visible_to(user).order_by().values("pk"),
    }
    links = MeetingSource.objects.filter(**seen).select_related("meeting", "source").defer("source__text")
    return links.exclude(source__sha256="").order_by("-pk")


def _progress_of(links: QuerySet[MeetingSource], visible: "CommitmentQuerySet") -> list[TextProgress]:
    rows = list(links)
    sources = [link.source_id for link in rows]
    own = Paragraph.objects.filter(source__in=sources, role=ParagraphRole.PARAGRAPH)
    totals = dict(own.order_by().values_list("source").annotate(n=Count("pk")))
    key = ("meeting", "paragraph__source", "paragraph")
    of_texts = {"paragraph__source__in": sources, "paragraph__role": ParagraphRole.PARAGRAPH}
    mentions = Mention.objects.filter(**of_texts, commitment__in=visible.order_by().values("pk"))
    set_aside = SetAside.objects.filter(**of_texts)
    decided = Counter(
        (meeting, source)
        for meeting, source, _paragraph in {
            *mentions.order_by().values_list(*key),
            *set_aside.order_by().values_list(*key),
        }
    )
    return [
        TextProgress(
            link.meeting, link.source, totals[link.source_id], decided[link.meeting_id, link.source_id]
        )
        for link in rows
        if totals.get(link.source_id)
    ]


def meetings_to_choose(user: "User", words: str) -> tuple[list[Meeting], bool]:
    """Meetings whose title or place has all ``words``, or the latest ones; and whether there are more."""
    rows = Meeting.objects.visible_to(user).select_related("mechanism")
    if words.strip():
        rows = rows.named_like(words)
    found = list(rows.order_by(F("day").desc(nulls_last=True), "-pk")[: MEETINGS_SHOWN + 1])
    return found[:MEETINGS_SHOWN], len(found) > MEETINGS_SHOWN


def recent_participants(user: "User") -> QuerySet[Person]:
    """The most recent participants of meetings, with the position and the country they had there last."""
    seen = Meeting.objects.visible_to(user).order_by().values("pk")
    last = Participation.objects.filter(person=OuterRef("pk"), meeting__in=seen).order_by(
        F("meeting__day").desc(nulls_last=True), "-pk"
    )
    return Person.objects.annotate(
        last_office=Subquery(last.values("office")[:1]),
        last_code=Coalesce(Subquery(last.values("country__code")[:1]), "country__code"),
        last_participation=Subquery(last.values("pk")[:1]),
    ).order_by(F("last_participation").desc(nulls_last=True), "sort_key")[:PEOPLE_SUGGESTED]
