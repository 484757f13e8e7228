"""Calendar feeds: what a calendar program reads without signing in."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.models import SavedView


class FeedScope(models.TextChoices):
    """What of the register a feed has."""

    ALL = "all", pgettext_lazy("scope of a feed", "everything that I may see")
    MINE = "mine", pgettext_lazy("scope of a feed", "what I am in charge of")
    AGENCY = "agency", pgettext_lazy("scope of a feed", "an agency")
    VIEW = "view", pgettext_lazy("scope of a feed", "a saved view")


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Filters for feeds."""

    def usable(self) -> Self:
        """Those that are not revoked, of accounts that are not closed."""
        return self.filter(revoked_at=None, owner__is_active=True)


class CalendarFeed(models.Model):
    """A calendar that whoever has its address reads as ``owner``, who may revoke it. It can only be read.

    The address holds a token that is shown once; only its digest is stored. What is read is what the owner
    may see at that moment. ``agency_key`` is the key of an agency, which stays good after a merge. ``told``
    has what was told of each event: its number of changes (SEQUENCE), when it last changed, and its days.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="calendar_feeds",
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("Which program or person reads it."))
    scope = models.CharField(
        _("what it has"), max_length=6, choices=FeedScope.choices, default=FeedScope.MINE
    )
    agency_key = models.CharField(_("agency"), max_length=80, blank=True)
    view = models.ForeignKey(
        SavedView,
        verbose_name=_("saved view"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_feeds",
    )
    language = models.CharField(_("language"), max_length=10)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    last_read_at = models.DateTimeField(_("last read at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    told = models.JSONField(default=dict, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(scope=FeedScope.AGENCY) & ~Q(agency_key="") & Q(view=None))
                | (Q(scope=FeedScope.VIEW) & Q(agency_key="") & Q(view__isnull=False))
                | Q(scope__in=(FeedScope.ALL, FeedScope.MINE), agency_key="", view=None),
                name="calendar_feed_scope",
            ),
        ]

    def __str__(self) -> str:
        return self.name
