"""What a person may do next with a commitment, as links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import Status
from commitments.models import Commitment
from commitments.services.policy import WorkflowContext, available_transitions
from commitments.services.progress import may_report
from commitments.workflow import TargetRule, Transition, TransitionName

if TYPE_CHECKING:
    from accounts.models import User

_FIRST = (TransitionName.CONFIRM, TransitionName.SUBMIT, TransitionName.AGREE, TransitionName.START)
"""What is filled among the buttons: the move that carries the matter on."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button: where it leads, and its word."""

    url: str
    label: str


def in_order(commitment: Commitment, user: "User") -> list[Transition]:
    """The transitions that ``user`` may make now, the one that carries on first."""
    rows = available_transitions(commitment, user)
    return sorted(rows, key=lambda row: _FIRST.index(row.name) if row.name in _FIRST else len(_FIRST))


@dataclass(frozen=True, slots=True)
class RecordActions:
    """What may be recorded beside the workflow: progress, a reading, evidence, another deadline."""

    progress: Action | None
    reading: Action | None
    evidence: Action | None
    deadline: Action | None

    @property
    def buttons(self) -> tuple[Action, ...]:
        """Those that are open to the person."""
        return tuple(move for move in (self.progress, self.reading, self.evidence, self.deadline) if move)


def transition_actions(commitment: Commitment, user: "User") -> tuple[Action, ...]:
    """The transitions that ``user`` may make now, as buttons."""
    return tuple(
        Action(reverse("transition", args=[commitment.reference, row.name]), str(row.label))
        for row in in_order(commitment, user)
    )


def may_record(commitment: Commitment, user: "User") -> RecordActions:
    """What ``user`` may record beside the workflow."""
    here = [commitment.reference]
    reports, edits = may_report(user, commitment), user.may(Right.EDIT_REGISTER)
    has_target = hasattr(commitment, "target")
    return RecordActions(
        progress=Action(reverse("progress", args=here), _("Record progress")) if reports else None,
        reading=Action(reverse("readings", args=here), _("Record a reading"))
        if reports and has_target
        else None,
        evidence=Action(reverse("evidence", args=here), _("Attach evidence")) if reports else None,
        deadline=Action(reverse("deadline", args=here), _("Change the deadline")) if edits else None,
    )


def what_follows(row: Transition, dossier: WorkflowContext) -> tuple[Status, ...]:
    """The statuses from here on if the move is made: here, then there, then what is proposed."""
    submission = dossier.submission
    outcome = Status(submission.outcome) if submission else None
    if row.target == TargetRule.OUTCOME and outcome is None:
        return (dossier.status,)
    return (dossier.status, dossier.target_of(row, outcome))
