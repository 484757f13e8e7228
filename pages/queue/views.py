"""The reviewer's queue: one commitment at a time, decided on where it is read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.requests import SignedInRequest
from commitments.choices import Status
from commitments.forms import DeadlineDecisionForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.dossier_changes import changes_since
from commitments.reports.history import with_detail_relations
from commitments.services.deadline_proposals import is_open, may_decide
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.errors import (
    DossierChanged,
    IllegalTransition,
    NotYours,
    RequirementsNotMet,
    UnknownTransition,
)
from commitments.services.policy import WorkflowContext, refusal, workflow_context
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, TransitionName
from pages.queue.forms import DECISIONS, DecisionForm, decided_form
from pages.queue.page import dossier_of, place_in, queue_of
from pages.refused import transition_refused


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Lead to the commitment that has waited longest, or say that none waits."""
    _require_reviewer(request)
    waiting = queue_of(request.user, AsOf.now())
    if waiting:
        return redirect("queue_item", waiting[0])
    return render(request, "queue/empty.html")


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show a commitment of the queue; on POST decide on it, and go on to the next one."""
    _require_reviewer(request)
    now = stamp_for(request.user, reference)  # before the page is read, so that it shows no older state
    if now is None:
        raise Http404
    as_of = AsOf.now()
    rows = with_detail_relations(Commitment.objects.visible_to(request.user), as_of)
    found: Any = get_object_or_404(rows, reference=reference)
    waiting = queue_of(request.user, as_of)
    workflow = workflow_context(found)
    if request.method != "POST" and reference not in waiting:
        return _gone(request, found)
    if request.method != "POST" and workflow.status != Status.UNDER_REVIEW:
        return _deadline(request, found, waiting, as_of, now)
    data = request.POST.copy() if request.method == "POST" else None
    form = DecisionForm(data, commitment=found, user=request.user, workflow=workflow, stamp=now)
    status, changes = (400 if form.is_bound else 200), None
    if data is not None:
        try:
            if done := _decide(request, found, form, workflow, waiting):
                return done
        except DossierChanged:
            status, changes = (
                409,
                changes_since(found, form.show_again(now, workflow.last.number), request.user),
            )
        except IllegalTransition as conflict:
            return transition_refused(request, found, conflict, status=409)
        except UnknownTransition as unknown:
            return transition_refused(request, found, unknown, status=400)
    context = {
        "commitment": found,
        "place": place_in(waiting, reference),
        "dossier": dossier_of(found, request.user, as_of),
        "form": form,
        "errors": list(form.faults()) if form.is_bound and changes is None else [],
        "changes": changes,
        "today": as_of.day,
    }
    return render(request, "queue/page.html", context, status=status)


def _deadline(
    request: SignedInRequest, found: Any, waiting: list[str], as_of: AsOf, now: Stamp
) -> HttpResponse:
    """Show the first proposed deadline of a commitment of the queue. Its own page takes the decision."""
    waits = (
        each for each in found.deadline_proposals.all() if is_open(each) and may_decide(request.user, each)
    )
    if (proposal := next(waits, None)) is None:
        return _gone(request, found)
    place = place_in(waiting, found.reference)
    context = {
        "commitment": found,
        "place": place,
        "then": place.after,
        "dossier": dossier_of(found, request.user, as_of),
        "proposal": proposal,
        "form": DeadlineDecisionForm(stamp=now),
        "errors": [],
        "decides": True,
        "in_queue": True,
        "today": as_of.day,
    }
    return render(request, "queue/deadline.html", context)


def _decide(
    request: SignedInRequest,
    found: Commitment,
    shown: DecisionForm,
    workflow: WorkflowContext,
    waiting: list[str],
) -> HttpResponse | None:
    """Make the decision of the button that was pressed; ``None`` if the form has errors."""
    name = request.POST.get("decision", "")
    if name not in DECISIONS:
        raise UnknownTransition(name)
    if refused := refusal(TRANSITIONS[TransitionName(name)], workflow, request.user):
        raise refused
    form = decided_form(TransitionName(name), shown, commitment=found, user=request.user, workflow=workflow)
    if form.is_valid():
        try:
            change = apply_transition(commitment=found, name=name, actor=request.user, **form.arguments())
        except RequirementsNotMet as errors:
            form.refuse(errors.errors)
        else:
            values = {"reference": found.reference, "status": change.get_to_status_display()}
            messages.success(request, _("%(reference)s is now %(status)s.") % values)
            return redirect(_next(waiting, found.reference))
    shown.taken_from(form)
    return None


def _next(waiting: list[str], decided: str) -> str:
    """The address of what follows the commitment that was just decided on."""
    after = place_in(waiting, decided).after if decided in waiting else ""
    return reverse("queue_item", args=[after]) if after else reverse("queue")


def _gone(request: SignedInRequest, found: Commitment) -> HttpResponse:
    """Lead on from a commitment that does not wait for this reviewer, as after somebody else's decision."""
    values = {"reference": found.reference, "status": found.get_status_display()}
    messages.info(request, _("%(reference)s does not await your decision. It is %(status)s now.") % values)
    return redirect("queue")


def _require_reviewer(request: SignedInRequest) -> None:
    if Role.REVIEWER not in request.user.roles:
        raise NotYours(_("The queue is for reviewers: it holds what awaits a decision."))
