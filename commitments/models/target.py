"""Targets that can be counted, and their readings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from commitments.counted import COUNTS, Counted, WithErrors
from commitments.models.commitment import Commitment, merged_from_field
from core.exact_decimals import ExactDecimalField
from core.optimistic_locking import Versioned
from relations.models import Paragraph


class Target(Versioned):
    """The figure to reach. It is not a forecast, and no percentage of success is made from it."""

    commitment = models.OneToOneField(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="target"
    )
    indicator = models.CharField(_("indicator"), max_length=250)
    unit = models.CharField(_("unit"), max_length=60)
    baseline = ExactDecimalField(_("baseline"), max_digits=24, decimal_places=6, null=True, blank=True)
    value = ExactDecimalField(_("value to reach"), max_digits=24, decimal_places=6)

    merged_from = merged_from_field()

    history = HistoricalRecords(excluded_fields=["version", "merged_from"])

    class Meta:
        verbose_name = pgettext_lazy("record", "target")
        verbose_name_plural = pgettext_lazy("record", "targets")

    def __str__(self) -> str:
        return self.indicator


class Reading(Versioned):
    """A figure reported for a target: its date, its period, and the paragraph that it is based on."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="readings"
    )
    as_of = models.DateField(_("as of"))
    value = ExactDecimalField(_("value"), max_digits=24, decimal_places=6)
    period = models.CharField(
        _("period"), max_length=60, blank=True, help_text=_("ISO 8601, for example 2025-01/2025-11.")
    )
    paragraph = models.ForeignKey(
        Paragraph,
        verbose_name=_("based on"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
    )
    note = models.TextField(pgettext_lazy("note of a reading", "note"), blank=True)
    merged_from = merged_from_field()
    is_in_error = models.BooleanField(_("entered in error"), default=False, editable=False)

    history = HistoricalRecords(excluded_fields=["version", "is_in_error", "merged_from"])
    objects = Counted()
    with_errors = WithErrors()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "as_of", "period"], condition=COUNTS, name="reading_once_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}, {self.as_of}"
