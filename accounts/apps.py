"""App configuration. Creates one group for each role."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role


class AccountsConfig(AppConfig):
    """Users, roles, API tokens and sign-in."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Create the groups of the roles after every ``migrate`` and ``flush``."""
        super().ready()
        # They connect themselves; the models are ready.
        from accounts import account_events, api_schema, session_activity  # noqa: F401

        post_migrate.connect(make_roles, sender=self, dispatch_uid="accounts.roles")


def make_roles(*, using: str, apps: Any = installed, **_kwargs: Any) -> None:
    """Create the groups that are missing."""
    try:
        groups = apps.get_model("auth", "Group").objects.using(using)
    except LookupError:
        return
    for role in Role:
        groups.get_or_create(name=role.value)
