"""The actions that a user may take on a commitment, as links."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.permissions import Right
from commitments.choices import OPEN, Status
from commitments.edit_forms import PARTS
from commitments.models import Commitment
from commitments.services.entered_in_error import mendable_by
from commitments.services.policy import (
    WorkflowContext,
    available_transitions,
    edit_refusal,
    fixed_refusal,
    may_edit,
)
from commitments.services.progress import may_report
from commitments.workflow import TargetRule, Transition, TransitionName

if TYPE_CHECKING:
    from accounts.models import User

_FIRST = (TransitionName.CONFIRM, TransitionName.SUBMIT, TransitionName.AGREE, TransitionName.START)
"""The main transitions. They come first among the buttons."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its URL and its label."""

    url: str
    label: str


def in_order(commitment: Commitment, user: "User") -> list[Transition]:
    """The transitions that ``user`` may make now, the main ones first."""
    rows = available_transitions(commitment, user)
    return sorted(rows, key=lambda row: _FIRST.index(row.name) if row.name in _FIRST else len(_FIRST))


@dataclass(frozen=True, slots=True)
class RecordActions:
    """The actions that change no status: record progress or a reading, attach evidence, edit.

    An action is ``None`` if the user may not take it.
    """

    progress: Action | None
    reading: Action | None
    evidence: Action | None
    deadline: Action | None
    edit: Action | None
    ask: Action | None

    @property
    def buttons(self) -> tuple[Action, ...]:
        """The actions that the user may take."""
        actions = (self.progress, self.reading, self.evidence, self.deadline, self.edit, self.ask)
        return tuple(action for action in actions if action)


def transition_actions(commitment: Commitment, user: "User") -> tuple[Action, ...]:
    """The transitions that ``user`` may make now, as buttons."""
    return tuple(
        Action(reverse("transition", args=[commitment.reference, row.name]), str(row.label))
        for row in in_order(commitment, user)
    )


def record_actions(commitment: Commitment, user: "User") -> RecordActions:
    """The actions of ``user`` that change no status."""
    reference = [commitment.reference]
    can_report = may_report(user, commitment) and not commitment.is_in_error
    can_propose = can_report and fixed_refusal(commitment, ["deadline"]) is None
    has_target = hasattr(commitment, "target")
    return RecordActions(
        progress=Action(reverse("progress", args=reference), _("Record progress")) if can_report else None,
        reading=Action(reverse("readings", args=reference), _("Record a reading"))
        if can_report and has_target
        else None,
        evidence=Action(reverse("evidence", args=reference), _("Attach evidence")) if can_report else None,
        deadline=Action(reverse("deadline", args=reference), _("Propose another deadline"))
        if can_propose
        else None,
        edit=Action(reverse("edit_commitment", args=reference), pgettext("action", "Edit"))
        if may_edit(user, commitment)
        else None,
        ask=Action(
            f"{reverse('ask_reports')}?{urlencode({'reference': commitment.reference})}",
            _("Ask for a report"),
        )
        if user.may(Right.ASSIGN) and commitment.status in OPEN and not commitment.is_in_error
        else None,
    )


def quick_edits(commitment: Commitment, user: "User") -> dict[str, str]:
    """The addresses at which ``user`` may edit one field in place, by the name of the field.

    ``agencies`` is the address to assign an agency. For one that is assigned, its key and "/" follow.
    """
    edits = {
        name: reverse("edit_part", args=[commitment.reference, name])
        for name in PARTS
        if edit_refusal(commitment, user, [name], reason="-") is None
    }
    if user.may(Right.ASSIGN) and not commitment.is_in_error:
        edits["agencies"] = reverse("assign_agency", args=[commitment.reference])
    return edits


def correction_actions(commitment: Commitment, user: "User") -> tuple[Action, ...]:
    """What ``user`` may do to mend the record of ``commitment``: the entries of the menu "Correct"."""
    actions = []
    if mendable_by(user, commitment):
        url = reverse("entered_in_error", args=[commitment.reference])
        label = _("No error after all") if commitment.is_in_error else _("Entered in error")
        actions.append(Action(url, label))
    if user.may(Right.MERGE) and commitment.status != Status.UNDER_REVIEW and not commitment.is_in_error:
        url = reverse("merge", args=[commitment.reference])
        actions.append(Action(url, _("Merge with another")))
        for done in commitment.merges.all():
            if done.is_in_force:
                label = _("Undo the merge of %(reference)s") % {"reference": done.absorbed.reference}
                actions.append(Action(reverse("undo_merge", args=[commitment.reference, done.pk]), label))
    if commitment.is_in_error and user.may(Right.ENTER_ADMIN) and user.may(Right.EDIT_REGISTER):
        url = f"{reverse('admin:commitments_commitment_add')}?{urlencode({'again': commitment.reference})}"
        actions.append(Action(url, _("Register again")))
    if user.may(Right.CORRECT_DAY) and not commitment.is_in_error:
        actions.append(Action(reverse("correct_day", args=[commitment.reference]), _("Correct a day")))
    return tuple(actions)


def what_follows(row: Transition, workflow: WorkflowContext) -> tuple[Status, ...]:
    """The status now and the one after the transition ``row``, unless that is for the form to decide."""
    if row.target == TargetRule.OUTCOME:
        return (workflow.status,)
    return (workflow.status, workflow.target_of(row))
