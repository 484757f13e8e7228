"""Answers for addresses of records that were merged: they lead to the record that was kept."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from relations.models import Agency, Person
from relations.services.slugs import former_keys

_BODIES: dict[str, type[Agency | Person]] = {"agency": Agency, "api-agency": Agency, "api-person": Person}
"""The addresses that name an agency or a person by its key."""
_READS = ("GET", "HEAD")


class MergedAddressesMiddleware:
    """Redirects from a key that is not there any more to the record into which it was merged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look only at what was not found, so that no other request takes a query more."""
        response = self.get_response(request)
        match = request.resolver_match
        if (
            response.status_code == HTTPStatus.NOT_FOUND
            and match is not None
            and request.user.is_authenticated
        ):
            return self._moved(request, match) or response
        return response

    def _moved(self, request: HttpRequest, match: Any) -> HttpResponse | None:
        if match.view_name in _BODIES and request.method in _READS:
            return _kept_body(request, match)
        return None


def _kept_body(request: HttpRequest, match: Any) -> HttpResponse | None:
    model = _BODIES[match.view_name]
    key = former_keys(model).get(match.kwargs["slug"])
    if key is None:
        return None
    kept = model._default_manager.values_list("slug", flat=True).get(pk=key)
    return _redirect(request, match, slug=kept)


def _redirect(request: HttpRequest, match: Any, **changed: str) -> HttpResponse:
    """301 to the same page of the record that was kept, with the same parameters."""
    address = reverse(match.view_name, kwargs={**match.kwargs, **changed})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
