"""Decides what a user may do with a commitment: transitions by the workflow table, edits by the status."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.permissions import Right
from commitments.choices import CLOSED, OPEN, Nature, Status
from commitments.models import Commitment, StatusChange
from commitments.services.errors import (
    DossierChanged,
    IllegalTransition,
    NotEditable,
    NotYours,
    PermissionDenied,
    RequirementsNotMet,
)
from commitments.services.locking import in_error_refusal
from commitments.workflow import (
    CORRECTABLE,
    OWN_SLIP,
    TRANSITIONS,
    ActorRule,
    TargetRule,
    Transition,
    TransitionName,
    outcomes,
)
from core.lists import all_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class WorkflowContext:
    """What the rules need to know about a commitment: its status, its history and who submitted it."""

    commitment: Commitment
    history: tuple[StatusChange, ...]
    status: Status
    nature: Nature
    came_from: Status | None
    last: StatusChange
    last_open: Status
    submitters: frozenset[int | None]
    agencies: Collection[int]
    """The assigned agencies. Read on demand: only the rules for focal points need them."""

    @property
    def submission(self) -> StatusChange | None:
        """The submission under review, if any."""
        return self.last if self.status == Status.UNDER_REVIEW else None

    def target_of(self, row: Transition, outcome: Status | None = None) -> Status:
        """The status to which ``row`` leads from the current status."""
        match row.target:
            case TargetRule.OUTCOME:
                if outcome is None:
                    raise ValueError("an outcome must be decided first")
                return outcome
            case TargetRule.BEFORE_REVIEW | TargetRule.BEFORE_LAST_CHANGE:
                return Status(self.last.from_status)
            case TargetRule.LAST_OPEN:
                return self.last_open
            case Status() as status:
                return status
        raise ValueError(f"the table holds an unknown target: {row.target}")

    def after(self, change: StatusChange) -> "WorkflowContext":
        """The workflow once ``change`` was added to the history; nothing is read again."""
        return replace(workflow_context(self.commitment, (*self.history, change)), agencies=self.agencies)


def workflow_context(
    commitment: Commitment, changes: Iterable[StatusChange] | None = None
) -> WorkflowContext:
    """Read the workflow of ``commitment`` from its history (prefetched, or one query)."""
    history = sorted(_read(commitment) if changes is None else changes, key=lambda change: change.number)
    submitters: set[int | None] = set()
    last_open = Status.AGREED
    for change in history:
        if change.opens:
            submitters.clear()
        if change.transition == TransitionName.SUBMIT:
            submitters.add(change.actor_id)
        if change.to_status in OPEN and change.to_status != Status.UNDER_REVIEW:
            last_open = Status(change.to_status)
    last = history[-1]
    status = Status(last.to_status)
    return WorkflowContext(
        commitment=commitment,
        history=tuple(history),
        status=status,
        nature=Nature(commitment.nature),
        came_from=Status(last.from_status) if status == Status.UNDER_REVIEW else None,
        last=last,
        last_open=last_open,
        submitters=frozenset(submitters),
        agencies=SimpleLazyObject(lambda: _agencies_of(commitment)),
    )


def _agencies_of(commitment: Commitment) -> frozenset[int]:
    return frozenset(assignment.agency_id for assignment in commitment.assignments.all())


def _read(commitment: Commitment) -> Iterable[StatusChange]:
    """The history, unsorted. The default ordering of the model would join the commitment."""
    is_prefetched = "status_changes" in getattr(commitment, "_prefetched_objects_cache", ())
    return commitment.status_changes.all() if is_prefetched else commitment.status_changes.order_by()


def outcomes_of(workflow: WorkflowContext) -> tuple[Status, ...]:
    """The outcomes that are possible from the current status."""
    return outcomes(workflow.nature, workflow.came_from or workflow.status)


def roles_on(user: "User", workflow: WorkflowContext) -> frozenset[Role]:
    """The roles of ``user`` that apply here. A focal point's role applies only if its agency is assigned."""
    if Role.FOCAL_POINT not in user.roles or user.agency_id in workflow.agencies:
        return user.roles
    return user.roles - {Role.FOCAL_POINT}


