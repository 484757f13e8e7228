"""The tables of the audit log. The triggers of ``core/audit/triggers.py`` write the entries."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.append_only import AppendOnly
from core.audit.choices import Act, Door


class AuditEntry(AppendOnly):
    """One row was added to, or removed from, a table that cannot be changed.

    The entry is written in the transaction of the change. It names the row and does not copy it: who did
    what, when and why stands in the row. ``account`` is a number, not a link, since accounts can be deleted.
    """

    at = models.DateTimeField(_("recorded at"))
    door = models.CharField(_("door"), max_length=20, choices=Door.choices, blank=True)
    account = models.CharField(_("number of the account"), max_length=20, blank=True)
    username = models.CharField(_("account"), max_length=150, blank=True)
    via = models.CharField(_("token or command"), max_length=200, blank=True)
    request = models.CharField(_("request"), max_length=64, blank=True)
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    table = models.CharField(_("table"), max_length=63)
    key = models.CharField(_("number of the row"), max_length=40)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "key", "act"], name="audit_entry_once_an_act"),
        ]
        indexes = [
            models.Index(fields=["at"], name="audit_entry_by_time"),
            models.Index(fields=["username", "at"], name="audit_entry_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class AuditedColumns(AppendOnly):
    """The columns of a table over which hashes were made: a later version may have others."""

    table = models.CharField(_("table"), max_length=63)
    names = models.TextField(_("columns"))

    class Meta:
        verbose_name = _("audited columns")
        verbose_name_plural = _("audited columns")
        constraints = [
            models.UniqueConstraint(fields=["table", "names"], name="audited_columns_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.names}"


class AuditSeal(AppendOnly):
    """A link of the chain: the hash of an entry, of its row and of the seal before it.

    ``sequence`` counts the seals from one without gaps. ``row_hash`` is empty where the row was removed.
    """

    sequence = models.BigIntegerField(_("sequence"), unique=True)
    entry = models.OneToOneField(
        AuditEntry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="seal"
    )
    columns = models.ForeignKey(AuditedColumns, verbose_name=_("columns"), on_delete=models.PROTECT)
    row_hash = models.CharField(_("hash of the row"), max_length=64, blank=True)
    previous = models.CharField(_("hash of the seal before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), default=timezone.now)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
