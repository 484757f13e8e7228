"""The table of backups, the audit log, and the abstract models of core."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.append_only import AppendOnly
from core.audit.models import AuditedColumns, AuditEntry, AuditSeal
from core.optimistic_locking import Versioned
from core.search.trigram_index import TrigramIndexed

__all__ = ["AppendOnly", "AuditEntry", "AuditSeal", "AuditedColumns", "Backup", "TrigramIndexed", "Versioned"]


class Backup(models.Model):
    """A backup that was made and checked. One that failed has no row.

    ``missing`` counts uploaded files that the site had lost before, so that the backup could not have them.
    """

    made_at = models.DateTimeField(_("made at"))
    name = models.CharField(_("name"), max_length=300)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    is_encrypted = models.BooleanField(_("encrypted"))
    missing = models.PositiveIntegerField(_("missing files"), default=0)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name
