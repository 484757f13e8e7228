"""The list on paper: what the same parameters show, on one page to be handed over."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.reports.columns import ON_PAPER
from commitments.reports.query import filters_in_words, list_query, order_in_words
from pages.printing import page


@require_safe
def print_page(request: SignedInRequest) -> HttpResponse:
    """The rows by theme, or in the order that was asked for; a fault shows none (400)."""
    asked = list_query(request.GET, request.user, default=ON_PAPER)
    if asked.faults:
        return render(request, "listing/refused.html", {"faults": asked.faults}, status=400)
    context = {
        "paper": page.print_page(asked),
        "when": asked.filterset.when,
        "filters": list(filters_in_words(asked.filterset)),
        "order": order_in_words(asked.filterset) if "ordering" in asked.filterset.active else "",
        "query": asked.query.urlencode(),
    }
    return render(request, "printing/page.html", context)