def has_any_transition(user: "User") -> bool:
    """Whether any transition of the table is open to a role of ``user``."""
    return any(user.roles & row.roles for row in TRANSITIONS.values() if row.sources)


def refusal(
    row: Transition,
    workflow: WorkflowContext,
    user: "User",
    *,
    seen: int | None = None,
    is_stale: bool = False,
) -> PermissionDenied | IllegalTransition | None:
    """The reason why ``user`` may not make the transition now: role, status or own submission, in that order.

    The order is that of docs/rules.md#refusals. ``seen`` is the number of the last change that the user has
    seen, if known. ``is_stale`` says that the user has seen another state of the dossier, which matters for a
    decision only. Returns ``None`` if the transition is allowed.
    """
    if not roles_on(user, workflow) & row.roles:
        return NotYours.for_role(row)
    if seen is not None and seen != workflow.last.number:
        return IllegalTransition(_changed_meanwhile(workflow), status=workflow.status)
    if in_error := in_error_refusal(workflow.commitment):
        return IllegalTransition(str(in_error), status=workflow.status)
    if not _starts_from(row, workflow):
        return IllegalTransition(_why_not_from(row, workflow), status=workflow.status)
    if row.decides and is_stale:
        message = _("The commitment has changed since you read it. Read it again, then decide.")
        return DossierChanged(message, status=workflow.status)
    if row.decides and user.pk in workflow.submitters:
        return NotYours(_("You submitted this commitment yourself; another reviewer decides."))
    if row.actor == ActorRule.THE_SUBMITTER and user.pk != workflow.last.actor_id:
        return NotYours(_("Only the person who submitted it can withdraw the submission."))
    if row.actor == ActorRule.ANOTHER_OR_LATELY:
        return _why_not_taken_back(workflow, user)
    return None


def _why_not_taken_back(workflow: WorkflowContext, user: "User") -> NotYours | None:
    """Why ``user`` may not take back the last change: it is too long ago, or somebody else's."""
    if user.pk != workflow.last.actor_id:
        if Role.REVIEWER in roles_on(user, workflow):
            return None
        return NotYours(_("Only a reviewer can take back the change of somebody else."))
    if workflow.last.recorded_at >= timezone.now() - OWN_SLIP:
        return None
    return NotYours(
        _("You made the last change more than 24 hours ago; now only another reviewer can take it back.")
    )


def why_not(
    row: Transition,
    workflow: WorkflowContext,
    user: "User",
    *,
    seen: int | None = None,
    is_stale: bool = False,
) -> str:
    """The message that says why ``user`` may not make the transition now; "" if it is allowed."""
    if refused := refusal(row, workflow, user, seen=seen, is_stale=is_stale):
        return str(refused)
    if workflow.nature in row.natures:
        return ""
    natures = [str(nature.label) for nature in Nature if nature in row.natures]
    return _("Only for these natures: %(natures)s.") % {"natures": all_of(natures)}


def available_transitions(commitment: Commitment, user: "User") -> list[Transition]:
    """The transitions that ``user`` may make now, in the order of the table."""
    return transitions_from(workflow_context(commitment), user)


def transitions_from(workflow: WorkflowContext, user: "User") -> list[Transition]:
    """The transitions that ``user`` may make from the current status, in the order of the table."""
    # Most transitions do not start here: they are left out before a message is made for each.
    return [
        row
        for row in TRANSITIONS.values()
        if _starts_from(row, workflow) and not why_not(row, workflow, user)
    ]


def _starts_from(row: Transition, workflow: WorkflowContext) -> bool:
    """Whether the transition is possible from the current status and after the last change."""
    if row.name == TransitionName.CORRECT and workflow.last.transition not in CORRECTABLE:
        return False
    return row.leaves(workflow.status, workflow.nature)


