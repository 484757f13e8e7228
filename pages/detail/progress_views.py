"""Forms that change no status: progress, evidence, readings and proposed deadlines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.evidence_forms import AttachmentForm
from commitments.forms import (
    DeadlineForm,
    ProgressForm,
    ReadingForm,
    RefusableForm,
    WithdrawalForm,
)
from commitments.models import Commitment, Evidence, Target
from commitments.querysets import AsOf
from commitments.reports.history import with_detail_relations
from commitments.services.deadline_proposals import propose_deadline, require_proposer
from commitments.services.errors import NotEditable, RequirementsNotMet
from commitments.services.locking import in_error_refusal
from commitments.services.policy import fixed_refusal
from commitments.services.progress import add_evidence, record_progress, require_reporter, withdraw_evidence
from commitments.services.readings import record_reading
from core.documents.reading import ReadersBusy
from core.form_errors import errors_in
from pages.detail.page import commitment_page


@dataclass(frozen=True, slots=True)
class FormTexts:
    """The title of a form, the message after it was saved, and the label of its button."""

    title: str
    done: str
    button: str


form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _commitment_or_404(request: SignedInRequest, reference: str) -> Any:
    as_of = AsOf.now()
    rows: QuerySet[Any] = with_detail_relations(Commitment.objects.readable_by(request.user), as_of)
    return get_object_or_404(rows, reference=reference)


@form_methods
def progress(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record a progress update."""
    found = _commitment_or_404(request, reference)
    require_reporter(found, request.user)
    form = ProgressForm(request.POST or None, commitment=found)
    texts = FormTexts(_("Record progress"), _("The progress update has been saved."), _("Save"))
    return _answer(
        request, found, form, texts, lambda: record_progress(**_by(request, found), **form.arguments())
    )


@form_methods
def evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """Attach evidence: a link or a file."""
    found = _commitment_or_404(request, reference)
    require_reporter(found, request.user)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    texts = FormTexts(_("Attach evidence"), _("The evidence has been attached."), _("Attach"))
    return _answer(
        request, found, form, texts, lambda: add_evidence(**_by(request, found), **form.cleaned_data)
    )


@form_methods
def readings(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record a reading of the target. Raises 404 if the commitment has no target."""
    found = _commitment_or_404(request, reference)
    target = get_object_or_404(Target, commitment=found)
    require_reporter(found, request.user)
    form = ReadingForm(request.POST or None, unit=target.unit)
    title = _("Record a reading: %(indicator)s") % {"indicator": target.indicator}
    texts = FormTexts(title, _("The reading has been saved."), _("Save"))
    return _answer(
        request, found, form, texts, lambda: record_reading(**_by(request, found), **form.cleaned_data)
    )


@form_methods
def withdrawal(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Withdraw a piece of evidence."""
    found = _commitment_or_404(request, reference)
    piece = get_object_or_404(Evidence, pk=pk, commitment=found)
    require_reporter(found, request.user)
    form = WithdrawalForm(request.POST or None)
    title = _("Withdraw the evidence: %(title)s") % {"title": piece.title}
    texts = FormTexts(title, _("The evidence has been withdrawn."), pgettext("evidence", "Withdraw"))

    def write() -> object:
        return withdraw_evidence(evidence=piece, actor=request.user, **form.cleaned_data)

    return _answer(request, found, form, texts, write)


@form_methods
def deadline(request: SignedInRequest, reference: str) -> HttpResponse:
    """Propose another deadline. It counts once a reviewer has accepted it."""
    found = _commitment_or_404(request, reference)
    require_proposer(found, request.user)
    if request.method != "POST" and (refusal := fixed_refusal(found, ["deadline"])):
        context = {"commitment": found, "reason": str(refusal)}
        return render(request, "detail/refused.html", context, status=409)
    form = DeadlineForm(request.POST or None, commitment=found)
    done = _("The new deadline has been proposed. It counts once a reviewer has accepted it.")
    texts = FormTexts(_("Propose another deadline"), done, pgettext("deadline", "Propose"))
    return _answer(
        request, found, form, texts, lambda: propose_deadline(**_by(request, found), **form.arguments())
    )


def _by(request: SignedInRequest, found: Commitment) -> dict[str, Any]:
    return {"commitment": found, "actor": request.user}


def _answer(
    request: SignedInRequest,
    found: Any,
    form: RefusableForm,
    texts: FormTexts,
    write: Callable[[], object],
) -> HttpResponse:
    """Save a valid form and return to the commitment; otherwise show the form with its errors."""
    if refused_now := in_error_refusal(found):
        context = {"commitment": found, "reason": str(refused_now)}
        return render(request, "detail/refused.html", context, status=409)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
        except NotEditable as refused:
            form.add_error(None, str(refused))
            status = 409
        except ReadersBusy as busy:
            form.refuse({"file": [str(busy)]})
        else:
            messages.success(request, texts.done)
            return redirect(found)
    as_of = AsOf.now()
    context = {
        "commitment": found,
        "page": commitment_page(found, request.user, as_of),
        "form": form,
        "errors": list(errors_in([form])),
        "title": texts.title,
        "button": texts.button,
        "today": as_of.day,
    }
    return render(request, "detail/record_form.html", context, status=status)
