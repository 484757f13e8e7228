"""Finds the account of whom the provider of identities has named, or says why nobody is signed in."""

from http import HTTPStatus
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import provider
from accounts.services.identities import NoAccount, account_of
from core.security_log import log


class ProviderSignInAdapter(DefaultSocialAccountAdapter):
    """allauth's adapter: one provider, which the settings name; no sign-up but what they allow."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The provider of the settings. A row of the database is none."""
        return [] if not settings.OIDC.issuer else [_app()]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account, or refuse: allauth goes on with it, to the second step and to the session."""
        identity = sociallogin.account
        try:
            account = account_of(provider=identity.provider, uid=identity.uid, claims=sociallogin.claims)
        except NoAccount as refusal:
            log(request, "sign-in by provider refused", reason=refusal.reason)
            raise ImmediateHttpResponse(_page(request, str(refusal), HTTPStatus.FORBIDDEN)) from None
        sociallogin.user = account

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> NoReturn:
        """Say why it did not work. What the provider has sent is in the log alone."""
        log(request, "sign-in by provider failed", reason=str(exception or error or "state"))
        is_known = bool((extra_context or {}).get("state"))
        raise ImmediateHttpResponse(_failure(request, error, exception, is_known=is_known))


def _app() -> SocialApp:
    known = settings.OIDC
    return SocialApp(
        provider=provider.NAME,
        name=known.name,
        client_id=known.client_id,
        secret=known.client_secret,
        settings={"server_url": known.issuer.rstrip("/")},
    )


def _failure(
    request: HttpRequest, error: Any, exception: Exception | None, *, is_known: bool
) -> HttpResponse:
    """The page for what went wrong; ``is_known`` says whether this browser has begun the sign-in."""
    name = {"provider": settings.OIDC.name}
    if error == AuthError.CANCELLED:
        return _page(request, _("You did not sign in at %(provider)s.") % name, HTTPStatus.UNAUTHORIZED)
    if isinstance(exception, provider.Unreachable | OSError):
        why = _("%(provider)s does not answer. Try again in a few minutes.") % name
        return _page(request, why, HTTPStatus.SERVICE_UNAVAILABLE)
    if exception is not None:
        why = _("The answer of %(provider)s could not be verified. Nobody was signed in.") % name
        return _page(request, why, HTTPStatus.UNAUTHORIZED)
    if is_known:
        return _page(request, _("%(provider)s did not sign you in.") % name, HTTPStatus.UNAUTHORIZED)
    why = _("This sign-in took too long, was begun in another browser, or was used already.")
    return _page(request, why, HTTPStatus.UNAUTHORIZED)


def _page(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "account/provider_refused.html", {"why": why}, status=status)
