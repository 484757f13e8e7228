"""Roles and clearances of accounts."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """Roles. Each value is the name of a group. An account has the rights of all its roles."""

    OFFICER = "officer", pgettext_lazy("role", "Officer")
    REVIEWER = "reviewer", pgettext_lazy("role", "Reviewer")
    FOCAL_POINT = "focal_point", pgettext_lazy("role", "Focal point")
    READER = "reader", pgettext_lazy("role", "Reader")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "Administrator")


class Clearance(models.IntegerChoices):
    """The highest classification that an account may read, in ascending order."""

    UNCLASSIFIED = 0, pgettext_lazy("clearance", "unclassified")
    RESTRICTED = 1, pgettext_lazy("clearance", "restricted")
    CONFIDENTIAL = 2, pgettext_lazy("clearance", "confidential")
    SECRET = 3, pgettext_lazy("clearance", "secret")
