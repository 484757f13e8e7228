"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and roles: who may do what."""

    name = "accounts"
    verbose_name = _("accounts")
