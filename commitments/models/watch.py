"""What an account watches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.commitment import Commitment
from commitments.models.saved_view import SavedView
from relations.models import Agency, Country

TARGETS = ("commitment", "view", "agency", "country")
"""What can be watched: the names of the fields."""


def _one_of(names: tuple[str, ...]) -> Q:
    """Exactly one of ``names`` is given, or none."""
    found = Q(**{f"{name}__isnull": True for name in names}, is_muted=True)
    for given in names:
        others = {f"{name}__isnull": name != given for name in names}
        found |= Q(**others) if given == "commitment" else Q(**others, is_muted=False)
    return found


class Watch(models.Model):
    """An account is told what happens to a commitment, or to all of a saved view, an agency or a country.

    It gives no right to read anything. Without a row, officers and focal points watch what they are in charge
    of. A muted row names a commitment that is not watched, whatever else would include it; a muted row
    without anything says that what the account is in charge of is not watched.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="watches",
    )
    commitment = models.ForeignKey(
        Commitment,
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watches",
    )
    view = models.ForeignKey(
        SavedView,
        verbose_name=_("saved view"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watches",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watches",
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watches",
    )
    is_muted = models.BooleanField(_("not watched"), default=False)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["account", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"watch_{name}_once_an_account",
                )
                for name in TARGETS
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(**{f"{name}__isnull": True for name in TARGETS}),
                name="watch_charge_once_an_account",
            ),
            models.CheckConstraint(condition=_one_of(TARGETS), name="watch_of_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.commitment or self.view or self.agency or self.country or '–'}"
