"""The admin of meetings, with their participants and the documents that report on them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.permissions import Right
from core.admin.base import RegisterInline
from relations.admin.named import ClassifiedAdmin, SlugForm
from relations.models import Meeting, MeetingSource, Participation, Source
from relations.services.meetings import missing_date, source_link_errors

if TYPE_CHECKING:
    from accounts.models import User


class ParticipationInline(RegisterInline):
    """The participants, each with the position held on that date."""

    edit_right = Right.EDIT_REGISTER
    model = Participation
    fields = ["person", "office", "country", "role"]
    autocomplete_fields = ["person", "country"]


class MeetingSourceRows(BaseInlineFormSet):
    """The sources of a meeting. One that a mention at the meeting quotes cannot be removed."""

    instance: Meeting
    editor: "User"

    def clean(self) -> None:
        """Reject the removal of a source that a mention at the meeting quotes."""
        super().clean()
        if self.instance.pk is None or any(self.errors):
            return
        sources = [
            row.cleaned_data["source"]
            for row in self.forms
            if row.cleaned_data.get("source") and not row.cleaned_data.get("DELETE")
        ]
        for messages in source_link_errors(self.instance, self.editor, sources).values():
            raise ValidationError(messages)


class MeetingSourceInline(RegisterInline):
    """The sources of the meeting."""

    edit_right = Right.EDIT_REGISTER
    model = MeetingSource
    formset = MeetingSourceRows
    fields = ["source"]
    autocomplete_fields = ["source"]

    def get_queryset(self, request: Any) -> QuerySet[MeetingSource]:
        """The sources that the person may see. The others stay as they are."""
        visible = Source.objects.visible_to(request.user).order_by().values("pk")
        return super().get_queryset(request).filter(source__in=visible)

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"editor": request.user})


class MeetingAdminForm(SlugForm):
    """A meeting. One that becomes held needs a date, unless its window is over."""

    def _post_clean(self) -> None:
        before = "" if self.instance._state.adding else self.instance.status
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self.add_error(None, missing_date(self.instance, before=before))  # type: ignore[arg-type]


class MeetingAdmin(ClassifiedAdmin):
    """Meetings, held or planned. Registered where the commitments that planned them are known."""

    edit_right = Right.EDIT_REGISTER
    form = MeetingAdminForm
    list_display = ["title", "date_shown", "status", "session_of", "level", "place", "classification"]
    list_filter = ["status", "mechanism", "form", "level", "classification"]
    list_select_related = ["mechanism"]
    autocomplete_fields = ["mechanism", "country"]
    inlines = [ParticipationInline, MeetingSourceInline]
    history_rows = ["participations"]
    fieldsets = [
        (None, {"fields": ["title", "status", ("form", "level"), "classification"]}),
        (_("Session of a mechanism"), {"fields": [("mechanism", "session")]}),
        (
            _("Date and place"),
            {
                "fields": [
                    ("starts_on", "ends_on"),
                    "window_wording",
                    ("window_earliest", "window_latest"),
                    ("place", "country"),
                ],
                "description": _(
                    "If no date is set yet, enter the wording, and the earliest and latest date it can mean."
                ),
            },
        ),
        (_("Key in web addresses and the register file"), {"fields": ["slug"]}),
    ]

    def label_of(self, meeting: Meeting) -> str:
        """The label in autocomplete fields. The date distinguishes sessions with the same title."""
        day = date_format(meeting.starts_on) if meeting.starts_on else meeting.window_wording
        if not day:
            return meeting.title
        return pgettext("meeting and date", "%(meeting)s (%(day)s)") % {"meeting": meeting.title, "day": day}

    @admin.display(description=_("Date"), ordering="day")
    def date_shown(self, meeting: Meeting) -> str:
        """The date or dates, or the window if no date is set."""
        return meeting.date_in_words()

    @admin.display(description=_("Session"), ordering="mechanism__sort_key")
    def session_of(self, meeting: Meeting) -> str:
        """The mechanism and the number of the session."""
        if meeting.mechanism is None:
            return ""
        name = meeting.mechanism.acronym or meeting.mechanism.name
        if not meeting.session:
            return name
        return pgettext("session of a mechanism", "%(mechanism)s, session %(number)d") % {
            "mechanism": name,
            "number": meeting.session,
        }
