"""Requests without an account lead to sign-in, and a form is told that nothing was saved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's middleware, which also answers forms and scripts.

    After sign-in the address of the form is opened again. A view that only takes POST redirects from there to
    the page of its form.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        """Redirect to sign-in. htmx, which would put that page into another one, is told to open it."""
        response = super().handle_no_permission(request, view_func)
        if "HX-Current-URL" in request.headers:
            return HttpResponse(headers={"HX-Redirect": response.url})
        # Our own script sends the form again as a page, which is told then.
        if request.method == "POST" and "HX-Request" not in request.headers:
            message = _("Nothing was saved, because your session has ended. Sign in to continue.")
            messages.warning(request, message)
        return response
