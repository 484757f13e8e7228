"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterchangeConfig(AppConfig):
    """What goes in and out as a file."""

    name = "interchange"
    verbose_name = _("Documents")
