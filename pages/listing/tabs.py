"""The figures above the list, and its ready-made views."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.choices import Role
from commitments.choices import OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.attention import QUIET_DAYS
from commitments.reports.columns import PARAMETER
from commitments.status_counts import StatusCounts
from core.large_tables import Counted, numbers_of
from pages.listing.filter_panel import address
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Tab:
    """A ready-made view of the list. ``more`` tells that there are more rows than ``count``."""

    label: str
    url: str
    count: int | None
    current: bool
    more: bool = False


@dataclass(frozen=True, slots=True)
class ListSummary:
    """Numbers of commitments, by the groups that every page names first; ``…_url`` are their lists."""

    recorded: int
    recorded_url: str
    open: int
    open_url: str
    overdue: int
    overdue_url: str
    requested: int
    review_due: int


def list_summary(
    status_counts: StatusCounts, filterset: CommitmentFilterSet, path: str, *, filtered: bool
) -> ListSummary:
    """The figures from ``status_counts``. The addresses keep the filters if the figures are ``filtered``."""
    counts, on = status_counts.by("status_then"), filterset.when.day
    kept = filterset.conditions if filtered else {}

    def url(values: dict[str, str]) -> str:
        query = _query(filterset, {})
        for name, given in kept.items():
            query.setlist(name, given)
        for name, value in values.items():
            query[name] = value
        return address(path, query)

    return ListSummary(
        recorded=sum(counts.values()),
        recorded_url=url({}),
        open=sum(n for status, n in counts.items() if status in OPEN),
        open_url=url({"state": "open"}),
        overdue=status_counts.overdue(on),
        overdue_url=url({"overdue": "true"}),
        requested=counts.get(Status.REQUESTED, 0),
        review_due=status_counts.review_due(on),
    )


_View = tuple[str, dict[str, str], QuerySet[Any] | int]
"""Label, parameters, and the rows to count, or their number if it is known.

For the commitments without news these are the rows with news: the others follow from what is open.
"""


def tabs_of(
    filterset: CommitmentFilterSet, rows: CommitmentQuerySet, status_counts: StatusCounts | None, path: str
) -> tuple[Tab, ...]:
    """The ready-made views for the user of ``filterset``; with counts if ``status_counts`` are known."""
    user, when = filterset.user, filterset.when
    at, on = rows.at(when), when.day
    summary = list_summary(status_counts, filterset, path, filtered=False) if status_counts else None
    views: list[_View] = [
        (pgettext("view", "All"), {}, summary.recorded if summary else 0),
        (pgettext("view", "Open"), {"state": "open"}, summary.open if summary else 0),
        (_("Overdue"), {"overdue": "true"}, summary.overdue if summary else 0),
        *_own_views(user, at, filterset),
        *_session_views(user, status_counts, when),
        (_("Due for review"), {"review_due": "true"}, summary.review_due if summary else 0),
        (
            ngettext("No news for %(days)d day", "No news for %(days)d days", QUIET_DAYS)
            % {"days": QUIET_DAYS},
            {"quiet_for": str(QUIET_DAYS)},
            at.with_activity_within(QUIET_DAYS, on).order_by().values("pk"),
        ),
        (_("Requests awaiting an answer"), {"status": "requested"}, summary.requested if summary else 0),
        (
            _("No lead agency"),
            {"state": "open", "lead_agency": "none"},
            _led_by(at, [], none=True).to_count(),
        ),
    ]
    counts = _counts(views, summary) if summary else {}
    active = filterset.conditions
    tabs = []
    for n, (label, query, _rows) in enumerate(views):
        count, more = counts.get(n, (None, False))
        current = active == {name: [value] for name, value in query.items()}
        if "officer" in query and count == 0 and not current:
            continue  # a desk that puts nobody in charge needs no view that is always empty
        tabs.append(Tab(label, address(path, _query(filterset, query)), count, current, more))
    return tuple(tabs)


def _counts(views: Sequence[_View], summary: ListSummary) -> dict[int, Counted]:
    """The number of rows of each of ``views``, by its place. Those that are not known are counted at once."""
    unknown = {n: rows for n, (_label, _query, rows) in enumerate(views) if not isinstance(rows, int)}
    found = dict(zip(unknown, numbers_of(*unknown.values()), strict=True))
    counts = {}
    for n, (_label, query, rows) in enumerate(views):
        if isinstance(rows, int):
            counts[n] = Counted(rows)
        elif "quiet_for" in query:
            counts[n] = Counted(summary.open - found[n])
        else:
            counts[n] = Counted.of(found[n])
    return counts


def _led_by(at: CommitmentQuerySet, slugs: list[str], *, none: bool) -> CommitmentQuerySet:
    return at.open().assigned_to(slugs, none=none, lead_only=True)


def _own_views(user: "User", at: CommitmentQuerySet, filterset: CommitmentFilterSet) -> Iterable[_View]:
    if Role.REVIEWER in user.roles:
        yield _("Awaiting your decision"), {"awaiting": "me"}, at.awaiting(user, filterset.when).to_count()
    if Role.OFFICER in user.roles:
        in_charge = at.open().filter(officer=user.pk)
        yield _("In your charge"), {"state": "open", "officer": "me"}, in_charge.to_count()
    if Role.OFFICER in user.roles or Role.FOCAL_POINT in user.roles:
        submitted = at.submitted_by(user, filterset.when)
        yield _("Submitted by you"), {"submitted_by": "me"}, submitted.to_count()
    if user.agency is not None:
        led = _led_by(at, [user.agency.slug], none=False).to_count()
        label = _("Led by %(agency)s") % {"agency": user.agency.short}
        yield label, {"state": "open", "lead_agency": user.agency.slug}, led


def _session_views(user: "User", status_counts: StatusCounts | None, when: AsOf) -> Iterable[_View]:
    """What is due before the next session that closes. The filter panel offers this for every mechanism."""
    to_come = (
        Meeting.objects.visible_to(user)
        .to_come(when.day)
        .filter(mechanism__isnull=False, closes_on__gte=when.day)
    )
    if session := to_come.values_list("mechanism__slug", "closes_on").first():
        slug, closes_on = session
        due = status_counts.due_between(None, closes_on) if status_counts else 0
        yield _("Due before the next session"), {"due_before_session": slug}, due


def _query(filterset: CommitmentFilterSet, values: dict[str, str]) -> QueryDict:
    """``values`` as a query, with the ``as_of`` and the columns of the current list."""
    query = QueryDict(mutable=True)
    query.update(values)
    if columns := filterset.data.getlist(PARAMETER):
        query.setlist(PARAMETER, columns)
    if "as_of" in filterset.active:
        query["as_of"] = filterset.active["as_of"][0]
    return query
