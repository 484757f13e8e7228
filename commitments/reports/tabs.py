"""The figures that stand above the list, and its ready-made views."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import CommitmentQuerySet
from commitments.reports.panel import NOT_FILTERS, address

if TYPE_CHECKING:
    from accounts.models import User

A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Tab:
    """A ready-made view of the list."""

    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How many there are, by the groups that every page names first."""

    recorded: int
    open: int
    overdue: int
    requested: int
    review_due: int


def standing_of(rows: CommitmentQuerySet, filterset: CommitmentFilterSet) -> Standing:
    """The figures of ``rows`` (visible, not yet filtered) on the day of the filter set, in one query."""
    on = filterset.when.day
    at = rows.at(filterset.when)
    counted = at.aggregate(
        recorded=Count("pk"),
        open=Count("pk", filter=Q(status_then__in=OPEN)),
        requested=Count("pk", filter=Q(status_then=Status.REQUESTED)),
        review_due=Count("pk", filter=Q(status_then__in=OPEN, review_on_then__lte=on)),
    )
    return Standing(overdue=at.overdue(on).count(), **counted)


def tabs_of(
    filterset: CommitmentFilterSet, rows: CommitmentQuerySet, standing: Standing, path: str
) -> tuple[Tab, ...]:
    """The ready-made views for the user of ``filterset``, with what each would show."""
    user, when = filterset.user, filterset.when
    at = rows.at(when)
    views: list[tuple[str, dict[str, str], int | None]] = [
        (_("All"), {}, standing.recorded),
        (_("Open"), {"state": "open"}, standing.open),
        (_("Overdue"), {"overdue": "true"}, standing.overdue),
        (_("Due for review"), {"review_due": "true"}, standing.review_due),
        (_("Quiet for a year"), {"quiet_for": str(A_YEAR)}, at.quiet_for(A_YEAR, when.day).count()),
        (_("Asked, unanswered"), {"status": "requested"}, standing.requested),
        *_own_views(user, at, filterset),
    ]
    chosen = {name: values for name, values in filterset.active.items() if name not in NOT_FILTERS}
    return tuple(
        Tab(
            label,
            address(path, _query(filterset, query)),
            count,
            chosen == {name: [value] for name, value in query.items()},
        )
        for label, query, count in views
    )


def _own_views(
    user: "User", at: CommitmentQuerySet, filterset: CommitmentFilterSet
) -> Iterable[tuple[str, dict[str, str], int]]:
    if Role.REVIEWER in user.roles:
        yield _("Awaiting my decision"), {"awaiting": "me"}, at.awaiting(user, filterset.when).count()
    if Role.OFFICER in user.roles or Role.FOCAL_POINT in user.roles:
        mine = at.submitted_by(user, filterset.when).in_status(Status.UNDER_REVIEW)
        yield _("Submitted by me"), {"status": "under_review", "submitted_by": "me"}, mine.count()
    if user.agency is not None:
        led = at.open().assigned_to([user.agency.slug], none=False, lead_only=True)
        label = _("Led by %(agency)s") % {"agency": user.agency.short}
        yield label, {"state": "open", "lead_agency": user.agency.slug}, led.count()


def _query(filterset: CommitmentFilterSet, values: dict[str, str]) -> QueryDict:
    """``values`` as a query that keeps the day on which the list is judged."""
    query = QueryDict(mutable=True)
    query.update(values)
    if "as_of" in filterset.active:
        query["as_of"] = filterset.active["as_of"][0]
    return query
