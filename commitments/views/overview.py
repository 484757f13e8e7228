"""The first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.reports.overview import overview_of
from core import clock


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """How the register stands, and what wants the reader's attention."""
    today = clock.today()
    return render(
        request, "commitments/overview.html", {"page": overview_of(request.user, today), "today": today}
    )
