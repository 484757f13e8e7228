"""May this person make this move now? The one place that answers, from the table and the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.choices import Role
from commitments.choices import OPEN, Nature, Status
from commitments.models import Commitment, StatusChange
from commitments.services.errors import IllegalTransition, NotYours, PermissionDenied
from commitments.workflow import (
    CORRECTABLE,
    TRANSITIONS,
    ActorRule,
    TargetRule,
    Transition,
    TransitionName,
    outcomes,
)

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class WorkflowContext:
    """What the rules need to know of a commitment: where it stands, and who did what since it was opened."""

    commitment: Commitment
    history: tuple[StatusChange, ...]
    status: Status
    nature: Nature
    came_from: Status | None
    last: StatusChange
    last_open: Status
    submitters: frozenset[int | None]

    @cached_property
    def agencies(self) -> frozenset[int]:
        """Those charged with it; read when somebody asks, since they matter to focal points alone."""
        return frozenset(assignment.agency_id for assignment in self.commitment.assignments.all())

    @property
    def submission(self) -> StatusChange | None:
        """The submission that is being reviewed."""
        return self.last if self.status == Status.UNDER_REVIEW else None

    def target_of(self, row: Transition, outcome: Status | None = None) -> Status:
        """The status to which ``row`` leads from here."""
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
        """The dossier once ``change`` was added to the history; nothing is read again."""
        following = workflow_context(self.commitment, (*self.history, change))
        vars(following).update({name: vars(self)[name] for name in ("agencies",) if name in vars(self)})
        return following


def workflow_context(
    commitment: Commitment, changes: Iterable[StatusChange] | None = None
) -> WorkflowContext:
    """Read the dossier of ``commitment`` from its history (prefetched, or one query)."""
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
    )


def _read(commitment: Commitment) -> Iterable[StatusChange]:
    """The history in whatever order; the model's own would sort by what the commitment is sorted by."""
    is_there = "status_changes" in getattr(commitment, "_prefetched_objects_cache", ())
    return commitment.status_changes.all() if is_there else commitment.status_changes.order_by()


def outcomes_of(dossier: WorkflowContext) -> tuple[Status, ...]:
    """The outcomes that make sense for the commitment as it stands."""
    return outcomes(dossier.nature, dossier.came_from or dossier.status)


def roles_on(user: "User", dossier: WorkflowContext) -> frozenset[Role]:
    """The roles of ``user`` that count here: a focal point's only where its agency is charged."""
    if Role.FOCAL_POINT not in user.roles or user.agency_id in dossier.agencies:
        return user.roles
    return user.roles - {Role.FOCAL_POINT}


def holds_any_move(user: "User") -> bool:
    """Whether some move of the table is for a role of ``user``."""
    return any(user.roles & row.roles for row in TRANSITIONS.values() if row.sources)


def refusal(
    row: Transition, dossier: WorkflowContext, user: "User", *, seen: int | None = None
) -> PermissionDenied | IllegalTransition | None:
    """Why ``user`` may not make the move now: by role, status or own submission, in that order.

    The order is that of docs/rules.md#refusals. ``seen`` is the number of the last change that the user had
    seen, where that is known.
    """
    if not roles_on(user, dossier) & row.roles:
        return NotYours(_("“%(move)s” is not for your role.") % {"move": row.label})
    if seen is not None and seen != dossier.last.number:
        return IllegalTransition(_changed_meanwhile(dossier), status=dossier.status)
    if not row.leaves(dossier.status, dossier.nature) or (
        row.name == TransitionName.CORRECT and dossier.last.transition not in CORRECTABLE
    ):
        return IllegalTransition(_why_not_from(row, dossier), status=dossier.status)
    if row.actor == ActorRule.NOT_A_SUBMITTER and user.pk in dossier.submitters:
        return NotYours(_("You submitted this commitment yourself; another reviewer decides."))
    if row.actor == ActorRule.THE_SUBMITTER and user.pk != dossier.last.actor_id:
        return NotYours(_("Only the one who submitted it can withdraw the submission."))
    if row.actor == ActorRule.NOT_THE_LAST_AUTHOR and user.pk == dossier.last.actor_id:
        return NotYours(_("The last change was your own; another reviewer can take it back."))
    return None


def why_not(row: Transition, dossier: WorkflowContext, user: "User", *, seen: int | None = None) -> str:
    """Why ``user`` may not make the move now, in words; nothing where it may be made."""
    if refused := refusal(row, dossier, user, seen=seen):
        return str(refused)
    if dossier.nature in row.natures:
        return ""
    natures = [str(nature.label) for nature in Nature if nature in row.natures]
    return _("Only for the natures %(natures)s.") % {"natures": ", ".join(natures)}


def available_transitions(commitment: Commitment, user: "User") -> list[Transition]:
    """The moves that ``user`` may make now, in the order of the table."""
    return moves_from(workflow_context(commitment), user)


def moves_from(dossier: WorkflowContext, user: "User") -> list[Transition]:
    """The moves that ``user`` may make from where the dossier stands, in the order of the table."""
    # Few start from here: of the others that is known before words are found for it.
    leaving = (row for row in TRANSITIONS.values() if row.leaves(dossier.status, dossier.nature))
    return [row for row in leaving if not why_not(row, dossier, user)]


def _why_not_from(row: Transition, dossier: WorkflowContext) -> str:
    if row.name == TransitionName.CORRECT and dossier.status in row.sources:
        return _("The last change, “%(change)s”, cannot be taken back.") % {
            "change": dossier.last.get_transition_display()
        }
    return _("The commitment is %(status)s now; “%(move)s” does not start from there.") % {
        "status": dossier.status.label,
        "move": row.label,
    }


def _changed_meanwhile(dossier: WorkflowContext) -> str:
    return _("It was changed meanwhile by %(who)s: %(move)s. It is %(status)s now.") % {
        "who": dossier.last.actor or _("the register loader"),
        "move": dossier.last.get_transition_display(),
        "status": dossier.status.label,
    }
