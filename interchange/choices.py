"""Closed vocabularies of imported spreadsheets."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Verdict(models.TextChoices):
    """What the check says of a row of an imported spreadsheet."""

    UNCHECKED = "unchecked", pgettext_lazy("row of an import", "not checked")
    NEW = "new", pgettext_lazy("row of an import", "new")
    CHANGED = "changed", pgettext_lazy("row of an import", "changed")
    UNCHANGED = "unchanged", pgettext_lazy("row of an import", "unchanged")
    REFUSED = "refused", pgettext_lazy("row of an import", "refused")


WRITES = (Verdict.NEW, Verdict.CHANGED)
"""The rows that an import writes."""


class Decision(models.TextChoices):
    """What the owner of an import decided for a row."""

    NONE = "", pgettext_lazy("decision on a row of an import", "as checked")
    SKIP = "skip", pgettext_lazy("decision on a row of an import", "leave out")
    ANYWAY = "anyway", pgettext_lazy("decision on a row of an import", "register anyway")
    MENTION = "mention", pgettext_lazy("decision on a row of an import", "record a mention instead")
    OVERWRITE = "overwrite", pgettext_lazy("decision on a row of an import", "take the values of the sheet")


class RowResult(models.TextChoices):
    """What became of a row, when it was imported or when it was taken back."""

    NONE = "", pgettext_lazy("result of a row of an import", "not tried")
    PENDING = "pending", pgettext_lazy("result of a row of an import", "to do")
    DONE = "done", pgettext_lazy("result of a row of an import", "done")
    REFUSED = "refused", pgettext_lazy("result of a row of an import", "refused")
