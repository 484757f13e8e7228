"""The second step of sign-in, which goes on only while the account is as it was at the first."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import AccountEvent, User

_ACCOUNT = "account_as_it_was"


class SecondStep(AuthenticateStage):
    """allauth's stage. A change of the account or of its password ends the sign-ins that wait for a code."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask for a code, and keep how the account stands."""
        response, goes_on = super().handle()
        if response is not None:
            self.state[_ACCOUNT] = _standing(self.login.user)
        return response, goes_on

    def is_resumable(self, request: HttpRequest) -> bool:
        """Whether the page of sign-in leads back to the code. A sign-in that cannot go on is forgotten."""
        if self._goes_on() and is_mfa_enabled(self.login.user):
            return True
        clear_login(request)
        return False

    def exit(self) -> HttpResponse:
        """Sign in after the right code, unless the account has changed meanwhile."""
        if self._goes_on():
            return super().exit()
        answer: HttpResponse = self.abort()
        if not self.login.user.is_active:
            return get_adapter().respond_user_inactive(self.request, self.login.user)
        messages.warning(
            self.request, _("Your account has changed since you began to sign in. Sign in again.")
        )
        return answer

    def _goes_on(self) -> bool:
        account = self.login.user
        return account.is_active and self.state.get(_ACCOUNT) == _standing(account)


def _standing(account: User) -> list[Any]:
    """What differs after a new password and after any change that leaves an account event."""
    latest = AccountEvent.objects.filter(account_number=account.pk).aggregate(pk=Max("pk"))["pk"]
    return [account.get_session_auth_hash(), latest]
