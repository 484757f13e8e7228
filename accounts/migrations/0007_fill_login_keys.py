"""Write the keys by which names are compared, and part accounts whose names differ only in capital letters.

The account in use keeps its name: the active one, then the one that signed in last, then the oldest. Another
one gets a number behind its username, or loses its e-mail address. An account event says so, and the log.
"""

import logging
from itertools import count
from typing import Any

from django.db import migrations

from accounts.login_names import login_key

logger = logging.getLogger("accounts")

A_USERNAME = 150


def fill(apps: Any, schema_editor: Any) -> None:
    accounts = apps.get_model("accounts", "User").objects.order_by("pk")
    in_use_first = sorted(
        accounts,
        key=lambda each: (each.is_active, each.last_login.timestamp() if each.last_login else 0),
        reverse=True,
    )
    usernames, emails = {login_key(each.username) for each in in_use_first}, set()
    given: set[str] = set()
    for account in in_use_first:
        before = {"username": account.username, "email": account.email}
        if login_key(account.username) in given:
            account.username = _free_name(account.username, usernames)
        if login_key(account.email) in emails:
            account.email = ""
        account.username_key, account.email_key = (
            login_key(account.username),
            login_key(account.email) or None,
        )
        account.save(update_fields=["username", "email", "username_key", "email_key"])
        usernames.add(account.username_key)
        given.add(account.username_key)
        emails |= {account.email_key} - {None}
        _record(apps, account, before)


def _free_name(username: str, taken: set[str]) -> str:
    """``username`` with the first number that no account has."""
    names = (f"{username[: A_USERNAME - 6]}-{number}" for number in count(2))
    return next(name for name in names if login_key(name) not in taken)


def _record(apps: Any, account: Any, before: dict[str, str]) -> None:
    changed = [name for name, value in before.items() if value != getattr(account, name)]
    if changed:
        event = apps.get_model("accounts", "AccountEvent").objects.create(
            account_number=account.pk,
            account=account.username,
            before={name: before[name] for name in changed},
            after={name: getattr(account, name) for name in changed},
        )
        logger.warning(
            "Two accounts had one name except for capital letters. Account %s was changed from %s to %s.",
            account.pk,
            event.before,
            event.after,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_login_keys"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
