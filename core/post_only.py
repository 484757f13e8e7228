"""A page asked for by a method that it does not take."""

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
    """A view that only acts, by POST; whoever reads its address is led ``back``, told that nothing was done.

    Sign-in does so: it knows the address of a request that came too late, and not what was sent with it.
    """

    def decorated(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            said = _("Nothing was done. If you had to sign in meanwhile, do it once more.")
            messages.warning(request, said)
            return redirect(back(request, *args, **kwargs))

        return require_http_methods(["GET", "HEAD", "POST"])(guarded)

    return decorated


class MethodPageMiddleware:
    """Gives a reader of pages one that says so; whoever did not ask for a page gets the bare answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is no refusal of the method, keeping the list of those that are taken."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page
