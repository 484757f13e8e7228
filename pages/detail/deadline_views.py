"""The decision on a proposed deadline: of a reviewer, or the withdrawal by whoever proposed it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.choices import ProposalState
from commitments.forms import DeadlineDecisionForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.dossier_changes import changes_since
from commitments.reports.history import with_detail_relations
from commitments.services.deadline_proposals import (
    decide_deadline,
    is_open,
    may_decide,
    may_withdraw,
    require_concerned,
)
from commitments.services.dossier import stamp_for
from commitments.services.errors import DossierChanged, NotEditable, ProposalClosed, RequirementsNotMet
from core.form_errors import errors_in
from pages.detail.page import commitment_page


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Show a proposed deadline; on POST decide on it. From the queue, its next commitment follows."""
    stamp = stamp_for(request.user, reference)  # before the page is read, so that it shows no older state
    if stamp is None:
        raise Http404
    as_of = AsOf.now()
    rows: Any = with_detail_relations(Commitment.objects.readable_by(request.user), as_of)
    found = get_object_or_404(rows, reference=reference)
    proposal = get_object_or_404(found.deadline_proposals.with_decisions(), number=number)
    require_concerned(proposal, request.user)
    withdraws = may_withdraw(request.user, proposal)
    data = request.POST.copy() if request.method == "POST" else None
    form = DeadlineDecisionForm(data, stamp=stamp, withdraws=withdraws)
    status, changes, refused = (400 if form.is_bound else 200), None, ""
    if data is not None and form.is_valid():
        try:
            made = decide_deadline(
                proposal=proposal,
                actor=request.user,
                decision=data.get("decision", ""),
                **form.arguments(),
            )
        except DossierChanged:
            status, changes = 409, changes_since(found, form.show_again(stamp), request.user)
        except (NotEditable, ProposalClosed) as conflict:
            status, refused = 409, str(conflict)
        except RequirementsNotMet as unmet:
            form.refuse(unmet.errors)
        else:
            _tell(request, made.state, found)
            return _next(request, found)
    context = {
        "commitment": found,
        "page": commitment_page(found, request.user, as_of),
        "proposal": proposal,
        "is_open": is_open(proposal) and not refused,
        "decides": may_decide(request.user, proposal),
        "form": form,
        "errors": list(errors_in([form])) if changes is None else [],
        "changes": changes,
        "refused": refused,
        "then": request.POST.get("then", ""),
        "in_queue": "then" in request.POST,
        "today": as_of.day,
    }
    return render(request, "detail/deadline_decision.html", context, status=HTTPStatus(status))


def _tell(request: SignedInRequest, state: str, found: Commitment) -> None:
    sentences = {
        ProposalState.ACCEPTED: _("%(reference)s has the new deadline."),
        ProposalState.REFUSED: _("The proposed deadline of %(reference)s is refused."),
        ProposalState.WITHDRAWN: _("The proposed deadline of %(reference)s is withdrawn."),
    }
    messages.success(request, sentences[ProposalState(state)] % {"reference": found.reference})


def _next(request: SignedInRequest, found: Commitment) -> HttpResponse:
    """Back to the commitment; from the queue, on to the next one that still waits."""
    if "then" not in request.POST:
        return redirect(found)
    reference = request.POST["then"].replace("\x00", "")  # which PostgreSQL refuses
    then = Commitment.objects.visible_to(request.user).filter(reference=reference).first()
    return redirect("queue_item", then.reference) if then else redirect("queue")
