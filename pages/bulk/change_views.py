"""The forms of a bulk action beside the workflow, and the form that takes a bulk action back."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.bulk_forms import BulkTakeBackForm
from commitments.services.bulk import begin_taking_back
from commitments.services.errors import RequirementsNotMet
from pages.bulk.changes import CHANGES
from pages.bulk.page import lead_agencies_of, selection_of
from pages.bulk.taking_back import offers_taking_back, preview_of
from pages.bulk.views import earlier_values, own_job, render_form, require_bulk_rights, started


@require_http_methods(["GET", "HEAD", "POST"])
@require_bulk_rights
def change(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Show the form of the change ``name`` for all rows, and start the job."""
    found = own_job(request, pk)
    if name not in CHANGES:
        raise Http404
    change = CHANGES[name]
    if not request.user.may(change.right):
        if change.right == Right.ASSIGN:
            raise PermissionDenied(_("Only an officer can assign agencies."))
        raise PermissionDenied(_("Only an officer can edit commitments."))
    if found.begun_at is not None:
        return redirect("bulk_job", found.pk)
    data = request.POST if request.method == "POST" else None
    form = change.form(data, job=found, initial=earlier_values(request, change.act))
    if data is not None and form.is_valid():
        try:
            return started(request, change.begin(job=found, **form.cleaned_data))
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
    selection = selection_of(found, request.user)
    button = change.button % {"n": number_format(selection.visible), "count": selection.visible}
    context = {
        "title": change.label,
        "button": button,
        "leads": lead_agencies_of(found, request.user) if change.is_of_agencies else (),
    }
    return render_form(request, found, selection, form=form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_bulk_rights
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show for how many rows a finished job can be taken back, and start the job that does it."""
    found = own_job(request, pk)
    if not offers_taking_back(found, request.user):
        return redirect("bulk_job", pk)
    data = request.POST if request.method == "POST" else None
    form = BulkTakeBackForm(data, job=found)
    if data is not None and form.is_valid():
        try:
            return started(request, begin_taking_back(job=found, **form.cleaned_data))
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
    context = {
        "job": found,
        "form": form,
        "preview": preview_of(found, request.user),
        "errors": list(form.faults()) if form.is_bound else [],
    }
    return render(request, "bulk/take_back.html", context, status=400 if form.is_bound else 200)
