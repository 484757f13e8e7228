"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    """Commitments and everything that happens to them."""

    name = "commitments"
    verbose_name = _("Commitments")

    def ready(self) -> None:
        """Connect the signals that update the search text."""
        super().ready()
        from commitments import signals  # noqa: F401  (needs the models)
