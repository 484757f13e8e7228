"""What a person may do next with a commitment, as links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.choices import Status
from commitments.models import Commitment
from commitments.services.policy import Dossier, available_transitions
from commitments.services.progress import may_report
from commitments.workflow import Name, Target, Transition

if TYPE_CHECKING:
    from accounts.models import User

_FIRST = (Name.CONFIRM, Name.SUBMIT, Name.AGREE, Name.START)
"""What is filled among the buttons: the move that carries the matter on."""


@dataclass(frozen=True, slots=True)
class Move:
    """A button: where it leads, and its word."""

    url: str
    label: str


def in_order(commitment: Commitment, user: "User") -> list[Transition]:
    """The transitions that ``user`` may make now, the one that carries on first."""
    rows = available_transitions(commitment, user)
    return sorted(rows, key=lambda row: _FIRST.index(row.name) if row.name in _FIRST else len(_FIRST))


def moves_of(commitment: Commitment, user: "User") -> tuple[Move, ...]:
    """The transitions that ``user`` may make now, as buttons."""
    return tuple(
        Move(reverse("transition", args=[commitment.reference, row.name]), str(row.label))
        for row in in_order(commitment, user)
    )


def may_record(commitment: Commitment, user: "User") -> tuple[Move, ...]:
    """What ``user`` may record beside the workflow: progress, evidence, another deadline."""
    found = []
    if may_report(user, commitment):
        found.append(Move(reverse("progress", args=[commitment.reference]), _("Record progress")))
        found.append(Move(reverse("evidence", args=[commitment.reference]), _("Attach evidence")))
    if user.may(Right.EDIT_REGISTER):
        found.append(Move(reverse("deadline", args=[commitment.reference]), _("Change the deadline")))
    return tuple(found)


def what_follows(row: Transition, dossier: Dossier) -> tuple[Status, ...]:
    """The statuses from here on if the move is made: here, then there, then what is proposed."""
    submission = dossier.submission
    outcome = Status(submission.outcome) if submission else None
    if row.target == Target.OUTCOME and outcome is None:
        return (dossier.status,)
    return (dossier.status, dossier.target_of(row, outcome))
