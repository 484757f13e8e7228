"""The columns and the row spacing of the list, set by plain forms above it."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from accounts.requests import SignedInRequest
from commitments.reports.columns import PARAMETER
from commitments.reports.saved_views import list_address, stored_query
from core.post_only import posts
from pages.listing.table import columns_value

DENSITY = "list_density"
"""The session key. Row spacing is a preference of the session and no part of saved views."""
COMPACT, REGULAR = "compact", "regular"


@posts(back=lambda request: list_address(stored_query(request.GET)))
def columns(request: SignedInRequest) -> HttpResponse:
    """Show the checked columns in the order of the form, or with one of them moved; redirect to the list."""
    query = _query(request)
    query.pop(PARAMETER, None)
    up, down = request.POST.get("up", ""), request.POST.get("down", "")
    value = columns_value(request.POST.getlist(PARAMETER), up=up, down=down)
    if value and "usual" not in request.POST:
        query[PARAMETER] = value
    return redirect(list_address(query.urlencode(safe=",")))


@posts(back=lambda request: list_address(stored_query(request.GET)))
def density(request: SignedInRequest) -> HttpResponse:
    """Set the row spacing; redirect to the list."""
    value = request.POST.get("density")
    if value in (COMPACT, REGULAR):
        request.session[DENSITY] = value
    return redirect(list_address(_query(request).urlencode(safe=",")))


def density_of(request: SignedInRequest) -> str:
    """The row spacing of this session."""
    return COMPACT if request.session.get(DENSITY) == COMPACT else REGULAR


def _query(request: SignedInRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", ""), mutable=True)
