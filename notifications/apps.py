"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Who is told by mail, of what, and when."""

    name = "notifications"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Connect the signals; the models are ready."""
        super().ready()
        from notifications import signals  # noqa: F401
