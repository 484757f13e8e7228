"""The register as a whole: its title, its serials, and what the last load brought."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Register(models.Model):
    """Title and day of the loaded record. One row."""

    title = models.CharField(_("title"), max_length=300)
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("register")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="register_is_one_row")]

    def __str__(self) -> str:
        return self.title


class ReferenceCounter(models.Model):
    """The last serial given out for a set of parties in a year; locked while the next one is taken."""

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
    """An entry of the register file as last loaded: the next load sees by it what was edited since."""

    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(_("key"), max_length=100)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("loaded entry")
        verbose_name_plural = _("loaded entries")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
