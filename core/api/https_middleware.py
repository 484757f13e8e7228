"""Plain http to the API is refused, not redirected: the token has already travelled in the clear."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from core.api.error_middleware import API


class ApiHttpsMiddleware:
    """Answer 403 to a request under ``/api/`` without TLS, where the site is served by https only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what came by https, and everything that is no request to the API."""
        if settings.SECURE_SSL_REDIRECT and request.path_info.startswith(API) and not request.is_secure():
            return HttpResponseForbidden()
        return self.get_response(request)
