"""Merges of two commitments, or of two countries, agencies, people or mechanisms, that are the same."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.choices import BodyKind
from commitments.models.commitment import Commitment
from core.append_only import Recorded, RecordedWithReason


class Merge(RecordedWithReason):
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


class BodyMerge(Recorded):
    """Two records of one country, agency, person or mechanism became one. ``undoes``: they are two again.

    Unlike an absorbed commitment, the absorbed record is deleted. ``written`` says what was repointed, by the
    keys of entries of the field histories, so that it can be undone. It holds no text.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=BodyKind.choices)
    kept = models.PositiveBigIntegerField(_("kept record"))
    absorbed = models.PositiveBigIntegerField(_("absorbed record"))
    name = models.CharField(_("name"), max_length=250)
    """The name of the absorbed record."""
    written = models.JSONField(_("written"), default=dict)
    undoes = models.OneToOneField(
        "self",
        verbose_name=pgettext_lazy("the merge that is undone", "undoes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
    )

    class Meta:
        verbose_name = _("merge of records")
        verbose_name_plural = _("merges of records")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["kind", "kept"], name="body_merge_into")]
        constraints = [models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="body_merge_of_two")]

    def __str__(self) -> str:
        return self.name
