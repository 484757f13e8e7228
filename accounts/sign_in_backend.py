"""Finds the account that somebody signs in to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """allauth's backend, with our comparison of names in place of its own, which depends on the database."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = credentials.get("username") or credentials.get("email") or ""
        account = User.objects.by_login(login)
        found: AbstractBaseUser | None = self._check_password(account, credentials["password"])
        return found
