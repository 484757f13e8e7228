"""Whoever must have two-step sign-in, and has none yet, sets it up before anything else."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.api_auth import brings_token
from core.api.error_middleware import API
from core.api.problem_details import CONTENT_TYPE, body

SET_UP = "mfa_activate_totp"
_OPEN = {SET_UP, "account_reauthenticate", "account_logout", "health", "health_live"}
"""The names of the addresses that are open until then. The password is confirmed before a code is set up."""


class SecondStepRequiredMiddleware:
    """Leads to the page that sets up two-step sign-in. A program with a token has no browser and goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse | None:
        """Redirect, unless the view is needed to set it up."""
        if not getattr(request.user, "lacks_second_step", False) or _provider_has_asked(request):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in _OPEN:
            return None
        if request.path_info.startswith(API):
            return None if brings_token(request) else _refused_to_program()
        url = reverse(SET_UP)
        if "HX-Current-URL" in request.headers:
            return HttpResponse(headers={"HX-Redirect": url})
        if request.method == "POST":
            messages.warning(request, _("Nothing was saved: set up two-step sign-in first."))
        return redirect(url)


def _provider_has_asked(request: HttpRequest) -> bool:
    """Whether the session was begun at a provider of identities that asks for a second step itself."""
    return settings.OIDC.has_second_step and any(
        each.get("method") == "socialaccount" for each in get_authentication_records(request, request.user)
    )


def _refused_to_program() -> JsonResponse:
    detail = _("Your role requires two-step sign-in. Set it up in the browser first.")
    return JsonResponse(
        body(HTTPStatus.FORBIDDEN, detail), status=HTTPStatus.FORBIDDEN, content_type=CONTENT_TYPE
    )
