"""App configuration: installs the triggers and indexes of the database after every migration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Foundations without any term of diplomacy."""

    name = "core"
    verbose_name = _("foundations")

    def ready(self) -> None:
        """After every migrate: triggers, which SQLite drops when it rebuilds a table, indexes and rights."""
        from core import security_log  # noqa: F401  (connects itself to sign-ins)
        from core.append_only import install_guards  # the models are ready only now
        from core.application_role import grant_again
        from core.audit.triggers import install_audit, tell_origin
        from core.exact_decimals import add_collation
        from core.search.trigram_index import install_trigrams

        connection_created.connect(add_collation, dispatch_uid="core.exact_decimals")
        connection_created.connect(tell_origin, dispatch_uid="core.audit")
        post_migrate.connect(install_guards, sender=self, dispatch_uid="core.append_only")
        post_migrate.connect(install_audit, sender=self, dispatch_uid="core.audit")
        post_migrate.connect(install_trigrams, sender=self, dispatch_uid="core.search.trigram_index")
        post_migrate.connect(grant_again, sender=self, dispatch_uid="core.application_role")
