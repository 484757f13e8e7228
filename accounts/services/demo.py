"""Creates the demo accounts, which have a public password."""

import os
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Count

from accounts.choices import Clearance, Role
from accounts.models import User

DEFAULT_PASSWORD = "aide-memoire-demo"  # noqa: S105  (printed by `make run`: no secret)


class DemoRefused(Exception):
    """Demo accounts must not be created here."""


@dataclass(frozen=True)
class DemoAccount:
    """The data of one demo account."""

    username: str
    role: Role
    first_name: str


DEMO_ACCOUNTS = (
    DemoAccount("officer", Role.OFFICER, "Olive"),
    DemoAccount("officer2", Role.OFFICER, "Oscar"),
    DemoAccount("reviewer", Role.REVIEWER, "Rita"),
    DemoAccount("reviewer2", Role.REVIEWER, "Remy"),
    DemoAccount("focal", Role.FOCAL_POINT, "Felix"),
    DemoAccount("reader", Role.READER, "Rose"),
    DemoAccount("admin", Role.ADMINISTRATOR, "Ada"),
    DemoAccount("security", Role.SECURITY_OFFICER, "Selma"),
)


def demo_password() -> str:
    """Return the password of every demo account: DEMO_PASSWORD, or the public default."""
    return os.environ.get("DEMO_PASSWORD") or DEFAULT_PASSWORD


@transaction.atomic
def make_demo_accounts(*, password: str) -> list[User]:
    """Create the demo accounts, or reset them. Raise ``DemoRefused`` unless the setting DEMO is on.

    Raise ``DemoRefused`` too where an account has one of the names and is not a demo account. The focal point
    belongs to the ministry of the home country that has most commitments. Where the register has none yet,
    the account gets none; the next call sets it. The security officer has the highest clearance.
    """
    if not settings.DEMO:
        raise DemoRefused("Demo accounts have a public password: they need DEMO=1.")
    agencies = apps.get_model("relations", "Agency").objects  # by name: accounts does not import relations
    ministries = agencies.filter(country__code=settings.HOME_COUNTRY, kind="ministry")
    busiest = ministries.annotate(n=Count("assignments")).order_by("-n", "pk").first()
    created = []
    for account in DEMO_ACCOUNTS:
        email = f"{account.username}@example.org"
        for name in (email, account.username):
            user = User.objects.by_login(name) or User(username=account.username, is_demo=True)
            if not user.is_demo:
                raise DemoRefused(f"The account “{user.username}” exists and is not a demo account.")
        user.first_name = account.first_name
        user.last_name = f"({account.role.label})"
        user.email = email
        user.agency = busiest if account.role == Role.FOCAL_POINT else None
        if account.role == Role.SECURITY_OFFICER:
            # So that the audit log, which names everything, can be opened.
            user.clearance = Clearance.SECRET
        user.is_active = True
        user.is_superuser = False
        if not user.check_password(password):
            user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get(name=account.role)])
        created.append(user)
    return created
