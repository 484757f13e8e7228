"""The form that notes what was entered in error, and lifts such a note."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.error_forms import ErrorForm
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.history import with_detail_relations
from commitments.reports.in_error import in_words
from commitments.services.entered_in_error import enter_in_error, lift, mendable_by, who_may
from commitments.services.errors import IsInError, NotYours, RequirementsNotMet, StillNeeded
from core import clock
from core.form_errors import errors_in
from pages.detail.page import commitment_page


@require_http_methods(["GET", "HEAD", "POST"])
def entered_in_error(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose what was entered in error, or was none: the commitment or what belongs to it."""
    as_of = AsOf(day=clock.today(), today=clock.today())
    rows: QuerySet[Any] = with_detail_relations(Commitment.objects.readable_by(request.user), as_of)
    found = get_object_or_404(rows, reference=reference)
    things = mendable_by(request.user, found)
    if not things:
        raise NotYours(who_may())
    form = ErrorForm(request.POST or None, things=[(each, in_words(each)) for each in things])
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, form)
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
        except (IsInError, StillNeeded) as refused:
            form.add_error("what", str(refused))
            status = 409
        else:
            messages.success(request, form.done)
            return redirect(found)
    context = {
        "commitment": found,
        "page": commitment_page(found, request.user, as_of),
        "form": form,
        "errors": list(errors_in([form])),
        "title": _("No error after all") if found.is_in_error else _("Entered in error"),
        "button": _("Save"),
        "today": as_of.day,
    }
    return render(request, "detail/record_form.html", context, status=status)


def _write(request: SignedInRequest, form: ErrorForm) -> None:
    write = lift if form.lifts else enter_in_error
    write(thing=form.thing, actor=request.user, reason=form.cleaned_data["reason"])
