"""Imports of spreadsheets: the file, how it is read, and what becomes of each row."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment
from interchange.choices import Decision, RowResult, Verdict
from relations.models import Meeting, Source

if TYPE_CHECKING:
    from accounts.models import User


class ImportQuerySet(models.QuerySet["SpreadsheetImport"]):
    """Imports of spreadsheets."""

    def visible_to(self, user: "User") -> Self:
        """The user's own imports."""
        return self.filter(owner=user)


class SpreadsheetImport(models.Model):
    """A spreadsheet that its owner brings into the register, row by row.

    It is read, its columns are chosen, and its rows are checked; nothing is written to the register before
    it is begun. It is finished when every chosen row has a result, and can then be taken back as a whole.
    Only the owner can see it: what it wrote is in the histories of the commitments.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="spreadsheet_imports",
    )
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), editable=False)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    code_page = models.CharField(_("character set"), max_length=20, blank=True)
    facts = models.JSONField(_("what was found in the file"), default=dict, blank=True)
    head_row = models.PositiveIntegerField(_("row of the headings"), default=1)
    heads = models.JSONField(_("headings"), default=list, blank=True)
    columns = models.JSONField(
        _("columns"), default=list, blank=True, help_text=_("The field of each heading; empty: not imported.")
    )
    options = models.JSONField(_("options"), default=dict, blank=True)
    names = models.JSONField(
        _("names"), default=dict, blank=True, help_text=_("What spellings that are not in the register mean.")
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    new_meeting = models.JSONField(
        _("new meeting"), default=dict, blank=True, help_text=_("Its columns; it is added with the rows.")
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    configured_at = models.DateTimeField(_("columns chosen at"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    stopped = models.BooleanField(_("stopped"), default=False)
    taking_back_at = models.DateTimeField(_("taken back from"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a spreadsheet")
        verbose_name_plural = _("imports of spreadsheets")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begun_at=None) | Q(configured_at__isnull=False),
                name="import_configured_before_begun",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(begun_at__isnull=False), name="import_begun_before_finished"
            ),
            models.CheckConstraint(
                condition=Q(taking_back_at=None) | Q(finished_at__isnull=False),
                name="import_finished_before_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        """Whether rows are being written."""
        return self.begun_at is not None and self.finished_at is None

    @property
    def is_taking_back(self) -> bool:
        """Whether rows are being taken back."""
        return self.taking_back_at is not None and self.taken_back_at is None


class ImportRow(models.Model):
    """One row of an imported spreadsheet, its check, and its result.

    The result is written in the same transaction as the row itself, so a row is never written twice or in
    part. ``plan`` is what the check shows. ``written`` says what was written, so that it can be taken back.
    """

    job = models.ForeignKey(
        SpreadsheetImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="rows"
    )
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list)
    verdict = models.CharField(_("check"), max_length=10, choices=Verdict.choices, default=Verdict.UNCHECKED)
    plan = models.JSONField(_("plan"), default=dict, blank=True)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.NONE, blank=True
    )
    twin = models.CharField(_("commitment to mention"), max_length=60, blank=True)
    commitment = models.ForeignKey(
        Commitment,
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    paragraph = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=8, choices=RowResult.choices, default=RowResult.NONE, blank=True
    )
    detail = models.TextField(_("detail"), blank=True)
    written = models.JSONField(_("what was written"), default=dict, blank=True)
    undone = models.CharField(
        _("taken back"), max_length=8, choices=RowResult.choices, default=RowResult.NONE, blank=True
    )
    undone_detail = models.TextField(_("why it was not taken back"), blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["job", "verdict", "number"], name="import_row_by_verdict"),
            models.Index(fields=["job", "result", "number"], name="import_row_by_result"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="import_row_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="import_row_verdict_known"),
            models.CheckConstraint(condition=Q(result__in=RowResult.values), name="import_row_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_verdict_display()}"


class ColumnMemory(models.Model):
    """How an account last mapped a set of headings, so that the same table need not be explained again."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+"
    )
    heads = models.CharField(_("SHA-256 of the headings"), max_length=64)
    columns = models.JSONField(_("columns"), default=list)
    options = models.JSONField(_("options"), default=dict, blank=True)
    names = models.JSONField(_("names"), default=dict, blank=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(fields=["owner", "heads"], name="columns_remembered_once"),
        ]

    def __str__(self) -> str:
        return self.heads
