"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    """What was pledged, and what became of it."""

    name = "commitments"
    verbose_name = _("Commitments")

    def ready(self) -> None:
        """Hear of every write that changes what search reads."""
        super().ready()
        from commitments import signals  # noqa: F401  (connects itself; the models are ready only now)
