"""What was made, reaffirmed, requested and reported at a meeting."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.agenda import Agenda, agenda_of
from commitments.reports.links import CommitmentLink, commitment_link
from pages.meetings.window_chart import WindowChart, window_chart
from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.models import Meeting
from relations.querysets import MeetingQuerySet

KINDS = (
    (MentionKind.MADE, _("Made there")),
    (MentionKind.REAFFIRMED, _("Reaffirmed")),
    (MentionKind.REQUESTED, _("Requested")),
    (MentionKind.PROGRESS, _("Progress reported")),
    (MentionKind.FULFILLED, _("Fulfilled")),
)


@dataclass(frozen=True, slots=True)
class MentionRow:
    """What was done there with one kind of mention: each commitment once."""

    key: str
    label: str
    commitments: tuple[CommitmentLink, ...]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything the page of one meeting says."""

    meeting: Meeting
    to_come: bool
    spoken: tuple[MentionRow, ...]
    agenda: Agenda | None
    window: WindowChart | None
    before: Meeting | None
    left_behind: tuple[MentionRow, ...]
    sessions: tuple[Meeting, ...]
    brings_about: tuple[CommitmentLink, ...]
    closes_in: int | None


def spoken_at(meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf) -> tuple[MentionRow, ...]:
    """What was made, reaffirmed, requested and reported at ``meeting``; only kinds that occurred."""
    rows = visible.at(as_of).mentioned(as_of, meeting=meeting.pk).order_by("prefix", "year", "serial")
    lines = {commitment.pk: commitment_link(commitment, as_of) for commitment in rows}
    kinds: dict[str, set[int]] = {}
    for pk, kind in Mention.objects.filter(meeting=meeting).values_list("commitment", "kind"):
        kinds.setdefault(kind, set()).add(pk)
    groups = [
        MentionRow(
            kind.value, str(label), tuple(line for pk, line in lines.items() if pk in kinds.get(kind, ()))
        )
        for kind, label in KINDS
    ]
    return tuple(group for group in groups if group.commitments)


def with_spoken_counts(meetings: MeetingQuerySet, visible: CommitmentQuerySet) -> MeetingQuerySet:
    """Annotate ``spoken_of``: how many commitments that may be seen were spoken of."""
    return meetings.annotate(
        spoken_of=Count(
            "mentions__commitment",
            filter=Q(mentions__commitment__in=visible.order_by().values("pk")),
            distinct=True,
        )
    )


def is_to_come(meeting: Meeting, today: dt.date) -> bool:
    """Whether the meeting is still expected."""
    if meeting.status in MEETINGS_TO_COME:
        return True
    return meeting.status == MeetingStatus.HELD and meeting.day is not None and meeting.day > today


def session_before(meeting: Meeting, today: dt.date) -> Meeting | None:
    """The last session of the same mechanism that was held before this one, by ``today``."""
    if meeting.mechanism_id is None:
        return None
    sessions = Meeting.objects.held().filter(mechanism=meeting.mechanism_id, day__lte=today)
    sessions = sessions.exclude(pk=meeting.pk)
    if meeting.session is not None:
        sessions = sessions.filter(session__lt=meeting.session)
    return sessions.order_by("-day", "-pk").first()


def meeting_page(
    meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = ""
) -> MeetingPage:
    """What was done at ``meeting``; for one to come, what to raise and what the last one left behind."""
    to_come = is_to_come(meeting, as_of.day)
    before = session_before(meeting, as_of.day) if to_come else None
    others = Meeting.objects.none()
    if meeting.mechanism_id:
        others = Meeting.objects.filter(mechanism=meeting.mechanism_id).exclude(pk=meeting.pk)
    closes_on = meeting.ends_on or meeting.starts_on or meeting.window_latest
    brings_about = visible.at(as_of).filter(outcome_meeting=meeting).order_by("prefix", "year", "serial")
    return MeetingPage(
        meeting=meeting,
        to_come=to_come,
        spoken=spoken_at(meeting, visible, as_of),
        agenda=agenda_of(meeting, visible, as_of, whole=whole) if to_come else None,
        window=window_chart(meeting, as_of.day) if to_come else None,
        before=before,
        left_behind=spoken_at(before, visible, as_of) if before else (),
        sessions=tuple(others.order_by("-day", "-pk")[:12]),
        brings_about=tuple(commitment_link(each, as_of) for each in brings_about),
        closes_in=(closes_on - as_of.day).days if to_come and closes_on else None,
    )
