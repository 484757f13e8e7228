"""How allauth behaves here: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only, whatever address or form is one day switched on."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
