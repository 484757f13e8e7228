"""The configuration of Django's admin with our own site, system checks and the cache table."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


def create_cache_table(*, using: str, verbosity: int, **kwargs: Any) -> None:
    """Create the cache table after ``migrate``: the limit on failed sign-ins needs it."""
    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))


class AideMemoireAdminConfig(AdminConfig):
    default_site = "core.admin.site.RegisterAdminSite"

    def ready(self) -> None:
        super().ready()
        autodiscover_modules("checks", "doctor", "housekeeping", "metrics")
        post_migrate.connect(create_cache_table, sender=self, dispatch_uid="config.create_cache_table")
