"""Reports between two status changes, and evidence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.choices import EvidenceKind, EvidenceType
from commitments.counted import CountedUpdates, WithErrors
from commitments.models.commitment import Commitment, merged_from_field
from commitments.models.history import StatusChange
from core.append_only import Recorded, RecordedWithReason
from core.web_addresses import WebAddressField


class ProgressUpdate(Recorded):
    """A report on a commitment: achieved, challenges, recommendations. It does not change the status."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="progress_updates"
    )
    occurred_on = models.DateField(_("as of"))
    achieved = models.TextField(_("achieved"), blank=True)
    challenges = models.TextField(_("challenges"), blank=True)
    recommendations = models.TextField(_("recommendations"), blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    merged_from = merged_from_field()

    objects = CountedUpdates()
    with_errors = WithErrors()

    class Meta:
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")
        ordering = ["occurred_on", "pk"]
        indexes = [models.Index(fields=["commitment", "occurred_on"], name="progress_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(achieved="", challenges="", recommendations=""), name="progress_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.reference}, {self.occurred_on}"


class Evidence(Recorded):
    """A link or a file that shows that something was done. It is never deleted, only withdrawn."""

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.PROTECT, related_name="evidence"
    )
    status_change = models.ForeignKey(
        StatusChange,
        verbose_name=pgettext_lazy("evidence with a status change", "given with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    kind = models.CharField(
        pgettext_lazy("kind of evidence", "kind"), max_length=4, choices=EvidenceKind.choices
    )
    type = models.CharField(
        pgettext_lazy("type of evidence", "type"),
        max_length=12,
        choices=EvidenceType.choices,
        default=EvidenceType.OTHER,
    )
    title = models.CharField(_("title"), max_length=300)
    url = WebAddressField(_("address"), max_length=1000, blank=True)
    file = models.FileField(_("file"), upload_to="evidence/", blank=True, max_length=200)
    file_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    merged_from = merged_from_field()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.LINK, file="", sha256="") & ~Q(url=""))
                | (Q(kind=EvidenceKind.FILE, url="") & ~Q(file="") & ~Q(sha256="")),
                name="evidence_is_link_or_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        """Whether it has been withdrawn."""
        return hasattr(self, "withdrawal")


class EvidenceWithdrawal(RecordedWithReason):
    """The withdrawal of a piece of evidence, which no longer counts, with the reason."""

    evidence = models.OneToOneField(
        Evidence, verbose_name=_("evidence"), on_delete=models.PROTECT, related_name="withdrawal"
    )

    class Meta:
        verbose_name = _("withdrawal of evidence")
        verbose_name_plural = _("withdrawals of evidence")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return str(self.evidence)
