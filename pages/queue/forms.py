"""The form of a decision in the queue: one note, and a button for each way to decide."""

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.forms import TransitionForm
from commitments.models import Commitment
from commitments.services.dossier import Stamp
from commitments.services.policy import WorkflowContext
from commitments.workflow import TRANSITIONS, TransitionName

if TYPE_CHECKING:
    from accounts.models import User

DECISIONS = (TransitionName.CONFIRM, TransitionName.RETURN)
"""The decisions, each by the name of its transition. The names are the values of the buttons."""


class DecisionForm(TransitionForm):
    """The form of ``confirm``, in which the note serves ``return`` too.

    The evidence of a decision is given on the page of the transition.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        commitment: Commitment,
        user: "User",
        workflow: WorkflowContext,
        stamp: Stamp | None,
    ) -> None:
        row = TRANSITIONS[TransitionName.CONFIRM]
        super().__init__(data, row=row, commitment=commitment, user=user, workflow=workflow, stamp=stamp)
        self.evidence = ()
        self.fields["note"].help_text = _(
            "To return it, say what is missing. "
            "If you decide on another outcome than the proposed one, say why."
        )

    def taken_from(self, decided: TransitionForm) -> "DecisionForm":
        """Show the errors of ``decided``, which was checked in place of this form, and no others."""
        if decided is not self:
            self.errors.clear()
            self.errors.update(decided.errors)
        return self


def decided_form(name: TransitionName, shown: DecisionForm, **of: Any) -> TransitionForm:
    """The form that checks the decision ``name`` with the input of ``shown``."""
    if name == TransitionName.CONFIRM:
        return shown
    data: Any = shown.data
    return TransitionForm(data, row=TRANSITIONS[name], **of)
