"""The figures that stand above the list, and its ready-made views."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.columns import PARAMETER
from commitments.status_counts import StatusCounts
from core.pagination import ENOUGH
from pages.listing.filter_panel import NOT_FILTERS, address
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User

A_QUARTER = 90
"""Days without a word after which the list calls a commitment quiet."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A ready-made view of the list; there are ``more`` where the counting was stopped."""

    label: str
    url: str
    count: int | None
    current: bool
    more: bool = False


@dataclass(frozen=True, slots=True)
class ListSummary:
    """How many there are, by the groups that every page names first."""

    recorded: int
    open: int
    overdue: int
    requested: int
    review_due: int


def list_summary(tally: StatusCounts, on: dt.date) -> ListSummary:
    """The figures of those that ``tally`` counted, on the day ``on``."""
    counts = tally.by("status_then")
    return ListSummary(
        recorded=sum(counts.values()),
        open=sum(n for status, n in counts.items() if status in OPEN),
        overdue=tally.overdue(on),
        requested=counts.get(Status.REQUESTED, 0),
        review_due=tally.review_due(on),
    )


_View = tuple[str, dict[str, str], Callable[[], CommitmentQuerySet] | int]
"""Label, parameters, and what is shown: the way to the rows that are counted, or their number if known."""


def tabs_of(
    filterset: CommitmentFilterSet, rows: CommitmentQuerySet, tally: StatusCounts | None, path: str
) -> tuple[Tab, ...]:
    """The ready-made views for the user of ``filterset``, counted where their ``tally`` is known."""
    user, when = filterset.user, filterset.when
    at, on = rows.at(when), when.day
    standing = list_summary(tally, on) if tally else None
    views: list[_View] = [
        (_("All"), {}, standing.recorded if standing else 0),
        (_("Open"), {"state": "open"}, standing.open if standing else 0),
        (_("Overdue"), {"overdue": "true"}, standing.overdue if standing else 0),
        *_own_views(user, at, filterset),
        *_session_views(tally, when),
        (_("Due for review"), {"review_due": "true"}, standing.review_due if standing else 0),
        (
            _("Quiet for %(days)d days") % {"days": A_QUARTER},
            {"quiet_for": str(A_QUARTER)},
            standing.open - at.heard_of_within(A_QUARTER, on).count() if standing else 0,
        ),
        (_("Requested and unanswered"), {"status": "requested"}, standing.requested if standing else 0),
        (_("No lead agency"), {"state": "open", "lead_agency": "none"}, partial(_led_by, at, [], none=True)),
    ]
    chosen = {name: values for name, values in filterset.active.items() if name not in NOT_FILTERS}
    tabs = []
    for label, query, shown in views:
        count, more = _counted(shown) if standing else (None, False)
        current = chosen == {name: [value] for name, value in query.items()}
        tabs.append(Tab(label, address(path, _query(filterset, query)), count, current, more))
    return tuple(tabs)


def _counted(shown: Callable[[], CommitmentQuerySet] | int) -> tuple[int, bool]:
    """How many, and whether there are more."""
    if isinstance(shown, int):
        return shown, False
    found = shown().count_up_to(ENOUGH + 1)
    return min(found, ENOUGH), found > ENOUGH


def _led_by(at: CommitmentQuerySet, slugs: list[str], *, none: bool) -> CommitmentQuerySet:
    return at.open().assigned_to(slugs, none=none, lead_only=True)


def _own_views(user: "User", at: CommitmentQuerySet, filterset: CommitmentFilterSet) -> Iterable[_View]:
    if Role.REVIEWER in user.roles:
        yield _("Awaiting my decision"), {"awaiting": "me"}, partial(at.awaiting, user, filterset.when)
    if Role.OFFICER in user.roles or Role.FOCAL_POINT in user.roles:
        yield _("Reported by me"), {"submitted_by": "me"}, partial(at.submitted_by, user, filterset.when)
    if user.agency is not None:
        led = partial(_led_by, at, [user.agency.slug], none=False)
        label = _("Led by %(agency)s") % {"agency": user.agency.short}
        yield label, {"state": "open", "lead_agency": user.agency.slug}, led


def _session_views(tally: StatusCounts | None, when: AsOf) -> Iterable[_View]:
    """What is due before the session that closes next; the filter panel asks the same of any mechanism."""
    to_come = Meeting.objects.to_come(when.day).filter(mechanism__isnull=False, closes_on__gte=when.day)
    if session := to_come.values_list("mechanism__slug", "closes_on").first():
        slug, closes_on = session
        due = tally.due_between(None, closes_on) if tally else 0
        yield _("Due before the next session"), {"due_before_session": slug}, due


def _query(filterset: CommitmentFilterSet, values: dict[str, str]) -> QueryDict:
    """``values`` as a query that keeps the day on which the list is judged, and its columns."""
    query = QueryDict(mutable=True)
    query.update(values)
    if columns := filterset.data.getlist(PARAMETER):
        query.setlist(PARAMETER, columns)
    if "as_of" in filterset.active:
        query["as_of"] = filterset.active["as_of"][0]
    return query
