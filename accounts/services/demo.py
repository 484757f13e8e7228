"""Making the accounts of a demonstration, with a password that anyone may know."""

import os
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.choices import Role
from accounts.models import User

DEFAULT_PASSWORD = "aide-memoire-demo"  # noqa: S105  (printed by `make run`: no secret)


class DemoRefused(Exception):
    """Demo accounts were asked for where they must not be made."""


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration."""

    username: str
    role: Role
    first_name: str
    agency: str | None = None


DEMO_ACCOUNTS = (
    DemoAccount("officer", Role.OFFICER, "Olive"),
    DemoAccount("officer2", Role.OFFICER, "Oscar"),
    DemoAccount("reviewer", Role.REVIEWER, "Rita"),
    DemoAccount("reviewer2", Role.REVIEWER, "Remy"),
    DemoAccount("focal", Role.FOCAL_POINT, "Felix", agency="vn-mofa"),
    DemoAccount("reader", Role.READER, "Rose"),
    DemoAccount("admin", Role.ADMINISTRATOR, "Ada"),
)


def demo_password() -> str:
    """The password of every demo account: DEMO_PASSWORD, or the one that is known to all."""
    return os.environ.get("DEMO_PASSWORD") or DEFAULT_PASSWORD


@transaction.atomic
def make_demo_accounts(*, password: str) -> list[User]:
    """Make the demo accounts, or set them right again. Refused unless the setting DEMO is on.

    An account that has one of the names without being a demo account is never taken over. Where the register
    does not know an account's agency yet, the account is made without it; the next call sets it.
    """
    if not settings.DEMO:
        raise DemoRefused("Demo accounts have a password that anyone may know: they need DEMO=1.")
    agency_model = apps.get_model("relations", "Agency")  # by name: accounts does not import relations
    made = []
    for account in DEMO_ACCOUNTS:
        user = User.objects.filter(username=account.username).first() or User(
            username=account.username, is_demo=True
        )
        if not user.is_demo:
            raise DemoRefused(f"The account “{account.username}” exists and is not a demo account.")
        user.first_name = account.first_name
        user.last_name = f"({account.role.label})"
        user.email = f"{account.username}@example.org"
        user.agency = agency_model.objects.filter(slug=account.agency).first()
        user.is_active = True
        user.is_superuser = False
        if not user.check_password(password):
            user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get(name=account.role)])
        made.append(user)
    return made
