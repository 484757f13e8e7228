"""Settings of allauth that need code: sign-up is closed."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignupAdapter(DefaultAccountAdapter):
    """Only administrators create accounts, whichever allauth views are enabled."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