def _why_not_from(row: Transition, workflow: WorkflowContext) -> str:
    if row.name == TransitionName.CORRECT and workflow.status in row.sources:
        return _("The last change, “%(change)s”, cannot be taken back.") % {
            "change": workflow.last.get_transition_display()
        }
    return _("The commitment is %(status)s now; “%(move)s” is not possible from this status.") % {
        "status": workflow.status.label,
        "move": row.label,
    }


def _changed_meanwhile(workflow: WorkflowContext) -> str:
    last = workflow.last
    values = {"move": last.get_transition_display(), "status": workflow.status.label}
    if last.actor is None:
        return _("The register loader has changed it meanwhile: %(move)s. It is %(status)s now.") % values
    # Translators: "who" is a person's name, "move" a label such as "Submit for review".
    return _("%(who)s has changed it meanwhile: %(move)s. It is %(status)s now.") % {
        "who": last.actor,
        **values,
    }


# -- edits -----------------------------------------------------------------------------------------------

PLEDGE = ("title", "text", "nature", "obligated", "deadline")
"""What was pledged. It stays while a reviewer decides on it, and once that is decided."""

CLERICAL = frozenset({"title", "text"})
"""What a reviewer may correct in a closed commitment. The rest of the pledge needs ``reopen``."""


def fixed_parts(status: str) -> frozenset[str]:
    """The parts of the pledge that nobody can edit in ``status``."""
    if status == Status.UNDER_REVIEW:
        return frozenset(PLEDGE)
    return frozenset(PLEDGE) - CLERICAL if status in CLOSED else frozenset()


def fixed_because(status: str) -> str:
    """The sentence that says which parts cannot be edited in ``status`` and why; "" if all can be."""
    if status == Status.UNDER_REVIEW:
        return _(
            "The commitment is under review, so its title, text, nature, responsible countries and deadline "
            "cannot be edited. First return it (“return”), or withdraw the submission (“withdraw”)."
        )
    if status in CLOSED:
        return _(
            "The commitment is closed, so its nature, responsible countries and deadline cannot be edited. "
            "First reopen it (“reopen”). A reviewer can correct the title and the text, with a reason."
        )
    return ""


def fixed_refusal(commitment: Commitment, parts: Collection[str]) -> NotEditable | None:
    """Why nobody can change ``parts`` of ``commitment`` in its status; ``None`` if they can be changed."""
    fixed, status = fixed_parts(commitment.status), commitment.status
    named = [part for part in PLEDGE if part in parts and part in fixed]
    return NotEditable(fixed_because(status), status=status, fields=named) if named else None


def edit_refusal(
    commitment: Commitment, user: "User", parts: Collection[str], *, reason: str = ""
) -> PermissionDenied | NotEditable | RequirementsNotMet | None:
    """Why ``user`` may not change ``parts`` of ``commitment`` now: the role, the status, or a missing reason.

    Parts of the pledge are named as in ``PLEDGE``, other parts by their field. Returns ``None`` if the edit
    is allowed. A commitment that is about to be changed must be locked.
    """
    status, wanted = commitment.status, frozenset(parts)
    corrected = wanted & CLERICAL if status in CLOSED else frozenset()
    if wanted - corrected and not user.may(Right.EDIT_REGISTER):
        return NotYours(_("Only an officer can edit commitments."))
    if corrected and not user.may(Right.CORRECT_CLOSED):
        return NotYours(_("Only a reviewer can correct the title or the text of a closed commitment."))
    if wanted and (in_error := in_error_refusal(commitment)):
        return in_error
    if fixed := fixed_refusal(commitment, wanted):
        return fixed
    if corrected and not reason.strip():
        return RequirementsNotMet({"reason": [_("Say why the title or the text is corrected.")]})
    return None


def may_edit(user: "User", commitment: Commitment) -> bool:
    """Whether ``user`` may edit any part of ``commitment`` in its current status."""
    return any(edit_refusal(commitment, user, [part], reason="-") is None for part in ("remarks", *CLERICAL))
