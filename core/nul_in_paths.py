"""An address with a NUL is the address of nothing."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


class NulInPathMiddleware:
    """Answers 404: no key has a NUL, and PostgreSQL refuses it in a text, which would be an error of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        """Raise ``Http404`` for such an address."""
        if "\x00" in request.path_info:
            raise Http404
