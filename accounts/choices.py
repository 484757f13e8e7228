"""Roles of accounts, and levels of confidentiality."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What an account may do. The value is the name of its group. An account may have several roles."""

    OFFICER = "officer", pgettext_lazy("role of an account", "Officer")
    REVIEWER = "reviewer", pgettext_lazy("role of an account", "Reviewer")
    FOCAL_POINT = "focal_point", pgettext_lazy("role of an account", "Focal point")
    READER = "reader", pgettext_lazy("role of an account", "Reader")
    ADMINISTRATOR = "administrator", pgettext_lazy("role of an account", "Administrator")
    SECURITY_OFFICER = "security_officer", pgettext_lazy("role of an account", "Security officer")


class Clearance(models.IntegerChoices):
    """How confidential a record is, and up to which level an account may read, in rising order."""

    UNCLASSIFIED = 0, pgettext_lazy("classification and clearance", "unclassified")
    RESTRICTED = 1, pgettext_lazy("classification and clearance", "restricted")
    CONFIDENTIAL = 2, pgettext_lazy("classification and clearance", "confidential")
    SECRET = 3, pgettext_lazy("classification and clearance", "secret")
