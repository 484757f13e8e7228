"""Roles and levels of clearance."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may do here; the value is the name of its group. Roles add up."""

    OFFICER = "officer", _("Officer")
    REVIEWER = "reviewer", _("Reviewer")
    FOCAL_POINT = "focal_point", _("Focal point")
    READER = "reader", _("Reader")
    ADMINISTRATOR = "administrator", _("Administrator")


class Clearance(models.IntegerChoices):
    """How confidential a record may be for an account to read it, in rising order."""

    UNCLASSIFIED = 0, _("unclassified")
    RESTRICTED = 1, _("restricted")
    CONFIDENTIAL = 2, _("confidential")
    SECRET = 3, _("secret")
