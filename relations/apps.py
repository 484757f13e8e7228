"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    """Countries, agencies, people, mechanisms, meetings, and the sources that report on them."""

    name = "relations"
    verbose_name = _("Relations")
