"""Deployment checks: demonstration mode is off, and no demo account can sign in."""

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
    """Report demonstration mode: ``DEMO=1`` generates keys and sends cookies over plain HTTP."""
    if not settings.DEMO:
        return []
    return [checks.Error(_("DEMO is on."), hint=_("Unset DEMO in the environment."), id="accounts.E001")]


@checks.register("accounts", deploy=True)
def no_demo_account_can_sign_in(**kwargs: Any) -> list[checks.CheckMessage]:
    """Report each active account that ``make_demo_accounts`` created or that has a demo name and password.

    The check has no database tag, because Django runs those only with ``--database``.
    """
    try:
        with transaction.atomic():
            names = sorted(_accounts_with_public_password())
    except DatabaseError:
        return [
            checks.Warning(
                _("The accounts cannot be read, so the demo accounts cannot be checked."),
                hint=_("Check DATABASE_URL, run `manage.py migrate`, then check again."),
                id="accounts.W001",
            )
        ]
    return [
        checks.Error(
            _("The demo account “%(name)s” can sign in.") % {"name": name},
            hint=_("Deactivate the account: its password is public."),
            id="accounts.E002",
        )
        for name in names
    ]


def _accounts_with_public_password() -> Iterator[str]:
    known = {DEFAULT_PASSWORD, demo_password()}
    demo_name = Q(username__in=[account.username for account in DEMO_ACCOUNTS])
    for user in User.objects.filter(Q(is_demo=True) | demo_name, is_active=True):
        if user.has_usable_password() and (user.is_demo or any(map(user.check_password, known))):
            yield user.get_username()
