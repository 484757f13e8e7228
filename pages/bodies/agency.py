"""The page of an agency: its commitments by what they need, and its focal points."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from commitments.choices import AssignmentRole, State
from commitments.models import Assignment, Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.holders import HolderFigure, holder_figures
from commitments.reports.sections import (
    A_YEAR,
    LATEST_DAY,
    LONGEST_QUIET,
    SOON,
    Section,
    SectionContext,
    days_after,
)
from core.sorting import sort_key
from relations.models import Agency


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """A focal point of the agency, and the number of commitments assigned to this person."""

    name: str
    assigned: int


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """The content of the page; ``open`` and ``leads`` count open commitments."""

    agency: Agency
    open: int
    leads: int
    overdue: int
    holders: tuple[HolderFigure, ...]
    sections: tuple[Section, ...]
    focal_points: tuple[FocalPoint, ...] | None
    context: SectionContext


def agency_page(agency: Agency, user: User, as_of: AsOf) -> AgencyPage:
    """The page of ``agency`` as of a date, with what ``user`` can see; only staff see the focal points."""
    visible = Commitment.objects.visible_to(user)
    assigned = visible.at(as_of).assigned_to([agency.slug], none=False, lead_only=False)
    is_lead = Exists(
        Assignment.objects.filter(commitment=OuterRef("pk"), agency=agency, role=AssignmentRole.LEAD)
    )
    context = SectionContext.of(visible, as_of, assigned)
    sections = tuple(_sections(agency, assigned, is_lead, context))
    by_key = {section.key: section.count for section in sections}
    return AgencyPage(
        agency=agency,
        open=by_key["open"],
        leads=assigned.open().filter(is_lead).count(),
        overdue=by_key["overdue"],
        holders=holder_figures(assigned, as_of, {"agency": agency.slug}),
        sections=sections,
        focal_points=tuple(_focal_points(agency, visible)) if user.may_enter_admin else None,
        context=context,
    )


def _sections(
    agency: Agency, assigned: CommitmentQuerySet, is_lead: Exists, context: SectionContext
) -> Iterable[Section]:
    day, query = context.as_of.day, {"agency": agency.slug}
    yield context.section(
        "overdue",
        _("Overdue"),
        _("No commitment that you can see is overdue."),
        assigned.overdue(day),
        query={**query, "overdue": "true"},
    )
    yield context.section(
        "due",
        _("Due within %(days)d days") % {"days": SOON},
        _("No commitment that you can see is due within the next %(days)d days.") % {"days": SOON},
        assigned.due_between(day, days_after(day, SOON)),
        query={**query, "due_within": str(SOON)},
    )
    yield context.section(
        "review",
        _("Due for review"),
        _("No commitment that you can see is due for review."),
        assigned.review_due(day),
        query={**query, "review_due": "true"},
    )
    yield context.section(
        "quiet",
        _("No news for %(days)d days") % {"days": A_YEAR},
        _("Every open commitment that you can see has had news within the last %(days)d days.")
        % {"days": A_YEAR},
        assigned.quiet_for(A_YEAR, day),
        query={**query, "quiet_for": str(A_YEAR)},
        last_column="last",
    )
    leads_first = Case(When(is_lead, then=Value(0)), default=Value(1))
    yield context.section(
        "open",
        _("All open commitments"),
        _("This agency has no open commitments that you can see."),
        assigned.open().annotate(is_led=is_lead),
        query={**query, "state": State.OPEN.value},
        order=[leads_first.asc(), LATEST_DAY, LONGEST_QUIET],
    )
    yield context.section(
        "closed",
        _("Closed commitments"),
        _("No commitment of this agency that you can see has been closed."),
        assigned.closed().annotate(is_led=is_lead),
        query={**query, "state": State.CLOSED.value},
        last_column="last",
        order=["-last_activity_on"],
    )


def _focal_points(agency: Agency, visible: CommitmentQuerySet) -> Iterable[FocalPoint]:
    """The active users with that role in the agency, and whoever is named in one of its assignments."""
    assignments = Q(assignments__agency=agency, assignments__commitment__in=visible.order_by().values("pk"))
    role = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=Role.FOCAL_POINT)
    people = User.objects.annotate(assigned=Count("assignments", filter=assignments)).filter(
        Q(assigned__gt=0) | Q(Exists(role), agency=agency, is_active=True)
    )
    by_name = sorted(
        people.order_by("username"), key=lambda each: sort_key(f"{each.last_name} {each.first_name}")
    )
    for person in by_name:
        yield FocalPoint(person.marked_name, person.assigned)
