"""Querysets of meetings and of records that are searched by name."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.names import words_in

if TYPE_CHECKING:
    from accounts.models import User
    from relations.models import Meeting, Source  # noqa: F401


class SearchableQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records that are searched by name, without regard to diacritics, case, punctuation or word order."""

    def named_like(self, words: str) -> Self:
        """Records whose search text contains each of ``words``."""
        found = self
        for word in words_in(words):
            found = found.filter(search_text__contains=word)
        return found


class ClassifiedQuerySet(SearchableQuerySet):
    """Records that are classified, and that a desk may have or not. Every read starts from ``visible_to``."""

    def visible_to(self, user: "User") -> Self:
        """Those that ``user`` may read: up to the clearance and, with a desk, what concerns it."""
        readable = self.filter(classification__lte=user.clearance)
        return readable.filter(self._of_desk(user)) if user.desk.is_confined else readable

    def _of_desk(self, user: "User") -> Q:
        raise NotImplementedError


class SourceQuerySet(ClassifiedQuerySet):
    """Documents."""

    def _of_desk(self, user: "User") -> Q:
        """Reports on a meeting of the desk or on none, or is cited by a commitment that ``user`` sees."""
        links = apps.get_model("relations", "MeetingSource")._default_manager
        meetings: Any = apps.get_model("relations", "Meeting")._default_manager
        of_desk = meetings.filter(classification__lte=user.clearance).concerning(user)
        reports = links.filter(meeting__in=of_desk.order_by().values("pk")).values("source")
        of_none = ~Exists(links.filter(source=OuterRef("pk")))
        return Q(pk__in=reports) | of_none | _of_commitments(user, "source")


def _of_commitments(user: "User", kind: str) -> Q:
    """The meetings or sources (``kind``) that a commitment names which ``user`` may read."""
    readable = apps.get_model("commitments", "Commitment")._default_manager.readable_by(user)
    return readable.names(kind)


class MeetingQuerySet(ClassifiedQuerySet):
    """Meetings, held or planned."""

    def _of_desk(self, user: "User") -> Q:
        """Concerns the desk, or is named by a commitment that ``user`` sees."""
        return _concerns(user) | _of_commitments(user, "meeting")

    def concerning(self, user: "User") -> Self:
        """Those that concern the desk of ``user``: its mechanisms, its countries, or no other country."""
        return self.filter(_concerns(user))

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


def _concerns(user: "User") -> Q:
    """The condition of a meeting: of a mechanism or a country of the desk, or of no country but our own."""
    desk = user.desk
    came = apps.get_model("relations", "Participation")._default_manager.filter(meeting=OuterRef("pk"))
    mechanism: Any = apps.get_model("relations", "Mechanism")
    members = mechanism.countries.through._default_manager.filter(mechanism=OuterRef("mechanism"))
    theirs = Q(mechanism__in=desk.mechanisms) | Q(country__in=desk.countries)
    theirs |= Q(Exists(came.filter(country__in=desk.countries)))
    theirs |= Q(Exists(members.filter(country__in=desk.countries)))
    is_home = Q(country__code=settings.HOME_COUNTRY)
    of_none = Q(mechanism=None) & (Q(country=None) | is_home) & ~Exists(came.exclude(is_home))
    return Q(theirs | of_none)
