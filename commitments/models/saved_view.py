"""Saved views of the list."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from commitments.choices import SharedWith
from commitments.owned_querysets import SavedViewQuerySet


class SavedView(models.Model):
    """Filters of the list under a name: private, shared with a role, or with everyone. It stores no rows."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="saved_views",
    )
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    query = models.TextField(_("filter"), blank=True, help_text=_("The part of the address after “?”."))
    shared_with = models.CharField(
        _("shared with"), max_length=8, choices=SharedWith.choices, default=SharedWith.PRIVATE
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once_an_owner"),
            models.CheckConstraint(
                condition=(Q(shared_with=SharedWith.ROLE) & ~Q(role=""))
                | (~Q(shared_with=SharedWith.ROLE) & Q(role="")),
                name="saved_view_role_when_shared_with_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shows_watched(self) -> bool:
        """Whether it asks for what is watched, so that watching it would go round in a circle."""
        return "watching" in QueryDict(self.query)


class DefaultView(models.Model):
    """The saved view that a person's list opens with. It gives nobody access to anything."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="default_view",
    )
    view = models.ForeignKey(
        SavedView, verbose_name=_("saved view"), on_delete=models.CASCADE, related_name="default_of"
    )

    class Meta:
        verbose_name = _("default view")
        verbose_name_plural = _("default views")

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
