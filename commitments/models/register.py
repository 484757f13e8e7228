"""The register as a whole: title, serial numbers, entries last loaded, the version of its search texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Register(models.Model):
    """The title of the register, and the date up to which its file is complete. One row."""

    title = models.CharField(_("title"), max_length=300)
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("record", "register")
        verbose_name_plural = pgettext_lazy("record", "register")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="register_is_one_row")]

    def __str__(self) -> str:
        return self.title


class ReferenceCounter(models.Model):
    """The last serial of a set of parties in a year. The row is locked while the next serial is taken."""

    prefix = models.CharField(_("parties' codes"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last serial"), default=0)

    class Meta:
        verbose_name = _("counter of references")
        verbose_name_plural = _("counters of references")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="reference_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class LoadedEntry(models.Model):
    """An entry of the register file as last loaded. The next load compares it to find later edits."""

    kind = models.CharField(pgettext_lazy("kind of loaded entry", "kind"), max_length=20)
    key = models.CharField(pgettext_lazy("key of a record", "key"), max_length=100)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("loaded entry")
        verbose_name_plural = _("loaded entries")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class IndexVersion(models.Model):
    """The version of the program that wrote the search texts and sort keys. One row."""

    version = models.CharField(_("version"), max_length=20)

    class Meta:
        verbose_name = _("version of the search texts")
        verbose_name_plural = _("version of the search texts")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="index_version_is_one_row")]

    def __str__(self) -> str:
        return self.version
