"""How the list is laid out: which columns, and how dense. Chosen by plain forms above it."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from accounts.requests import SignedInRequest
from commitments.reports.columns import PARAMETER
from commitments.reports.saved_views import kept_query, list_address
from core.post_only import posts
from pages.listing.table import in_places

DENSITY = "list_density"
"""Kept in the session: a taste of this person at this desk, no part of what the list shows."""
COMPACT, REGULAR = "compact", "regular"


@posts(back=lambda request: list_address(kept_query(request.GET)))
def columns(request: SignedInRequest) -> HttpResponse:
    """Show the columns that were ticked, in the places that were typed, and go back to the list."""
    query = _query(request)
    query.pop(PARAMETER, None)
    if "usual" not in request.POST and (
        chosen := in_places(request.POST.getlist(PARAMETER), request.POST.dict())
    ):
        query[PARAMETER] = chosen
    return redirect(list_address(query.urlencode(safe=",")))


@posts(back=lambda request: list_address(kept_query(request.GET)))
def density(request: SignedInRequest) -> HttpResponse:
    """Set the rows closer together or farther apart, and go back to the list."""
    asked = request.POST.get("density")
    if asked in (COMPACT, REGULAR):
        request.session[DENSITY] = asked
    return redirect(list_address(_query(request).urlencode(safe=",")))


def density_of(request: SignedInRequest) -> str:
    """How dense the rows are to stand."""
    return COMPACT if request.session.get(DENSITY) == COMPACT else REGULAR


def _query(request: SignedInRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", ""), mutable=True)
