"""The printable page: the rows of the list with the same parameters, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.reports.columns import ON_PAPER
from commitments.reports.query import filters_in_words, list_query, order_in_words
from pages.printing import page


@require_safe
def print_page(request: SignedInRequest) -> HttpResponse:
    """The rows by theme, or in the order of the parameters. Invalid parameters show no rows (400)."""
    query = list_query(request.GET, request.user, default=ON_PAPER)
    if query.errors:
        return render(request, "listing/refused.html", {"errors": query.errors}, status=400)
    context = {
        "print_page": page.print_page(query),
        "when": query.filterset.when,
        "filters": list(filters_in_words(query.filterset)),
        "order": order_in_words(query.filterset) if "ordering" in query.filterset.active else "",
        "query": query.query.urlencode(),
    }
    return render(request, "printing/page.html", context)
