"""The first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.dated import Dated
from commitments.reports.overview import overview_of
from commitments.views.dated import refused


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """How the register stands, and what wants the reader's attention."""
    asked = Dated(request.GET)
    if asked.faults:
        return refused(request, asked.faults, _("Overview"), "overview")
    when = asked.when
    context = {"page": overview_of(request.user, when), "when": when, "today": when.day}
    return render(request, "commitments/overview.html", context)
