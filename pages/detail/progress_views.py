"""What is recorded beside the workflow, and changes no status: progress, evidence, another deadline."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.forms import (
    AttachmentForm,
    DeadlineForm,
    ProgressForm,
    ReadingForm,
    RefusableForm,
    WithdrawalForm,
)
from commitments.models import Commitment, Evidence, Target
from commitments.querysets import AsOf
from commitments.reports.history import with_detail_relations
from commitments.services.deadlines import change_deadline, require_editor
from commitments.services.errors import RequirementsNotMet
from commitments.services.progress import add_evidence, record_progress, require_reporter, withdraw_evidence
from commitments.services.readings import record_reading
from core import clock
from pages.detail.page import commitment_page

both = require_http_methods(["GET", "HEAD", "POST"])


def _visible(request: SignedInRequest, reference: str) -> Any:
    as_of = AsOf(day=clock.today(), today=clock.today())
    rows: QuerySet[Any] = with_detail_relations(Commitment.objects.visible_to(request.user), as_of)
    return get_object_or_404(rows, reference=reference)


@both
def progress(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record a progress update."""
    found = _visible(request, reference)
    require_reporter(found, request.user)
    form = ProgressForm(request.POST or None, commitment=found)
    words = (_("Record progress"), _("The update is recorded."))
    return _answer(
        request, found, form, words, lambda: record_progress(**_by(request, found), **form.arguments())
    )


@both
def evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """Attach evidence: a link or a file."""
    found = _visible(request, reference)
    require_reporter(found, request.user)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    words = (_("Attach evidence"), _("The evidence is attached."))
    return _answer(
        request, found, form, words, lambda: add_evidence(**_by(request, found), **form.cleaned_data)
    )


@both
def readings(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record a figure reported for the target; without a target there is nothing to read (404)."""
    found = _visible(request, reference)
    target = get_object_or_404(Target, commitment=found)
    require_reporter(found, request.user)
    form = ReadingForm(request.POST or None, unit=target.unit)
    words = (
        _("Record a reading: %(indicator)s") % {"indicator": target.indicator},
        _("The reading is recorded."),
    )
    return _answer(
        request, found, form, words, lambda: record_reading(**_by(request, found), **form.cleaned_data)
    )


@both
def withdrawal(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Say that a piece of evidence no longer counts."""
    found = _visible(request, reference)
    piece = get_object_or_404(Evidence, pk=pk, commitment=found)
    require_reporter(found, request.user)
    form = WithdrawalForm(request.POST or None)
    words = (_("Withdraw the evidence: %(title)s") % {"title": piece.title}, _("The evidence is withdrawn."))

    def write() -> object:
        return withdraw_evidence(evidence=piece, actor=request.user, **form.cleaned_data)

    return _answer(request, found, form, words, write)


@both
def deadline(request: SignedInRequest, reference: str) -> HttpResponse:
    """Give it another deadline window; the old one stays on record."""
    found = _visible(request, reference)
    require_editor(request.user)
    form = DeadlineForm(request.POST or None, commitment=found)
    words = (_("Change the deadline"), _("The deadline is changed."))
    return _answer(
        request, found, form, words, lambda: change_deadline(**_by(request, found), **form.arguments())
    )


def _by(request: SignedInRequest, found: Commitment) -> dict[str, Any]:
    return {"commitment": found, "actor": request.user}


def _answer(
    request: SignedInRequest,
    found: Any,
    form: RefusableForm,
    words: tuple[str, str],
    write: Callable[[], object],
) -> HttpResponse:
    """Write what a valid form says and go back to the commitment; else show the form with what is wrong."""
    title, done = words
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, done)
            return redirect(found)
    as_of = AsOf(day=clock.today(), today=clock.today())
    context = {
        "commitment": found,
        "account": commitment_page(found, request.user, as_of),
        "form": form,
        "title": title,
        "today": as_of.day,
    }
    return render(request, "detail/record_form.html", context, status=400 if form.is_bound else 200)
