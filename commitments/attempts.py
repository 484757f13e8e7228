"""One attempt at a transition by its form, the same for the pages and the admin."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from commitments.choices import Status
from commitments.forms import TransitionForm
from commitments.models import Commitment, StatusChange
from commitments.querysets import AsOf
from commitments.reports.dossier_changes import DossierChange, changes_since
from commitments.reports.history import with_detail_relations
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.errors import (
    DossierChanged,
    IllegalTransition,
    RequirementsNotMet,
    UnknownTransition,
)
from commitments.services.policy import WorkflowContext, refusal, workflow_context
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.documents.reading import ReadersBusy
from core.whole_numbers import whole_number

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

    from accounts.models import User


_FIRST_CHOICES = {TransitionName.SUBMIT: {"outcome": Status.FULFILLED}}
"""What a form proposes. An outcome that is not possible is offered by no form."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt.

    ``change`` is what was written. Otherwise ``form`` is to be shown with what was typed. ``conflict`` is why
    the commitment, as it is now, refused the transition. ``changes`` are those of the dossier since it was
    read, if a decision was about another state.
    """

    commitment: Any
    workflow: WorkflowContext
    form: TransitionForm
    change: StatusChange | None = None
    conflict: IllegalTransition | None = None
    changes: tuple[DossierChange, ...] | None = None

    @property
    def row(self) -> Transition:
        """The transition."""
        return self.form.row

    @property
    def status(self) -> HTTPStatus:
        """The status code of an answer that shows the form."""
        if self.conflict:
            return HTTPStatus.CONFLICT
        return HTTPStatus.BAD_REQUEST if self.form.is_bound else HTTPStatus.OK

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The errors for the summary above the form. After a conflict the input was not judged."""
        return list(self.form.faults()) if self.status == HTTPStatus.BAD_REQUEST else []

    @property
    def last(self) -> StatusChange:
        """The last status change."""
        return self.workflow.last

    @property
    def is_possible(self) -> bool:
        """Whether the form may be sent, or sent again."""
        return not self.conflict or refusal(self.row, self.workflow, self.form.user) is None


def attempt_transition(
    *,
    reference: str,
    name: str,
    user: "User",
    query: QueryDict,
    data: QueryDict | None,
    files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
    form_class: type[TransitionForm] = TransitionForm,
) -> Attempt:
    """Make the transition ``name`` from the form ``data``; without ``data`` prepare the form from ``query``.

    Raises ``Http404`` (not visible), ``UnknownTransition`` and ``PermissionDenied``. Every other refusal is
    in the result, and what was typed stays in its form, which may be sent again: it carries the state that
    the answer shows.
    """
    stamp, workflow, commitment = _read(reference, user)
    if name not in TRANSITIONS:
        raise UnknownTransition(name)
    row = TRANSITIONS[TransitionName(name)]
    form = form_class(
        data.copy() if data is not None else None,
        row=row,
        commitment=commitment,
        user=user,
        workflow=workflow,
        stamp=stamp,
        initial={**_FIRST_CHOICES.get(row.name, {}), **TransitionForm.prefilled(query)},
        files=files,
    )
    if row.takes_delivery and data is None:
        form.fields["note"].widget.attrs["autofocus"] = True
    seen = whole_number(data.get("seen") or "") if data is not None else None
    if error := refusal(row, workflow, user, seen=seen):
        if not isinstance(error, IllegalTransition):
            raise error
        return _conflict(form, error)
    if data is None or not form.is_valid():
        return Attempt(commitment, workflow, form)
    try:
        change = apply_transition(commitment=commitment, name=name, actor=user, **form.arguments())
    except IllegalTransition as conflict:
        return _conflict(form, conflict)
    except RequirementsNotMet as unmet:
        form.refuse(unmet.errors)
        return Attempt(commitment, workflow, form)
    except ReadersBusy as busy:
        form.refuse({"evidence": [str(busy)]})
        return Attempt(commitment, workflow, form)
    return Attempt(commitment, workflow, form, change=change)


def _conflict(form: TransitionForm, error: IllegalTransition) -> Attempt:
    """Read again, and let the next attempt start from what is shown now."""
    stamp, workflow, commitment = _read(form.commitment.reference, form.user)
    changes = None
    if form.is_bound:
        read = form.show_again(stamp, workflow.last.number)
        if isinstance(error, DossierChanged):
            changes = changes_since(commitment, read, form.user)
    return Attempt(commitment, workflow, form, conflict=error, changes=changes)


def _read(reference: str, user: "User") -> tuple[Stamp | None, WorkflowContext, Any]:
    """What the form is about: the stamp first and the page last, so that nobody decides on what came later.

    The page leaves out what is dated after today; the workflow never does.
    """
    stamp, visible = stamp_for(user, reference), Commitment.objects.readable_by(user)
    workflow = workflow_context(get_object_or_404(visible, reference=reference))
    as_of = AsOf.now()
    detailed: Any = with_detail_relations(visible, as_of)
    return stamp, workflow, get_object_or_404(detailed, reference=reference)
