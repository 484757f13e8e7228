"""Meetings in the admin, with who took part in which office and which papers report on them."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.admin.base import RegisterInline
from relations.admin.named import NamedAdmin
from relations.models import Meeting, MeetingSource, Participation
from relations.services.meetings import source_link_errors


class ParticipationInline(RegisterInline):
    """Who took part, in the office held on that day."""

    edit_right = Right.EDIT_REGISTER
    model = Participation
    fields = ["person", "office", "country", "role"]
    autocomplete_fields = ["person", "country"]


class MeetingSourceRows(BaseInlineFormSet):
    """The documents that report on a meeting; one that is cited there stays."""

    instance: Meeting

    def clean(self) -> None:
        """Refuse to take off what a mention at the meeting quotes."""
        super().clean()
        if self.instance.pk is None or any(self.errors):
            return
        kept = [
            row.cleaned_data["source"]
            for row in self.forms
            if row.cleaned_data.get("source") and not row.cleaned_data.get("DELETE")
        ]
        for messages in source_link_errors(self.instance, kept).values():
            raise ValidationError(messages)


class MeetingSourceInline(RegisterInline):
    """The documents that report on the meeting."""

    edit_right = Right.EDIT_REGISTER
    model = MeetingSource
    formset = MeetingSourceRows
    fields = ["source"]
    autocomplete_fields = ["source"]


@admin.register(Meeting)
class MeetingAdmin(NamedAdmin):
    """Occasions, held or to come."""

    edit_right = Right.EDIT_REGISTER
    list_display = ["title", "when", "status", "session_of", "level", "place"]
    list_filter = ["status", "mechanism", "form", "level"]
    list_select_related = ["mechanism"]
    autocomplete_fields = ["mechanism", "country"]
    inlines = [ParticipationInline, MeetingSourceInline]
    history_rows = ["participations"]
    fieldsets = [
        (None, {"fields": ["title", "status", ("form", "level")]}),
        (_("Session of a mechanism"), {"fields": [("mechanism", "session")]}),
        (
            _("When and where"),
            {
                "fields": [
                    ("starts_on", "ends_on"),
                    "window_wording",
                    ("window_earliest", "window_latest"),
                    ("place", "country"),
                ],
                "description": _("Where no day is set yet, give the words used and the days they can mean."),
            },
        ),
        (_("In addresses and the register file"), {"fields": ["slug"]}),
    ]

    def label_of(self, meeting: Meeting) -> str:
        """As it is picked: the day tells sessions apart."""
        when = date_format(meeting.starts_on) if meeting.starts_on else meeting.window_wording
        return f"{meeting.title} ({when})" if when else meeting.title

    @admin.display(description=_("day"), ordering="day")
    def when(self, meeting: Meeting) -> str:
        """The day or days, else the words used."""
        if meeting.starts_on is None:
            return meeting.window_wording
        first = date_format(meeting.starts_on)
        if meeting.ends_on in (None, meeting.starts_on):
            return first
        return f"{first} – {date_format(meeting.ends_on)}"

    @admin.display(description=_("session of"), ordering="mechanism__name")
    def session_of(self, meeting: Meeting) -> str:
        """The mechanism and the number of the session."""
        if meeting.mechanism is None:
            return ""
        name = meeting.mechanism.acronym or meeting.mechanism.name
        return f"{name}, {meeting.session}" if meeting.session else name
