"""An agency: what it is charged with, what of it is late, due or quiet, and who reports for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from commitments.choices import AssignmentRole, State
from commitments.models import Assignment, Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url
from commitments.reports.sections import (
    A_YEAR,
    LATEST_DAY,
    LONGEST_QUIET,
    SOON,
    Section,
    SectionContext,
    days_after,
)
from relations.models import Agency


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """Somebody who reports for the agency, and for how many commitments by name."""

    name: str
    named_for: int


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """Everything the page of one agency says; ``leads`` and ``supports`` are open."""

    agency: Agency
    leads: int
    supports: int
    leads_url: str
    late: int
    sections: tuple[Section, ...]
    focal_points: tuple[FocalPoint, ...] | None
    frame: SectionContext


def agency_page(agency: Agency, user: User, as_of: AsOf) -> AgencyPage:
    """The page of ``agency``, on the day, with what ``user`` may see; focal points are named to staff."""
    visible = Commitment.objects.visible_to(user)
    held = visible.at(as_of).assigned_to([agency.slug], none=False, lead_only=False)
    leads = Exists(
        Assignment.objects.filter(commitment=OuterRef("pk"), agency=agency, role=AssignmentRole.LEAD)
    )
    frame = SectionContext.around(visible, as_of, held)
    sections = tuple(_sections(agency, held, leads, frame))
    leading = held.open().filter(leads).count()
    by_key = {section.key: section.count for section in sections}
    return AgencyPage(
        agency=agency,
        leads=leading,
        supports=by_key["open"] - leading,
        leads_url=list_url(as_of, {"lead_agency": agency.slug, "state": State.OPEN.value}),
        late=by_key["late"],
        sections=sections,
        focal_points=tuple(_focal_points(agency, visible)) if user.may_enter_admin else None,
        frame=frame,
    )


def _sections(
    agency: Agency, held: CommitmentQuerySet, leads: Exists, frame: SectionContext
) -> Iterable[Section]:
    day, mine = frame.as_of.day, {"agency": agency.slug}
    yield frame.section(
        "late",
        _("Late"),
        _("Nothing it is charged with has passed the latest day of its deadline."),
        held.overdue(day),
        query={**mine, "overdue": "true"},
    )
    yield frame.section(
        "due",
        _("Due in %(days)d days") % {"days": SOON},
        _("No latest day falls within the next %(days)d days.") % {"days": SOON},
        held.due_between(day, days_after(day, SOON)),
        query={**mine, "due_within": str(SOON)},
    )
    yield frame.section(
        "review",
        _("Due for review"),
        _("No review day has come."),
        held.review_due(day),
        query={**mine, "review_due": "true"},
    )
    yield frame.section(
        "quiet",
        _("Quiet for a year"),
        _("Everything open has been heard of within the year."),
        held.quiet_for(A_YEAR, day),
        query={**mine, "quiet_for": str(A_YEAR)},
        says="last",
    )
    leads_first = Case(When(leads, then=Value(0)), default=Value(1))
    yield frame.section(
        "open",
        _("All that is open"),
        _("It is charged with nothing that is open, as far as this account may see."),
        held.open().annotate(is_led=leads),
        query={**mine, "state": State.OPEN.value},
        order=[leads_first.asc(), LATEST_DAY, LONGEST_QUIET],
    )
    yield frame.section(
        "closed",
        _("Closed"),
        _("Nothing it was charged with has been closed."),
        held.closed().annotate(is_led=leads),
        query={**mine, "state": State.CLOSED.value},
        says="last",
        order=["-last_activity_on"],
    )


def _focal_points(agency: Agency, visible: CommitmentQuerySet) -> Iterable[FocalPoint]:
    """Who may report for it: its accounts in that role, and those named beside a commitment."""
    named = Q(assignments__agency=agency, assignments__commitment__in=visible.order_by().values("pk"))
    role = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=Role.FOCAL_POINT)
    people = User.objects.annotate(named_for=Count("assignments", filter=named)).filter(
        Q(named_for__gt=0) | Q(Exists(role), agency=agency), is_active=True
    )
    for person in people.order_by("last_name", "first_name", "username"):
        yield FocalPoint(str(person), person.named_for)
