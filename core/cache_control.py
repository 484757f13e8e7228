"""Cache headers: no browser and no proxy stores the pages of a signed-in user, or anything classified."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NOT_STORED = "private, no-store"
REVALIDATED = "private, no-cache"
"""A browser may store the answer, but asks each time whether it still holds."""


def cache_control_for(user: object) -> str:
    """``Cache-Control`` of what ``user`` downloads. Who may read classified records stores nothing.

    It goes by the account, not by the record: a list, an export or a figure may contain anything.
    """
    return NOT_STORED if getattr(user, "reads_classified", False) else REVALIDATED


class PersonalPagesMiddleware:
    """Forbids browsers to store the pages of signed-in users: the next user could go back to them.

    Files and other answers follow ``cache_control_for``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add ``Cache-Control`` to an answer for a signed-in user, unless its view has set it."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if "Cache-Control" not in response.headers and user is not None and user.is_authenticated:
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            response.headers["Cache-Control"] = NOT_STORED if is_page else cache_control_for(user)
        return response
