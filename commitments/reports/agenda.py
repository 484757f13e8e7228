"""The agenda of a meeting to come: the open commitments between its countries, in groups."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from commitments.choices import PartyRole, Status
from commitments.models import CommitmentParty
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.presence_strip import Scale, countries_of, pairings_of, scale_for
from commitments.reports.row_relations import Side
from commitments.reports.rows import Rows, rows_of
from commitments.reports.tables import Table, fixed_columns, table_of
from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User
    from relations.querysets import MeetingQuerySet

OVERDUE, IN_PROGRESS = "overdue", "in_progress"
_STATUS_OF = {
    "awaiting": Status.UNDER_REVIEW,
    "stalled": Status.STALLED,
    "no_report": Status.AGREED,
    "requested": Status.REQUESTED,
    "reaffirm": Status.STANDING,
    IN_PROGRESS: Status.IN_PROGRESS,
}
"""The groups beside the overdue, in order, each with its status."""
_WORDS = {
    OVERDUE: (_("Overdue"), _("No commitments that you can see are overdue.")),
    "awaiting": (_("Awaiting decision"), _("No commitments that you can see await a decision.")),
    "stalled": (_("Stalled"), _("No commitments that you can see are stalled.")),
    "no_report": (
        _("No progress reported"),
        _("Progress has been reported on every agreed commitment that you can see."),
    ),
    "requested": (_("Requests awaiting an answer"), _("No requests that you can see await an answer.")),
    "reaffirm": (
        _("To reaffirm"),
        _("No standing commitments that you can see are recorded between these countries."),
    ),
    IN_PROGRESS: (
        _("In progress"),
        _("No commitments that you can see are in progress and not overdue."),
    ),
}
"""The heading of each group, and the sentence if it is empty."""
_FIRST_COLUMNS = fixed_columns("reference", "title", "obligated", "presence")
_WITH_DEADLINE = (*_FIRST_COLUMNS, *fixed_columns("deadline", deadline="w-why"))
_WITH_NEWS = (*_FIRST_COLUMNS, *fixed_columns("last_activity_on", last_activity_on="w-why"))
GROUP_ROWS, WHOLE_GROUP_ROWS = 12, 500
"""Rows of one group among the others, and of a group that is shown alone."""


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Open commitments between the countries of a meeting that need the same attention."""

    key: str
    label: str
    empty: str
    count: int
    rows: Rows

    @property
    def table(self) -> Table:
        """The rows as the page shows them."""
        return table_of(self.rows, _WITH_DEADLINE if self.key == OVERDUE else _WITH_NEWS)

    @property
    def rest(self) -> int:
        """How many commitments of the group are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda. ``open`` counts the open commitments.

    ``in_progress`` counts those in a group that is only shown alone: nothing about them needs attention.
    """

    groups: tuple[AgendaGroup, ...]
    open: int
    in_progress: int
    countries: tuple[str, ...]
    scale: Scale

    @property
    def sides(self) -> tuple[Side, ...]:
        """The countries that have a column in any group, for the legend."""
        return tuple({side.code: side for group in self.groups for side in group.rows.countries}.values())


def between(rows: CommitmentQuerySet, codes: Collection[str]) -> CommitmentQuerySet:
    """Commitments whose parties are all among ``codes``, or whose parties include all of ``codes``."""
    parties = CommitmentParty.objects.filter(commitment=OuterRef("pk"), role=PartyRole.PARTY)
    has_other_party = Exists(parties.exclude(country__code__in=codes))
    has_all = Q()
    for code in codes:
        has_all &= Q(Exists(parties.filter(country__code=code)))
    return rows.filter(~Q(has_other_party) | has_all)


def groups_of(rows: CommitmentQuerySet, as_of: AsOf) -> dict[str, CommitmentQuerySet]:
    """``rows``, which are open, by what they need: each in one group, the most pressing first."""
    rest = rows.overdue(as_of.day, value=False)
    found = {OVERDUE: rows.overdue(as_of.day)}
    found |= {key: rest.in_status(status) for key, status in _STATUS_OF.items()}
    order = {OVERDUE: "latest_then"}
    return {
        key: each.with_last_activity(as_of).by_reference(
            F(order.get(key, "last_activity_on")).asc(nulls_last=True)
        )
        for key, each in found.items()
    }


def is_to_come(meeting: Meeting, today: dt.date) -> bool:
    """Whether the meeting was still to come on the day ``today``."""
    if meeting.status in MEETINGS_TO_COME:
        return True
    return meeting.status == MeetingStatus.HELD and meeting.day is not None and meeting.day > today


def previous_session(meeting: Meeting, reader: "User", today: dt.date) -> Meeting | None:
    """The last session of the same mechanism before ``meeting`` that was held by the day ``today``.

    Only sessions that ``reader`` may see count.
    """
    if meeting.mechanism_id is None:
        return None
    seen: MeetingQuerySet = Meeting.objects.visible_to(reader)
    sessions = seen.held().filter(mechanism=meeting.mechanism_id, day__lte=today)
    sessions = sessions.exclude(pk=meeting.pk)
    if meeting.session is not None:
        sessions = sessions.filter(session__lt=meeting.session)
    return sessions.order_by("-day", "-pk").first()


def agenda_of(
    meeting: Meeting, visible: CommitmentQuerySet, as_of: AsOf, *, whole: str = ""
) -> Agenda | None:
    """The agenda of ``meeting``, or ``None`` where none of its countries is known.

    ``whole`` is the key of the only group to return, with more rows.
    """
    codes = sorted(countries_of(meeting))
    if not codes:
        return None
    rows = between(visible, codes).at(as_of).open()
    parts = groups_of(rows, as_of)
    scale = scale_for(visible, as_of, pairings_of(rows))

    def group(key: str, label: str, empty: str) -> AgendaGroup:
        shown = parts[key].with_list_fields()[: WHOLE_GROUP_ROWS if whole else GROUP_ROWS]
        return AgendaGroup(key, label, empty, parts[key].count(), rows_of(shown, visible, as_of, scale=scale))

    groups = tuple(
        group(key, str(label), str(empty))
        for key, (label, empty) in _WORDS.items()
        if whole == key or (not whole and key != IN_PROGRESS)
    )
    return Agenda(
        groups,
        open=rows.count(),
        in_progress=parts[IN_PROGRESS].count(),
        countries=tuple(codes),
        scale=scale,
    )


AGENDA_KEYS = frozenset(_WORDS)
