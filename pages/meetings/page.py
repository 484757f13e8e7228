"""The page of a meeting: the commitments mentioned there and, before a meeting to come, what to raise."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.choices import MentionKind
from commitments.models import Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.agenda import Agenda, agenda_of, is_to_come, previous_session
from commitments.reports.links import CommitmentLink, commitment_link
from pages.meetings.window_chart import WindowChart, window_chart
from relations.models import Meeting
from relations.querysets import MeetingQuerySet

if TYPE_CHECKING:
    from accounts.models import User

KINDS = (
    (MentionKind.MADE, gettext_lazy("New commitments")),
    (MentionKind.REAFFIRMED, pgettext_lazy("kind of mention", "Reaffirmed")),
    (MentionKind.REQUESTED, pgettext_lazy("kind of mention", "Requested")),
    (MentionKind.PROGRESS, pgettext_lazy("kind of mention", "Progress reported")),
    (MentionKind.FULFILLED, pgettext_lazy("kind of mention", "Fulfilled")),
)


@dataclass(frozen=True, slots=True)
class MentionGroup:
    """The commitments with one kind of mention at a meeting, each once."""

    key: str
    label: str
    commitments: tuple[CommitmentLink, ...]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The content of the page of one meeting. ``closes_in`` counts days, for a meeting to come."""

    meeting: Meeting
    to_come: bool
    mentions: tuple[MentionGroup, ...]
    agenda: Agenda | None
    window: WindowChart | None
    previous: Meeting | None
    previous_mentions: tuple[MentionGroup, ...]
    sessions: tuple[Meeting, ...]
    planned_commitments: tuple[CommitmentLink, ...]
    closes_in: int | None


def mentions_at(meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf) -> tuple[MentionGroup, ...]:
    """The commitments mentioned at ``meeting``, by kind of mention, without empty kinds."""
    rows = visible.at(as_of).mentioned(as_of, meeting=meeting.pk).by_reference()
    links = {commitment.pk: commitment_link(commitment, as_of) for commitment in rows}
    kinds: dict[str, set[int]] = {}
    for pk, kind in Mention.objects.filter(meeting=meeting).values_list("commitment", "kind"):
        kinds.setdefault(kind, set()).add(pk)
    groups = [
        MentionGroup(
            kind.value, str(label), tuple(link for pk, link in links.items() if pk in kinds.get(kind, ()))
        )
        for kind, label in KINDS
    ]
    return tuple(group for group in groups if group.commitments)


def with_mention_counts(meetings: MeetingQuerySet, visible: CommitmentQuerySet) -> MeetingQuerySet:
    """Annotate ``has_text``, and ``mentioned``: how many ``visible`` commitments each meeting mentioned."""
    return meetings.with_has_text().annotate(
        mentioned=Count(
            "mentions__commitment",
            filter=Q(mentions__is_in_error=False, mentions__commitment__in=visible.order_by().values("pk")),
            distinct=True,
        )
    )


def meeting_page(
    meeting: Meeting, user: "User", visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = ""
) -> MeetingPage:
    """The page of ``meeting`` with what ``user`` can see.

    ``whole`` is the key of the only group of the agenda to show.
    """
    to_come = is_to_come(meeting, as_of.day)
    seen: MeetingQuerySet = Meeting.objects.visible_to(user)
    previous = previous_session(meeting, user, as_of.day) if to_come else None
    others = seen.none()
    if meeting.mechanism_id:
        others = seen.filter(mechanism=meeting.mechanism_id).exclude(pk=meeting.pk)
    closes_on = meeting.ends_on or meeting.starts_on or meeting.window_latest
    planned = visible.at(as_of).filter(outcome_meeting=meeting).by_reference()
    return MeetingPage(
        meeting=meeting,
        to_come=to_come,
        mentions=mentions_at(meeting, visible, as_of),
        agenda=agenda_of(meeting, visible, as_of, whole=whole) if to_come else None,
        window=window_chart(meeting, as_of.day) if to_come else None,
        previous=previous,
        previous_mentions=mentions_at(previous, visible, as_of) if previous else (),
        sessions=tuple(others.order_by("-day", "-pk")[:12]),
        planned_commitments=tuple(commitment_link(each, as_of) for each in planned),
        closes_in=(closes_on - as_of.day).days if to_come and closes_on else None,
    )
