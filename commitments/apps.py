"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    """What was pledged, and what became of it."""

    name = "commitments"
    verbose_name = _("Commitments")
