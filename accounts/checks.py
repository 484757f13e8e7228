"""Deployment checks: no site goes live in demonstration mode, or with demo accounts that can sign in."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.demo import DEFAULT_PASSWORD, DEMO_ACCOUNTS, demo_password


@checks.register("accounts", deploy=True)
def no_demo_mode(**kwargs: Any) -> list[checks.CheckMessage]:
    """DEMO=1 generates keys and sends cookies over plain http."""
    if not settings.DEMO:
        return []
    return [checks.Error(_("DEMO is on."), hint=_("Unset DEMO in the environment."), id="accounts.E001")]


@checks.register("accounts", deploy=True)
def no_demo_account_can_sign_in(**kwargs: Any) -> list[checks.CheckMessage]:
    """Names every active account that `make_demo_accounts` made, or that has a demo name and password.

    Not tagged as a database check: those run only when a database is named, and this one must always run.
    """
    try:
        with transaction.atomic():
            names = sorted(_open_to_anyone())
    except DatabaseError:
        return [
            checks.Warning(
                _("Whether demo accounts can sign in is not known: the accounts cannot be read."),
                hint=_("See that DATABASE_URL is right and `manage.py migrate` has run, then check again."),
                id="accounts.W001",
            )
        ]
    return [
        checks.Error(
            _("The demo account “%(name)s” can sign in.") % {"name": name},
            hint=_("Deactivate it: its password is known to anyone."),
            id="accounts.E002",
        )
        for name in names
    ]


def _open_to_anyone() -> Iterator[str]:
    known = {DEFAULT_PASSWORD, demo_password()}
    demo_name = Q(username__in=[account.username for account in DEMO_ACCOUNTS])
    for user in User.objects.filter(Q(is_demo=True) | demo_name, is_active=True):
        if user.has_usable_password() and (user.is_demo or any(map(user.check_password, known))):
            yield user.get_username()
