"""Meetings, held or planned, their participants and their sources."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from simple_history.models import HistoricalRecords

from accounts.choices import Clearance
from core.days import span_of_days
from relations.choices import MeetingForm, MeetingLevel, MeetingStatus, ParticipantRole
from relations.models.bodies import NOT_EDITED, Country, Mechanism, Person
from relations.models.searchable import Searchable
from relations.models.source import Source
from relations.querysets import MeetingQuerySet

DATES = ("starts_on", "ends_on", "window_wording", "window_earliest", "window_latest")
"""The columns that say when a meeting is."""


def window_in_words(dates: Sequence[Any]) -> str:
    """``Meeting.window_in_words`` from the values of ``DATES``, for many meetings at once."""
    return "" if dates[0] else Meeting(**dict(zip(DATES, dates, strict=True))).window_in_words


class Meeting(Searchable):
    """A meeting of countries, held or planned. A session of a mechanism has a number.

    Where the date is unknown, the window holds its wording and the earliest and latest possible dates.
    Two attributes are not stored: ``day_reason`` says why the day is mended, for what follows it, and
    ``followed`` what did follow when it was saved.
    """

    day_reason = ""
    followed: Any = None

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    mechanism = models.ForeignKey(
        Mechanism,
        verbose_name=_("mechanism"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
    )
    session = models.PositiveIntegerField(_("session number"), null=True, blank=True)
    form = models.CharField(_("form"), max_length=30, choices=MeetingForm.choices)
    level = models.CharField(_("level"), max_length=30, choices=MeetingLevel.choices)
    status = models.CharField(_("status"), max_length=12, choices=MeetingStatus.choices)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    window_wording = models.CharField(
        _("time as worded"), max_length=200, blank=True, help_text=_("Where no day is set: the words used.")
    )
    window_earliest = models.DateField(_("earliest day"), null=True, blank=True)
    window_latest = models.DateField(_("latest day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Clearance.choices, default=Clearance.UNCLASSIFIED
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("host country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), through="MeetingSource", blank=True, related_name="meetings"
    )
    day = models.GeneratedField(
        verbose_name=_("day"),
        expression=Coalesce("starts_on", "window_earliest", "window_latest"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    objects = MeetingQuerySet.as_manager()  # type: ignore[misc]
    history = HistoricalRecords(excluded_fields=[*NOT_EDITED, "day"])

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = [F("day").desc(nulls_first=True), "-pk"]
        indexes = [
            models.Index(fields=["day"], name="meeting_day"),
            # For the next meeting to close.
            models.Index(Coalesce("ends_on", "starts_on", "window_latest"), name="meeting_close"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(classification__lte=3), name="meeting_classification_known"),
            models.UniqueConstraint(
                fields=["mechanism", "session"],
                name="meeting_session_once_a_mechanism",
                violation_error_message=_("This mechanism already has a session of that number."),
            ),
            models.CheckConstraint(
                condition=Q(session=None) | Q(mechanism__isnull=False),
                name="meeting_session_needs_mechanism",
                violation_error_message=_("A session number needs a mechanism."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="meeting_days_in_order",
                violation_error_message=_("The last day lies before the first, or the first is missing."),
            ),
            models.CheckConstraint(
                condition=Q(window_earliest=None)
                | Q(window_latest=None)
                | Q(window_latest__gte=F("window_earliest")),
                name="meeting_window_in_order",
                violation_error_message=_("The latest day of the window lies before the earliest."),
            ),
            models.CheckConstraint(
                condition=~Q(status=MeetingStatus.HELD)
                | Q(starts_on__isnull=False)
                | Q(window_earliest__isnull=False)
                | Q(window_latest__isnull=False),
                name="meeting_held_has_a_day",
                violation_error_message=_("A meeting that was held needs a day, or a window of days."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the meeting."""
        return reverse("meeting", args=[self.slug])

    @property
    def window_in_words(self) -> str:
        """The window in words if no day is known, so that the day on which it counts is not taken for one."""
        return "" if self.starts_on else self.date_in_words()

    def date_in_words(self, *, long: bool = False) -> str:
        """The date or dates; without a date the wording of the window, else its days; "" if nothing is known.

        ``long`` writes the months in full.
        """
        if self.starts_on:
            return span_of_days(self.starts_on, self.ends_on, long=long)
        if self.window_wording:
            return self.window_wording
        if self.window_earliest and self.window_latest:
            return span_of_days(self.window_earliest, self.window_latest, long=long)
        shown = "LONG_DATE_FORMAT" if long else "DATE_FORMAT"
        if self.window_earliest:
            return pgettext("window of a meeting", "from %(day)s") % {
                "day": date_format(self.window_earliest, shown)
            }
        if self.window_latest:
            return pgettext("window of a meeting", "until %(day)s") % {
                "day": date_format(self.window_latest, shown)
            }
        return ""

    @property
    def long_date(self) -> str:
        """``date_in_words`` with the months in full."""
        return self.date_in_words(long=True)

    def searchable(self) -> Iterable[str]:
        """Key, title and place."""
        return (self.slug, self.title, self.place)


class MeetingSource(models.Model):
    """A document that reports on a meeting."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="source_links"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="meeting_links"
    )

    class Meta:
        verbose_name = _("source of the meeting")
        verbose_name_plural = _("sources of the meeting")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "source"], name="meeting_source_once"),
        ]

    def __str__(self) -> str:
        return str(self.source)


class Participation(models.Model):
    """A participant of a meeting, with the position (``office``) held at that time."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="participations"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="participations"
    )
    office = models.CharField(_("office then held"), max_length=250)
    country = models.ForeignKey(
        Country,
        verbose_name=_("country represented"),
        on_delete=models.PROTECT,
        related_name="participations",
    )
    role = models.CharField(
        _("role"), max_length=30, choices=ParticipantRole.choices, default=ParticipantRole.PARTICIPANT
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="participant_once_a_meeting"),
        ]

    def __str__(self) -> str:
        # Translators: a participant and the position held at the meeting.
        return pgettext("participant", "%(person)s, %(office)s") % {
            "person": self.person,
            "office": self.office,
        }
