"""The doors through which the register is changed, and what an entry of the audit log says."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Door(models.TextChoices):
    """From where a change came. Empty: from none of them, so by somebody with access to the database."""

    PAGE = "page", pgettext_lazy("door", "page")
    ADMIN = "admin", pgettext_lazy("door", "admin site")
    API = "api", pgettext_lazy("door", "API in a browser session")
    TOKEN = "token", pgettext_lazy("door", "API with a token")
    COMMAND = "command", pgettext_lazy("door", "command")
    MIGRATION = "migration", pgettext_lazy("door", "upgrade")


class Act(models.TextChoices):
    """What happened to the row. Only what nothing cites yet can be removed."""

    INSERT = "insert", pgettext_lazy("act", "added")
    DELETE = "delete", pgettext_lazy("act", "removed")
