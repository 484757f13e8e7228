"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    """Commitments and everything that happens to them."""

    name = "commitments"
    verbose_name = _("Commitments")

    def ready(self) -> None:
        """Connect the signals that update the search text."""
        super().ready()
        from commitments import signals  # needs the models

        post_migrate.connect(signals.rebuild_if_outdated, sender=self, dispatch_uid="commitments.search")
