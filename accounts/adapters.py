"""Settings of allauth that need code: sign-up is closed, and failed sign-ins are counted for each account.

Sign-ins that fail or are refused are in the security log, with the name of the account if there is one. What
else was typed as a name is not: it may be a password.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.login_names import MAX_LENGTH
from accounts.models import User
from accounts.permissions import NO_ROLE
from accounts.sign_in_attempts import LOCK_SECONDS, AccountLocked, AttemptsNotCounted, begin_attempt
from core.security_log import log


class NoSignupAdapter(DefaultAccountAdapter):
    """Only administrators create accounts, whichever allauth views are enabled."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """allauth's error, but a locked account is told for how long."""
        if code != "too_many_login_attempts":
            error: ValidationError = super().validation_error(code, *args)
            return error
        minutes = LOCK_SECONDS // 60
        message = ngettext(
            "Too many failed attempts. Try again in %(n)d minute.",
            "Too many failed attempts. Try again in %(n)d minutes.",
            minutes,
        )
        return ValidationError(message % {"n": minutes}, code=code)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How somebody confirms who they are: with a code, if the account has a second step.

        The password alone would turn the second step off, or show codes that replace it.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [each for each in methods if each["id"].startswith("mfa")] or methods

    def get_login_stages(self) -> list[str]:
        """allauth's steps after the password, with our second step in place of its own."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.sign_in_stages.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a place of the account, or refuse before the password is checked.

        allauth's own count goes by the ``Host`` header and the spelling of the name; this one replaces it.
        """
        if not settings.LOCAL_SIGN_IN:
            raise ValidationError(_("Passwords do not sign in here. Use the button of your provider."))
        try:
            self._attempt = begin_attempt(_login(credentials))
        except AccountLocked:
            log(request, "sign-in refused", account=_account(credentials), reason="too many failures")
            raise self.validation_error("too_many_login_attempts") from None
        except AttemptsNotCounted:
            log(
                request, "sign-in refused", account=_account(credentials), reason="failures cannot be counted"
            )
            raise ValidationError(
                _("Signing in is not possible at the moment. Please try again in a few minutes.")
            ) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The account, or ``None``. A text too long for a name is wrong, and no failure of any account."""
        if len(_login(credentials)) > MAX_LENGTH:
            log(request, "sign-in failed", account="")
            return None
        user = super().authenticate(request, **credentials)
        if user is not None:
            self._attempt.succeeded()
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on after sign-in. Tell somebody without a role why the register looks empty."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not user.roles and not user.is_superuser:
            messages.warning(request, NO_ROLE)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._attempt.failed()
        log(request, "sign-in failed", account=_account(credentials))


def _login(credentials: dict[str, Any]) -> str:
    """What was typed as the name."""
    return credentials.get("username") or credentials.get("email") or ""


def _account(credentials: dict[str, Any]) -> str:
    """The username of the account that was named, or nothing."""
    account = User.objects.by_login(_login(credentials))
    return account.username if account is not None else ""
