"""Charging agencies with commitments."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.permissions import Right
from commitments.choices import AssignmentRole
from commitments.models import Assignment, Commitment
from commitments.services.errors import LedByAnother, NotYours, RequirementsNotMet
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User


def focal_point_errors(agency: Agency | None, focal_point: "User | None") -> dict[str, list[str]]:
    """What is wrong with a focal point for ``agency``; used wherever one is named."""
    if focal_point is None or agency is None:
        return {}
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
    """Charge ``agency`` with ``commitment``; a charge it already holds takes the new role and focal point.

    Without ``beside``, what another agency leads is left as it is. ``note`` goes into the field history.

    Raises ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``RequirementsNotMet``,
    ``LedByAnother``.
    """
    locked = _locked(commitment, actor)
    if errors := focal_point_errors(agency, focal_point):
        raise RequirementsNotMet(errors)
    if not beside and role == AssignmentRole.LEAD:
        _refuse_beside_others(locked, agency)
    held = Assignment.objects.filter(commitment=locked, agency=agency).first()
    charge = held or Assignment(commitment=locked, agency=agency)
    charge.role, charge.focal_point = role, focal_point
    charge._change_reason = note.strip() or None  # type: ignore[attr-defined]
    charge.save()
    return charge


@transaction.atomic
def unassign(*, assignment: Assignment, actor: "User") -> None:
    """Take a charge away; the field history keeps who was charged, and with what.

    Taken away by somebody else meanwhile, it is simply gone. Raises ``Commitment.DoesNotExist`` (not
    visible), ``PermissionDenied``.
    """
    locked = _locked(assignment.commitment, actor)
    held = Assignment.objects.filter(pk=assignment.pk, commitment=locked).first()
    if held is not None:
        held.delete()


def for_assigners(actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may say who is charged."""
    if not actor.may(Right.ASSIGN):
        raise NotYours(_("Only an officer assigns agencies."))


def _locked(commitment: Commitment, actor: "User") -> Commitment:
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    for_assigners(actor)
    return locked


def _refuse_beside_others(commitment: Commitment, agency: Agency) -> None:
    charged = Assignment.objects.filter(commitment=commitment, role=AssignmentRole.LEAD)
    others = charged.exclude(agency=agency).select_related("agency__country")
    if names := told_apart([each.agency for each in others]):
        said = ngettext("Left: %(agencies)s leads already.", "Left: %(agencies)s lead already.", len(names))
        raise LedByAnother(said % {"agencies": ", ".join(names)})


def told_apart(agencies: Sequence[Agency]) -> list[str]:
    """``agencies`` by their acronyms; two of the same with their countries."""
    shorts = Counter(each.short for each in agencies)
    return [
        f"{each.short} ({each.country.code})" if shorts[each.short] > 1 else each.short for each in agencies
    ]
