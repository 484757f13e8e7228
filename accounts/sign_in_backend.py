"""Finds the account that somebody signs in to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.models import User
from accounts.services.second_step import has_second_step, requires_second_step


class AccountBackend(AuthenticationBackend):
    """allauth's backend, with our comparison of names in place of its own, which depends on the database."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        """The account with this password; nobody where passwords do not sign in."""
        if not settings.LOCAL_SIGN_IN:
            return None
        account: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return account

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = credentials.get("username") or credentials.get("email") or ""
        account = User.objects.by_login(login)
        found: AbstractBaseUser | None = self._check_password(account, credentials["password"])
        return found

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, with what is known of its second step, in one query."""
        # Both have their defaults on the class.
        accounts = User.objects.annotate(  # type: ignore[no-redef]
            requires_second_step=requires_second_step(), has_second_step=has_second_step()
        )
        account = accounts.filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None
