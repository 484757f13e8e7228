"""With whom an open commitment lies, and since when: the table of docs/rules.md#now-with, as expressions.

Each expression is of a commitment that ``at`` annotated for the day ``as_of``.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, DateField, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import Exact

from accounts.choices import Role
from commitments.choices import OPEN, AssignmentRole, Holder, PartyRole, Status
from commitments.workflow import TransitionName

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.querysets import AsOf


def _own(name: str, **conditions: Any) -> models.QuerySet[Any]:
    rows = apps.get_model("commitments", name)._default_manager
    return rows.filter(commitment=OuterRef("pk"), **conditions)


def holder(as_of: "AsOf") -> Case:
    """With whom it lies, a ``Holder``; "" for what is closed. The first condition that holds decides."""
    obligated = _own("CommitmentParty", role=PartyRole.OBLIGATED)
    we_must_act = Exists(obligated.filter(country__code=settings.HOME_COUNTRY))
    our_leads = _own("Assignment", role=AssignmentRole.LEAD, agency__country__code=settings.HOME_COUNTRY)
    changes = _changes(as_of)
    was_returned = Exact(Subquery(_last(changes, "transition")), Value(TransitionName.RETURN))
    return Case(
        When(~Q(status_then__in=OPEN), then=Value("")),
        When(status_then=Status.UNDER_REVIEW, then=Value(Holder.REVIEWER)),
        When(Q(status_then=Status.REQUESTED) & ~we_must_act, then=Value(Holder.OTHER_SIDE)),
        When(status_then=Status.REQUESTED, then=Value(Holder.OFFICER)),
        When(Exists(awaited_requests(as_of)), then=Value(Holder.FOCAL_POINT)),
        When(was_returned & _submitted_by_a_focal_point(as_of), then=Value(Holder.FOCAL_POINT)),
        When(was_returned, then=Value(Holder.OFFICER)),
        When(~we_must_act, then=Value(Holder.OTHER_SIDE)),
        When(officer__isnull=False, then=Value(Holder.OFFICER)),
        When(Exists(our_leads.filter(focal_point__isnull=False)), then=Value(Holder.FOCAL_POINT)),
        When(Exists(our_leads), then=Value(Holder.LEAD_AGENCY)),
        default=Value(Holder.NOBODY),
        output_field=CharField(),
    )


def held_since(as_of: "AsOf") -> Case:
    """The day from which it lies there: that of the last status change, of a request, or of its answer."""
    changed = Subquery(_last(_changes(as_of), "day"))
    asked = Subquery(awaited_requests(as_of).order_by("asked_on", "pk").values("asked_on")[:1])
    answers = _own("ReportRequest", end__progress_update__isnull=False)
    answered = answers.filter(as_of.happened("end__progress_update__occurred_on"))
    by_commitment: Any = answered.order_by().values("commitment")
    last_answer = by_commitment.annotate(d=Max("end__progress_update__occurred_on"))
    return Case(
        When(status_then__in=(Status.UNDER_REVIEW, Status.REQUESTED), then=changed),
        When(Exists(awaited_requests(as_of)), then=asked),
        default=Greatest(changed, Coalesce(Subquery(last_answer.values("d")), changed)),
        output_field=DateField(),
    )


def awaited_requests(as_of: "AsOf") -> models.QuerySet[Any]:
    """The requests for a report that wait for an answer on that day."""
    asked = _own("ReportRequest").filter(as_of.happened("asked_on"))
    if not as_of.is_past:
        return asked.filter(end=None)
    ended = Q(end__recorded_at__date__lte=as_of.day)
    return asked.filter(Q(end=None) | ~ended)


def asked_of(user: "User") -> Q:
    """The condition that a request for a report goes to ``user``, or to somebody of the same agency."""
    of_agency = Q(addressee__agency__isnull=False, addressee__agency=user.agency_id)
    return Q(addressee=user) | of_agency


def _changes(as_of: "AsOf") -> models.QuerySet[Any]:
    return _own("StatusChange").filter(as_of.happened("day"))


def _last(changes: models.QuerySet[Any], field: str) -> models.QuerySet[Any]:
    return changes.order_by("-number").values(field)[:1]


def _submitted_by_a_focal_point(as_of: "AsOf") -> Exact:
    """Whether who made the last submission is a focal point, and no officer."""
    groups = apps.get_model("accounts", "User").groups.through._default_manager
    roles = groups.filter(user=OuterRef("actor"))
    reports = Exists(roles.filter(group__name=Role.FOCAL_POINT)) & ~Exists(
        roles.filter(group__name=Role.OFFICER)
    )
    submissions = _changes(as_of).filter(transition=TransitionName.SUBMIT).annotate(reports=reports)
    return Exact(Subquery(_last(submissions, "reports")), Value(True))
