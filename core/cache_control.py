"""Cache headers: no browser and no proxy stores the pages of a signed-in user."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PersonalPagesMiddleware:
    """Forbids browsers to store the pages of signed-in users: the next user could go back to them.

    Downloads are unchanged: over HTTPS some browsers cannot save a file that they may not store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add ``Cache-Control`` to a page, unless its view has set it."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        user = getattr(request, "user", None)
        if is_page and user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
