"""Bodies that are too large are refused before a byte of them is read or written to disk."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.api.error_middleware import API
from core.whole_numbers import whole_number


class BodyLimitMiddleware:
    """Answer 413 by the length that the request announces.

    ``settings.BODY_LIMIT_ANONYMOUS`` holds for whoever is not signed in and brings no token to the API. For
    everybody else the first pattern of ``settings.BODY_LIMITS`` that matches the path holds. Both are in
    bytes. Whether somebody is signed in is known without reading the body; the API checks a token before it
    reads one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.limits = [(re.compile(pattern), most) for pattern, most in settings.BODY_LIMITS]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is within its limit."""
        if _length(request) <= self._most(request):
            return self.get_response(request)
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _most(self, request: HttpRequest) -> int:
        brings_token = request.path_info.startswith(API) and "Authorization" in request.headers
        if not request.user.is_authenticated and not brings_token:
            return settings.BODY_LIMIT_ANONYMOUS
        return next(most for pattern, most in self.limits if pattern.match(request.path_info))


def _length(request: HttpRequest) -> int:
    """The announced length; Django reads nothing of a body that announces none."""
    return whole_number(request.META.get("CONTENT_LENGTH") or "") or 0
