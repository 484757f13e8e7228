"""Merges of two commitments that are the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.models.commitment import Commitment
from core.append_only import AppendOnly


class Merge(AppendOnly):
    """One undertaking was registered twice: ``absorbed`` is merged into ``kept``. With ``undoes`` it was not.

    It is not a succession: a successor replaces another undertaking, and both were made in the world. Here
    there was only one. The absorbed commitment keeps its own history and is counted on no day.
    """

    kept = models.ForeignKey(
        Commitment, verbose_name=_("kept commitment"), on_delete=models.PROTECT, related_name="merges"
    )
    absorbed = models.ForeignKey(
        Commitment, verbose_name=_("absorbed commitment"), on_delete=models.PROTECT, related_name="merged_by"
    )
    undoes = models.OneToOneField(
        "self",
        verbose_name=pgettext_lazy("the merge that is undone", "undoes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
    )
    reason = models.TextField(_("reason"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merges",
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_reason"),
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed.reference} → {self.kept.reference}"

    @property
    def is_in_force(self) -> bool:
        """Whether it is a merge, and has not been undone."""
        return self.undoes_id is None and not hasattr(self, "undone_by")
