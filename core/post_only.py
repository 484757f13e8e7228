"""Views that only take POST, and the page for a method that is not allowed."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

R = TypeVar("R", bound=HttpRequest)
P = ParamSpec("P")
View = Callable[Concatenate[R, P], HttpResponse]


def posts(*, back: Callable[Concatenate[R, P], str]) -> Callable[[View[R, P]], View[R, P]]:
    """Decorate a view that only takes POST; redirect a GET to the URL of ``back``, with a warning.

    A GET comes from sign-in: after a session has ended, it returns to the URL of the POST, without its data.
    """

    def decorated(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            message = _("Nothing was changed. If you had to sign in meanwhile, please try again.")
            messages.warning(request, message)
            return redirect(back(request, *args, **kwargs))

        return require_http_methods(["GET", "HEAD", "POST"])(guarded)

    return decorated


class MethodPageMiddleware:
    """Shows an error page for 405 in a browser; other clients get the empty answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace an empty 405 by a page that keeps the header ``Allow``; pass on everything else."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page
