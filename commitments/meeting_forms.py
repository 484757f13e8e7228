"""The forms of a meeting, which name the commitments whose days follow it before they are saved."""

import datetime as dt
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.level_forms import RaisedCommitments, offer_raising
from commitments.reports.affected_days import affected_in_words
from commitments.services.day_corrections import affected_by
from core.texts import TextField
from relations.edit_forms import MeetingEdit, MeetingEditForm, RecordForm
from relations.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User

DAY_FIELDS = ("day_reason", "move_days")


class FollowedDays(forms.ModelForm):
    """Before the day of a meeting is mended, its form names the status changes that were dated by it."""

    editor: "User"
    day_reason = TextField(
        label=gettext_lazy("Reason, if the date was wrong"),
        required=False,
        help_text=gettext_lazy("It stays in the history of the commitments that were dated by this meeting."),
    )
    move_days = forms.BooleanField(
        label=gettext_lazy("Correct the days of these commitments too"),
        required=False,
        help_text=gettext_lazy("Only asked for if the date was wrong and commitments were dated by it."),
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        meeting: Any = self.instance
        if self.errors or meeting.pk is None or "move_days" not in self.fields:
            return
        day = meeting.starts_on or meeting.window_earliest or meeting.window_latest
        words = affected_in_words(affected_by(meeting, before=_stored_day(meeting), after=day), self.editor)
        if words and not self.cleaned_data.get("move_days"):
            self.add_error("move_days", _("%(what)s Tick this and save again.") % {"what": words})


class MeetingWithDaysEditForm(FollowedDays, RaisedCommitments, MeetingEditForm):
    """A meeting on its edit page. It asks about days only where commitments were dated by it."""

    field_order = (
        "title",
        "status",
        "form",
        "level",
        "mechanism",
        "session",
        "starts_on",
        "ends_on",
        *DAY_FIELDS,
    )

    def __init__(self, *args: Any, editor: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editor = editor
        offer_raising(self, editor)
        if not dates_commitments(self.instance):
            for name in DAY_FIELDS:
                del self.fields[name]


class MeetingWithDaysEdit(MeetingEdit):
    """The edit of a meeting, with the reason for the corrections of days that follow from it."""

    def make_form(self, data: QueryDict | None) -> RecordForm:
        """The form of the meeting, which asks before days of commitments are corrected."""
        return MeetingWithDaysEditForm(data, instance=copy(self.record), editor=self.user)


def dates_commitments(meeting: Meeting) -> bool:
    """Whether status changes have copied the day of ``meeting``."""
    day = _stored_day(meeting)
    return day is not None and bool(affected_by(meeting, before=day, after=day + dt.timedelta(days=1)))


def _stored_day(meeting: Meeting) -> dt.date | None:
    return Meeting.objects.filter(pk=meeting.pk).values_list("day", flat=True).first()
