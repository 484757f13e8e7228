"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Who is told by mail, of what, and when."""

    name = "notifications"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Know the kinds of mail, and connect the signals; the models are ready."""
        super().ready()
        from notifications import mails, signals  # noqa: F401
