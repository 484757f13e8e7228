"""The form of one transition of a commitment."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.attempts import Attempt, attempt_transition
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.actions import transition_actions, what_follows
from commitments.reports.edit_history import edits_of
from commitments.reports.history import history_of, returned_in
from commitments.services.errors import UnknownTransition
from pages.detail.page import commitment_page


@require_http_methods(["GET", "HEAD", "POST"])
def transition(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    """Show the form of a transition and make the transition on POST.

    If the transition is refused, nothing is changed: the form is shown again with the input and the current
    status. A form that was never possible is not shown; the page says why.
    """
    data = request.POST if request.method == "POST" else None
    try:
        attempt = attempt_transition(
            reference=reference,
            name=name,
            user=request.user,
            query=request.GET,
            data=data,
            files=request.FILES,
        )
    except UnknownTransition as unknown:
        found = get_object_or_404(Commitment.objects.readable_by(request.user), reference=reference)
        context: dict[str, Any] = {"commitment": found, "reason": str(unknown)}
        return render(request, "detail/refused.html", context, status=400)
    if attempt.change:
        values = {"reference": reference, "status": attempt.change.get_to_status_display()}
        messages.success(request, _("%(reference)s is now %(status)s.") % values)
        return redirect(attempt.commitment)
    return _show(request, attempt)


def _show(request: SignedInRequest, attempt: Attempt) -> HttpResponse:
    found, as_of = attempt.commitment, AsOf.now()
    context: dict[str, Any] = {
        "commitment": found,
        "attempt": attempt,
        "transitions": () if attempt.is_possible else transition_actions(found, request.user),
    }
    if attempt.conflict and not attempt.form.is_bound:
        context |= {"reason": str(attempt.conflict), "last": attempt.last}
        return render(request, "detail/refused.html", context, status=attempt.status)
    page = commitment_page(found, request.user, as_of)
    context |= {
        "page": page,
        "history": history_of(
            found, page.changes, page.evidence, as_of, edits_of(found, request.user, as_of)
        ),
        "next_statuses": what_follows(attempt.row, attempt.workflow) if attempt.is_possible else (),
        "returned": returned_in(found, page.changes),
        "today": as_of.day,
    }
    return render(request, "detail/transition.html", context, status=attempt.status)
