"""Classifying a record lower: the page on which it is proposed and decided, and what awaits a decision."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.choices import ProposalState
from commitments.level_forms import DowngradeDecisionForm, DowngradeForm
from commitments.models import Commitment, Downgrade
from commitments.services.downgrades import (
    decide_downgrade,
    is_open,
    may_decide,
    propose_downgrade,
    require_concerned,
    require_proposer,
    to_decide,
    user_is_not_author,
    visible_records,
)
from commitments.services.errors import IsInError, NotYours, ProposalClosed, RequirementsNotMet
from core.form_errors import errors_in
from relations.models import Meeting, Source

KINDS: dict[str, Any] = {"commitment": Commitment, "meeting": Meeting, "source": Source}
"""The kinds of records that are classified."""


@require_safe
def waiting(request: SignedInRequest) -> HttpResponse:
    """The proposals that await the decision of the user."""
    if not request.user.may(Right.DECIDE_DOWNGRADE):
        raise NotYours(_("Only a reviewer or a security officer can decide on a lower classification."))
    proposals = [(each, address(each.record)) for each in to_decide(request.user)]
    return render(request, "levels/waiting.html", {"proposals": proposals})


def address(record: Any) -> str:
    """The address of the page on which the classification of ``record`` is lowered."""
    key = record.reference if isinstance(record, Commitment) else record.slug
    return reverse(f"{record._meta.model_name}_level", args=[key])


@require_http_methods(["GET", "HEAD", "POST"])
def level(request: SignedInRequest, kind: str, **key: str) -> HttpResponse:
    """Propose a lower classification of the record with that key, or decide on what is proposed."""
    record = get_object_or_404(visible_records(request.user, KINDS[kind]), **key)
    require_proposer(request.user)
    proposals = list(Downgrade.objects.of(record).told_to(request.user).with_decisions())
    current = next(filter(is_open, proposals), None)
    if current is None:
        form: Any = DowngradeForm(request.POST or None, record=record)
    else:
        # Whatever was read, the page that is shown again is about the one that is open now.
        data = request.POST.copy() if request.POST else None
        if data is not None:
            data["proposal"] = str(current.pk)
        form = DowngradeDecisionForm(data, initial={"proposal": current.pk})
    status, refused = (400 if form.is_bound else 200), ""
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, record, current, form)
        except (ProposalClosed, IsInError) as conflict:
            status, refused = 409, str(conflict)
        except RequirementsNotMet as unmet:
            form.refuse(unmet.errors)
        else:
            # Accepted, it may be read by more people; nobody sees less than before.
            return redirect(address(record))
    context = {
        "record": record,
        "proposals": proposals,
        "current": current,
        "decides": current is not None and may_decide(request.user, current),
        "withdraws": current is not None and not user_is_not_author(request.user, current),
        "form": form,
        "errors": list(errors_in([form])),
        "refused": refused,
    }
    return render(request, "levels/level.html", context, status=HTTPStatus(status))


def _write(request: SignedInRequest, record: Any, current: Downgrade | None, form: Any) -> None:
    if current is None:
        values = form.cleaned_data
        propose_downgrade(
            record=record, actor=request.user, level=values["classification"], reason=values["reason"]
        )
        messages.success(request, _("The lower classification has been proposed. Another person decides."))
        return
    require_concerned(current, request.user)
    if request.POST.get("proposal") != str(current.pk):
        raise ProposalClosed(_("Another lower classification is proposed now. Read it, then decide."))
    made = decide_downgrade(
        proposal=current,
        actor=request.user,
        decision=request.POST.get("decision", ""),
        note=form.cleaned_data["note"],
    )
    sentences = {
        ProposalState.ACCEPTED: _("The classification is lower now."),
        ProposalState.REFUSED: _("The proposed classification is refused."),
        ProposalState.WITHDRAWN: _("The proposed classification is withdrawn."),
    }
    messages.success(request, sentences[ProposalState(made.state)])
