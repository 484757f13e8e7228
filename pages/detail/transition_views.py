"""The form of one transition of a commitment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.choices import Status
from commitments.forms import TransitionForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.actions import what_follows
from commitments.reports.dossier_changes import changes_since
from commitments.reports.history import history_of, returned_in, with_detail_relations
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
from core import clock
from core.documents.reading import ReadersBusy
from pages.detail.page import commitment_page
from pages.refused import transition_refused

_FIRST_CHOICES = {TransitionName.SUBMIT: {"outcome": Status.FULFILLED}}
"""What a form proposes. An outcome that is not possible is offered by no form."""


@require_http_methods(["GET", "HEAD", "POST"])
def transition(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """Show the form of a transition and make the transition on POST.

    If the transition is refused, nothing is changed and the page shows the current status. A decision on
    another state than the one that stands is shown again with the input, what changed, and the new state.
    """
    now = stamp_for(request.user, reference)  # before the page is read, so that it shows no older state
    as_of = AsOf(day=clock.today(), today=clock.today())
    found = get_object_or_404(
        with_detail_relations(Commitment.objects.visible_to(request.user), as_of), reference=reference
    )
    if name not in TRANSITIONS:
        return transition_refused(request, found, UnknownTransition(name), status=400)
    row, workflow = TRANSITIONS[TransitionName(name)], workflow_context(found)
    try:
        if refused := refusal(row, workflow, request.user):
            raise refused
        form = _form(request, row, found, workflow, now)
        status, changes = (400 if form.is_bound else 200), None
        if request.method == "POST" and form.is_valid() and (done := _make(request, found, form)):
            return done
    except DossierChanged:
        status, changes = 409, changes_since(found, form.show_again(now), request.user)
    except IllegalTransition as conflict:
        return transition_refused(request, found, conflict, status=409)
    page = commitment_page(found, request.user, as_of)
    context = {
        "commitment": found,
        "page": page,
        "history": history_of(found, page.changes, page.evidence, as_of),
        "row": row,
        "form": form,
        "errors": list(form.faults()) if form.is_bound else [],
        "changes": changes,
        "next_statuses": what_follows(row, workflow),
        "returned": returned_in(found, page.changes),
        "today": as_of.day,
    }
    return render(request, "detail/transition.html", context, status=status)


def _form(
    request: SignedInRequest, row: Transition, found: Commitment, workflow: WorkflowContext, now: Stamp | None
) -> TransitionForm:
    form = TransitionForm(
        request.POST.copy() if request.method == "POST" else None,
        row=row,
        commitment=found,
        user=request.user,
        workflow=workflow,
        stamp=now,
        initial={**_FIRST_CHOICES.get(row.name, {}), **TransitionForm.prefilled(request.GET)},
        files=request.FILES,
    )
    if row.takes_delivery and not form.is_bound:
        form.fields["note"].widget.attrs["autofocus"] = True
    return form


def _make(request: SignedInRequest, found: Commitment, form: TransitionForm) -> HttpResponse | None:
    """Make the transition and return to the commitment; ``None`` if the service found errors."""
    try:
        change = apply_transition(
            commitment=found, name=form.row.name, actor=request.user, **form.arguments()
        )
    except RequirementsNotMet as refused:
        form.refuse(refused.errors)
        return None
    except ReadersBusy as busy:
        form.refuse({"evidence": [str(busy)]})
        return None
    values = {"reference": found.reference, "status": change.get_to_status_display()}
    messages.success(request, _("%(reference)s is now %(status)s.") % values)
    return redirect(found)
