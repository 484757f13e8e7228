"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    """Who met whom: countries, agencies, people, mechanisms, meetings and the papers they left."""

    name = "relations"
    verbose_name = _("Relations")
