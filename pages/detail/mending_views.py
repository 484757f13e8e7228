"""The forms that mend the record of a commitment: what was entered in error, and which day was wrong."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.forms import RefusableForm
from commitments.mending_forms import DayForm, ErrorForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.history import with_detail_relations
from commitments.reports.in_error import in_words
from commitments.services.day_corrections import correct_day, datable, require_corrector
from commitments.services.entered_in_error import enter_in_error, lift, mendable_by, who_may
from commitments.services.errors import NotEditable, NotYours, RequirementsNotMet
from commitments.services.locking import in_error_refusal
from core import clock
from core.form_errors import errors_in
from pages.detail.page import commitment_page

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def entered_in_error(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose what was entered in error, or was none: the commitment or what belongs to it."""
    found = _commitment_or_404(request, reference)
    things = mendable_by(request.user, found)
    if not things:
        raise NotYours(who_may())
    form = ErrorForm(request.POST or None, things=[(each, in_words(each)) for each in things])

    def write() -> str:
        act = lift if form.lifts else enter_in_error
        act(thing=form.thing, actor=request.user, reason=form.cleaned_data["reason"])
        return form.done

    title = _("No error after all") if found.is_in_error else _("Entered in error")
    return _answer(request, found, form, title, write)


@form_methods
def days(request: SignedInRequest, reference: str) -> HttpResponse:
    """Correct the day of a status change. The wrong one stays on record."""
    found = _commitment_or_404(request, reference)
    require_corrector(request.user)
    if refused := in_error_refusal(found):
        context = {"commitment": found, "reason": str(refused)}
        return render(request, "detail/refused.html", context, status=409)
    form = DayForm(request.POST or None, changes=datable(found.status_changes.all()))

    def write() -> str:
        values = form.cleaned_data
        correct_day(change=form.change, actor=request.user, day=values["on"], reason=values["reason"])
        return _("The day has been corrected. The wrong one stays in the history.")

    return _answer(request, found, form, _("Correct a day"), write)


def _commitment_or_404(request: SignedInRequest, reference: str) -> Any:
    as_of = AsOf(day=clock.today(), today=clock.today())
    rows: QuerySet[Any] = with_detail_relations(Commitment.objects.readable_by(request.user), as_of)
    return get_object_or_404(rows, reference=reference)


def _answer(
    request: SignedInRequest, found: Any, form: RefusableForm, title: str, write: Callable[[], str]
) -> HttpResponse:
    """Save a valid form and return to the commitment; otherwise show the form with its errors."""
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            done = write()
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
        except NotEditable as refused:
            form.add_error(next(iter(form.fields)), str(refused))
            status = 409
        else:
            messages.success(request, done)
            return redirect(found)
    as_of = AsOf(day=clock.today(), today=clock.today())
    context = {
        "commitment": found,
        "page": commitment_page(found, request.user, as_of),
        "form": form,
        "errors": list(errors_in([form])),
        "title": title,
        "button": _("Save"),
        "today": as_of.day,
    }
    return render(request, "detail/record_form.html", context, status=status)
