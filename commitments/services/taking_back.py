"""Takes back what one row of a bulk job wrote, unless it was changed since."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import BulkAct
from commitments.models import Assignment, BulkRow, Commitment, StatusChange
from commitments.services.assignments import assign, unassign
from commitments.services.editing import edit_commitment
from commitments.services.errors import ChangedSince
from commitments.services.transitions import apply_transition
from commitments.workflow import CORRECTABLE, TRANSITIONS, TransitionName

if TYPE_CHECKING:
    from accounts.models import User

EDITED = {BulkAct.THEME: "theme", BulkAct.LEVEL: "classification", BulkAct.OFFICER: "officer"}
"""The acts that edit a field of the commitment, with the field."""
OF_ASSIGNMENTS = frozenset({BulkAct.ASSIGNMENT, BulkAct.REMOVAL, BulkAct.LEAD})


def can_be_taken_back(act: str, transition: str = "") -> bool:
    """Whether there is a way back from ``act``, for those who may: a decision is reopened, not taken back."""
    if act == BulkAct.MOVE:
        return transition in CORRECTABLE
    return act in OF_ASSIGNMENTS or act in EDITED


def may_take_back(user: "User", act: str) -> bool:
    """Whether ``user`` has the right that taking back ``act`` needs. Each row is checked by its service."""
    if act == BulkAct.MOVE:
        return bool(user.roles & TRANSITIONS[TransitionName.CORRECT].roles)
    return user.may(Right.ASSIGN if act in OF_ASSIGNMENTS else Right.EDIT_REGISTER)


def nothing_written() -> str:
    """The reason for which a row has nothing to take back."""
    return _("Unchanged: the action wrote nothing here that can be taken back.")


@transaction.atomic
def take_back(*, row: BulkRow, act: str, actor: "User", note: str = "") -> None:
    """Undo what ``row`` of a job with ``act`` wrote, by new entries with ``note`` as their reason.

    A status change is undone by ``correct``, with the rules of that transition. Raises
    ``Commitment.DoesNotExist`` (not visible), ``PermissionDenied``, ``ChangedSince`` (also where what was
    there before is gone), and what the services raise that write the former values.
    """
    commitment, note = Commitment(pk=row.commitment_id), note.strip()
    if not row.written:
        raise ChangedSince(nothing_written())
    if act == BulkAct.MOVE:
        change = StatusChange.objects.get(pk__in=row.written)
        apply_transition(
            commitment=commitment, name=TransitionName.CORRECT, actor=actor, note=note, seen=change.number
        )
        return
    locked = Commitment.objects.visible_to(actor).select_for_update(no_key=True).get(pk=commitment.pk)
    try:
        if act in OF_ASSIGNMENTS:
            _restore_assignments(locked, row.written, actor, note)
        else:
            _restore_field(locked, row.written, EDITED[BulkAct(act)], actor, note)
    except ObjectDoesNotExist as gone:  # deleted or merged since: the theme, the agency, the account
        raise ChangedSince(_("Unchanged: what was there before is no longer in the register.")) from gone


def _restore_assignments(commitment: Commitment, written: Collection[int], actor: "User", note: str) -> None:
    """Undo the entries ``written`` of the history of assignments, the last one first."""
    history: Any = Assignment.history.filter(commitment_id=commitment.pk)
    for entry in history.filter(history_id__in=written).order_by("-history_id"):
        of_agency = history.filter(agency_id=entry.agency_id)
        if of_agency.filter(history_id__gt=max(written)).exists():
            message = _("Unchanged: the assignment of %(agency)s was changed since.")
            raise ChangedSince(message % {"agency": entry.agency.short})
        former = of_agency.filter(history_id__lt=entry.history_id).order_by("history_id").last()
        if former is not None and former.history_type != "-":
            values = {"agency": entry.agency, "role": former.role, "focal_point": former.focal_point}
            assign(commitment=commitment, actor=actor, note=note, **values)
        else:
            now = Assignment.objects.get(commitment=commitment, agency_id=entry.agency_id)
            unassign(assignment=now, actor=actor, note=note)


def _restore_field(
    commitment: Commitment, written: Collection[int], name: str, actor: "User", note: str
) -> None:
    """Give the field ``name`` the value that it had before the entry ``written`` of the field history."""
    history: Any = Commitment.history.filter(id=commitment.pk)
    entry = history.get(history_id__in=written)
    field: Any = Commitment._meta.get_field(name)
    if getattr(commitment, field.attname) != getattr(entry, field.attname):
        message = _("Unchanged: the field “%(field)s” was changed since.")
        raise ChangedSince(message % {"field": field.verbose_name})
    former = history.filter(history_id__lt=entry.history_id).order_by("history_id").last()
    edit_commitment(commitment=commitment, actor=actor, fields={name: getattr(former, name)}, reason=note)
