"""Targets that can be counted, and the figures reported for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from commitments.models.commitment import Commitment
from core.optimistic_locking import Versioned
from relations.models import Paragraph


class Target(Versioned):
    """The figure to be reached. Not a forecast, and never turned into a percentage of success."""

    commitment = models.OneToOneField(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="target"
    )
    indicator = models.CharField(_("indicator"), max_length=250)
    unit = models.CharField(_("unit"), max_length=60)
    baseline = models.DecimalField(_("baseline"), max_digits=24, decimal_places=6, null=True, blank=True)
    value = models.DecimalField(_("value to reach"), max_digits=24, decimal_places=6)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")

    def __str__(self) -> str:
        return self.indicator


class Reading(Versioned):
    """A figure reported for a target: up to which day, over which period, and on what it rests."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="readings"
    )
    as_of = models.DateField(_("as of"))
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6)
    period = models.CharField(
        _("period"), max_length=60, blank=True, help_text=_("ISO 8601, for example 2025-01/2025-11.")
    )
    paragraph = models.ForeignKey(
        Paragraph,
        verbose_name=_("rests on"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
    )
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["as_of", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "as_of", "period"], name="reading_once_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}, {self.as_of}"
