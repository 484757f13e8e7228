"""Assigning agencies to commitments."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.choices import Role
from accounts.permissions import Right
from commitments.choices import AssignmentRole
from commitments.models import Assignment, Commitment
from commitments.services.errors import LedByAnother, NotAssigned, NotYours, RequirementsNotMet
from commitments.services.locking import locked_for, require_counted
from core.lists import all_of
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User


def focal_point_errors(agency: Agency | None, focal_point: "User | None") -> dict[str, list[str]]:
    """The errors of ``focal_point`` as a focal point of ``agency``, by field."""
    if focal_point is None or agency is None:
        return {}
    if not focal_point.is_active:
        message = _("The account of %(person)s is closed. Choose another focal point.")
        return {"focal_point": [message % {"person": focal_point}]}
    if focal_point.agency_id != agency.pk or Role.FOCAL_POINT not in focal_point.roles:
        return {
            "focal_point": [
                _("%(person)s is no focal point of %(agency)s.") % {"person": focal_point, "agency": agency}
            ]
        }
    return {}


@transaction.atomic
def assign(
    *,
    commitment: Commitment,
    actor: "User",
    agency: Agency,
    role: str = AssignmentRole.LEAD,
    focal_point: "User | None" = None,
    beside: bool = True,
    note: str = "",
) -> Assignment:
    """Assign ``agency`` to ``commitment``; an existing assignment gets the new role and focal point.

    Without ``beside``, a commitment that another agency leads gets no further lead. ``note`` is stored in the
    field history, also where the role and the focal point stay the same.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet`` and
    ``LedByAnother``.
    """
    locked = _locked(commitment, actor)
    if errors := focal_point_errors(agency, focal_point):
        raise RequirementsNotMet(errors)
    if not beside and role == AssignmentRole.LEAD:
        _refuse_second_lead(locked, agency)
    existing = Assignment.objects.filter(commitment=locked, agency=agency).first()
    if existing and not note.strip() and (existing.role, existing.focal_point) == (role, focal_point):
        return existing
    assignment = existing or Assignment(commitment=locked, agency=agency)
    assignment.role, assignment.focal_point = role, focal_point
    assignment._change_reason = note.strip() or None  # type: ignore[attr-defined]
    assignment.save()
    return assignment


@transaction.atomic
def unassign(*, assignment: Assignment, actor: "User", note: str = "") -> None:
    """Delete an assignment; the field history still shows it, with ``note`` as the reason.

    Does nothing if it was deleted already. Raises ``Commitment.DoesNotExist`` (not visible) and
    ``PermissionDenied``.
    """
    locked = _locked(assignment.commitment, actor)
    existing = Assignment.objects.filter(pk=assignment.pk, commitment=locked).first()
    if existing is not None:
        _delete(existing, note)


@transaction.atomic
def remove_agency(*, commitment: Commitment, actor: "User", agency: Agency, note: str = "") -> None:
    """Delete the assignment of ``agency``. Raises what ``unassign`` raises, and ``NotAssigned``."""
    locked = _locked(commitment, actor)
    existing = Assignment.objects.filter(commitment=locked, agency=agency).first()
    if existing is None:
        raise NotAssigned(_("Unchanged: %(agency)s is not assigned.") % {"agency": agency.short})
    _delete(existing, note)


@transaction.atomic
def replace_lead(
    *,
    commitment: Commitment,
    actor: "User",
    agency: Agency,
    focal_point: "User | None" = None,
    note: str = "",
) -> Assignment:
    """Let ``agency`` lead ``commitment`` in the place of every agency that leads it now.

    Agencies that support it stay. Raises what ``assign`` raises.
    """
    locked = _locked(commitment, actor)
    leads = Assignment.objects.filter(commitment=locked, role=AssignmentRole.LEAD)
    for other in leads.exclude(agency=agency):
        _delete(other, note)
    return assign(commitment=locked, actor=actor, agency=agency, focal_point=focal_point, note=note)


def _delete(assignment: Assignment, note: str) -> None:
    assignment._change_reason = note.strip() or None  # type: ignore[attr-defined]
    assignment.delete()


def require_assigner(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` can assign agencies."""
    if not actor.may(Right.ASSIGN):
        raise NotYours(_("Only an officer can assign agencies."))


def _locked(commitment: Commitment, actor: "User") -> Commitment:
    locked = locked_for(actor, commitment)
    require_assigner(actor)
    require_counted(locked)
    return locked


def _refuse_second_lead(commitment: Commitment, agency: Agency) -> None:
    leads = Assignment.objects.filter(commitment=commitment, role=AssignmentRole.LEAD)
    others = leads.exclude(agency=agency).select_related("agency__country")
    if names := distinct_names([each.agency for each in others]):
        message = ngettext(
            "Unchanged: %(agencies)s already leads it.",
            "Unchanged: %(agencies)s already lead it.",
            len(names),
        )
        raise LedByAnother(message % {"agencies": all_of(names)})


def distinct_names(agencies: Sequence[Agency]) -> list[str]:
    """The acronyms of ``agencies``; those that occur more than once have the country, as in "MND (VN)"."""
    shorts = Counter(each.short for each in agencies)
    # Translators: an agency and the code of its country, for example "MND (VN)".
    with_country = pgettext("agency and country", "%(agency)s (%(country)s)")
    return [
        with_country % {"agency": each.short, "country": each.country.code}
        if shorts[each.short] > 1
        else each.short
        for each in agencies
    ]
