"""Querysets of meetings and of records that are searched by name."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.names import words_in

if TYPE_CHECKING:
    from relations.models import Meeting, Source  # noqa: F401


class SearchableQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records that are searched by name, without regard to diacritics, case, punctuation or word order."""

    def named_like(self, words: str) -> Self:
        """Records whose search text contains each of ``words``."""
        found = self
        for word in words_in(words):
            found = found.filter(search_text__contains=word)
        return found


class MeetingQuerySet(SearchableQuerySet):
    """Meetings, held or planned."""

    def in_order(self) -> Self:
        """In the order of their days, those without a day last."""
        return self.order_by(F("day").asc(nulls_last=True), "starts_on", "pk")

    def held(self) -> Self:
        """Meetings that took place."""
        return self.filter(status=MeetingStatus.HELD)

    def with_has_text(self) -> Self:
        """Annotate ``has_text``: whether the text of a source of the meeting is recorded.

        Without a text nobody knows what the meeting mentioned, or did not mention.
        """
        sources = apps.get_model("relations", "MeetingSource")._default_manager.filter(meeting=OuterRef("pk"))
        return self.annotate(has_text=Exists(sources.exclude(source__sha256="")))

    def to_come(self, on: dt.date) -> Self:
        """Meetings that were still to come on the day ``on``, the one that closes first at the head.

        ``closes_on`` is the last day of the meeting or, where its date is unknown, of its window.
        """
        return (
            self.filter(Q(status__in=MEETINGS_TO_COME) | Q(status=MeetingStatus.HELD, day__gt=on))
            .annotate(closes_on=Coalesce("ends_on", "starts_on", "window_latest"))
            .filter(Q(closes_on__gte=on) | Q(closes_on=None))
            .order_by(F("closes_on").asc(nulls_last=True), "pk")
        )
