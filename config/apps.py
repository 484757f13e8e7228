"""Django's admin with our site in it, the apps' own checks, and the cache table that every migrate makes."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


def create_cache_table(*, using: str, verbosity: int, **kwargs: Any) -> None:
    """`migrate` alone must leave a working site, and the lock-out of failed sign-ins needs this table."""
    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))


class AideMemoireAdminConfig(AdminConfig):
    default_site = "core.admin.site.RegisterAdminSite"

    def ready(self) -> None:
        super().ready()
        autodiscover_modules("checks")
        post_migrate.connect(create_cache_table, sender=self, dispatch_uid="config.create_cache_table")
