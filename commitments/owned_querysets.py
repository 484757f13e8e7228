"""The querysets of what belongs to an account: saved views and bulk jobs."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from commitments.choices import SharedWith

if TYPE_CHECKING:
    from accounts.models import User
    from commitments.models import BulkJob, SavedView  # noqa: F401


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def visible_to(self, user: "User") -> Self:
        """The user's own views, those shared with everyone, and those shared with a role of the user."""
        shared = Q(shared_with=SharedWith.ROLE, role__in=user.roles)
        return self.filter(Q(owner=user) | Q(shared_with=SharedWith.EVERYONE) | shared)


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    """Bulk jobs."""

    def visible_to(self, user: "User") -> Self:
        """The user's own jobs."""
        return self.filter(owner=user)

    def running(self) -> Self:
        """Begun, and not finished."""
        return self.filter(begun_at__isnull=False, finished_at=None)
