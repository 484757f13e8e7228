"""Reads over meetings and sources that more than one surface needs."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.names import fold_names

if TYPE_CHECKING:
    from relations.models import Meeting, Source  # noqa: F401


class SearchableQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records that are found by name without regard to diacritics, case or the order of words."""

    def named_like(self, words: str) -> Self:
        """Those whose names hold every one of ``words``."""
        found = self
        for word in fold_names(words).split():
            found = found.filter(search_text__contains=word)
        return found


class MeetingQuerySet(SearchableQuerySet):
    """Meetings, held or to come."""

    def in_order(self) -> Self:
        """By the day they count for; those without any day last."""
        return self.order_by(F("day").asc(nulls_last=True), "starts_on", "pk")

    def held(self) -> Self:
        """Those that took place."""
        return self.filter(status=MeetingStatus.HELD)

    def to_come(self, on: dt.date) -> Self:
        """Those still expected on the day ``on`` and not over by then, the one that closes first first."""
        return (
            self.filter(Q(status__in=MEETINGS_TO_COME) | Q(status=MeetingStatus.HELD, day__gt=on))
            .annotate(closes_on=Coalesce("ends_on", "starts_on", "window_latest"))
            .filter(Q(closes_on__gte=on) | Q(closes_on=None))
            .order_by(F("closes_on").asc(nulls_last=True), "pk")
        )
