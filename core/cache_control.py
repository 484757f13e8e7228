"""Pages that belong to whoever is signed in: no browser and no proxy keeps them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PersonalPagesMiddleware:
    """Asks that a page be fetched anew each time, on the way back too, and not be left behind at a desk.

    Files to be saved are let alone: some browsers cannot save over https what they may not store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the page, unless its view said already how long it may be kept."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        user = getattr(request, "user", None)
        if is_page and user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
