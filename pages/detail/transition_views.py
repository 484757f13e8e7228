"""One move of one commitment: its form, and the making of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.forms import TransitionForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.actions import may_record, what_follows
from commitments.reports.history import history_of, with_detail_relations
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import WorkflowContext, refusal, workflow_context
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core import clock
from pages.detail.page import commitment_page


@require_http_methods(["GET", "HEAD", "POST"])
def transition(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """The form of a move, and on POST the move itself; a refusal changes nothing and says where it stands."""
    as_of = AsOf(day=clock.today(), today=clock.today())
    found = get_object_or_404(
        with_detail_relations(Commitment.objects.visible_to(request.user), as_of), reference=reference
    )
    if name not in TRANSITIONS:
        return _refused(request, found, UnknownTransition(name), status=400)
    row, dossier = TRANSITIONS[TransitionName(name)], workflow_context(found)
    try:
        if why_not := refusal(row, dossier, request.user):
            raise why_not
        form = _form(request, row, found, dossier)
        if request.method == "POST" and form.is_valid() and (made := _make(request, found, form)):
            return made
    except IllegalTransition as refused:
        return _refused(request, found, refused, status=409)
    account = commitment_page(found, request.user, as_of)
    context = {
        "commitment": found,
        "account": account,
        "history": history_of(found, account.changes, account.evidence, as_of),
        "row": row,
        "form": form,
        "faults": list(form.faults()) if form.is_bound else [],
        "follows": what_follows(row, dossier),
        "attach": may_record(found, request.user).evidence,
        "today": as_of.day,
    }
    return render(request, "detail/transition.html", context, status=400 if form.is_bound else 200)


def _form(
    request: SignedInRequest, row: Transition, found: Commitment, dossier: WorkflowContext
) -> TransitionForm:
    return TransitionForm(
        request.POST if request.method == "POST" else None,
        row=row,
        commitment=found,
        user=request.user,
        dossier=dossier,
        initial=TransitionForm.prefilled(request.GET),
    )


def _make(request: SignedInRequest, found: Commitment, form: TransitionForm) -> HttpResponse | None:
    """Make the move and go back to the commitment; nothing where the writer found something missing."""
    try:
        change = apply_transition(
            commitment=found, name=form.row.name, actor=request.user, **form.arguments()
        )
    except RequirementsNotMet as refused:
        form.refuse(refused.errors)
        return None
    said = {"reference": found.reference, "status": change.get_to_status_display()}
    messages.success(request, _("Done: %(reference)s is %(status)s now.") % said)
    return redirect(found)


def _refused(request: SignedInRequest, found: Commitment, why: Exception, *, status: int) -> HttpResponse:
    """A page that says why not, how the commitment stands now, and what had been typed."""
    found.refresh_from_db(fields=["status"])
    context: dict[str, Any] = {"commitment": found, "why": str(why), "typed": request.POST.get("note", "")}
    return render(request, "detail/refused.html", context, status=status)
