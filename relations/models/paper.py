"""The files of a document itself: the paper as it was signed, published or scanned."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.append_only import Recorded, RecordedWithReason
from core.documents.kinds import Kind, kind_by_name
from relations.models.source import Source


class Paper(Recorded):
    """A file of a source: one of its languages, a scan, the file from which its text was read.

    It shows what the paper says; the text of the source is what was recorded of it. The database refuses to
    change it. It is never taken away from its source, only withdrawn by a row, and goes with a source that
    is deleted because nothing cites it.
    """

    frozen_against = ("UPDATE",)

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="papers"
    )
    file = models.FileField(_("file"), upload_to="papers/", max_length=200)
    file_name = models.CharField(_("name of the file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("The code of the language: en, vi, km, zh-Hant."),
    )

    class Meta:
        verbose_name = _("file of a source")
        verbose_name_plural = _("files of sources")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return reverse("paper", args=[self.source.slug, self.pk])

    @property
    def kind(self) -> Kind | None:
        """The kind of document, which its content was checked to be."""
        return kind_by_name(self.file_name)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it has been withdrawn."""
        return hasattr(self, "withdrawal")


class PaperWithdrawal(RecordedWithReason):
    """The withdrawal of a file of a source, with the reason: it is another paper, or a bad scan."""

    frozen_against = ("UPDATE",)

    paper = models.OneToOneField(
        Paper, verbose_name=_("file of a source"), on_delete=models.CASCADE, related_name="withdrawal"
    )

    class Meta:
        verbose_name = _("withdrawal of a file of a source")
        verbose_name_plural = _("withdrawals of files of sources")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return str(self.paper)
