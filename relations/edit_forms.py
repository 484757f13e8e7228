"""The forms of the edit pages of countries, agencies, people, mechanisms, meetings and sources."""

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.edit_forms import EditForms, Record
from core.filters import IsoDateField
from core.texts import form_field
from relations.edit_rows import (
    BasisForm,
    MeetingOfSourceForm,
    ParticipationForm,
    RowForm,
    SourceOfMeetingForm,
    kept,
    rows_of,
)
from relations.forms import with_dash_for_empty_choice
from relations.models import (
    Agency,
    Country,
    Mechanism,
    Meeting,
    Person,
    Source,
)
from relations.services.bodies import RIGHTS, change_body
from relations.services.meetings import Participant, change_meeting
from relations.services.sources import change_source
from relations.text_fields import NamesField, NumberedText, checked_text

if TYPE_CHECKING:
    from accounts.models import User


class RecordForm(forms.ModelForm):
    """The form of a record with a name. Its key never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)

    def changed_values(self) -> dict[str, Any]:
        """The values of the columns that were changed, from valid input."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in columns}


class CountryForm(RecordForm):
    """A country. Its code is part of references."""

    aliases = NamesField(label=_("Other names"), required=False)

    class Meta:
        model = Country
        fields = ["name", "aliases"]
        formfield_callback = form_field


class AgencyForm(RecordForm):
    """An agency."""

    aliases = NamesField(label=_("Other names"), required=False)

    class Meta:
        model = Agency
        fields = ["name", "acronym", "aliases", "country", "kind"]
        formfield_callback = form_field


class PersonForm(RecordForm):
    """A person. Positions are edited with the meetings."""

    aliases = NamesField(label=_("Other spellings"), required=False)

    class Meta:
        model = Person
        fields = ["name", "aliases", "country"]
        formfield_callback = form_field


class MechanismForm(RecordForm):
    """A mechanism and its countries."""

    aliases = NamesField(label=_("Other names"), required=False)

    class Meta:
        model = Mechanism
        fields = ["name", "acronym", "aliases", "countries", "note"]
        formfield_callback = form_field
        widgets = {"countries": forms.CheckboxSelectMultiple, "note": forms.Textarea(attrs={"rows": 3})}


class MeetingEditForm(RecordForm):
    """A meeting, held or planned."""

    class Meta:
        model = Meeting
        fields = [
            "title",
            "status",
            "form",
            "level",
            "mechanism",
            "session",
            "starts_on",
            "ends_on",
            "window_wording",
            "window_earliest",
            "window_latest",
            "place",
            "country",
            "classification",
        ]
        formfield_callback = form_field
        field_classes = {
            name: IsoDateField for name in ("starts_on", "ends_on", "window_earliest", "window_latest")
        }
        help_texts = {
            "window_wording": _("If no date is set yet: the wording, and the days that it can mean.")
        }


class SourceEditForm(RecordForm):
    """A source with its text in numbered paragraphs."""

    text = NumberedText(
        label=_("Text"),
        required=False,
        help_text=_("In numbered paragraphs, “1. ”, “2. ” and so on. A cited paragraph cannot be changed."),
    )

    class Meta:
        model = Source
        fields = [
            "title",
            "kind",
            "number",
            "publisher",
            "published_on",
            "language",
            "url",
            "note",
            "classification",
            "text",
        ]
        formfield_callback = form_field
        field_classes = {"published_on": IsoDateField}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def clean_text(self) -> str:
        """The text to store. Refuse invalid paragraphs and changes of cited ones."""
        if "text" not in self.changed_data:
            return str(self.instance.text)
        return checked_text(self.instance, self.cleaned_data["text"])


# -- what a page saves ---------------------------------------------------------------------------------------


class BodyEdit(EditForms[Any]):
    """The edit of a country, an agency, a person or a mechanism."""

    forms_of: dict[type[Model], type[RecordForm]] = {
        Country: CountryForm,
        Agency: AgencyForm,
        Person: PersonForm,
        Mechanism: MechanismForm,
    }

    def make_form(self, data: QueryDict | None) -> RecordForm:
        """The form of the record."""
        return self.forms_of[type(self.record)](data, instance=copy(self.record))

    def save(self) -> None:
        """Save by ``change_body``."""
        countries = self.form.cleaned_data["countries"] if "countries" in self.form.changed_data else None
        change_body(actor=self.user, body=self.record, fields=self.form.changed_values(), countries=countries)


class EditWithRows(EditForms[Record]):
    """The edit of a record that has rows."""

    def _rows(self, form: type[RowForm], data: QueryDict | None, **options: Any) -> Any:
        return rows_of(form, self.record, self.user, data, **options)


class MeetingEdit(EditWithRows[Meeting]):
    """The edit of a meeting, its participants and its sources."""

    def make_form(self, data: QueryDict | None) -> RecordForm:
        """The form of the meeting."""
        return MeetingEditForm(data, instance=copy(self.record))

    def make_rows(self, data: QueryDict | None) -> dict[str, Any]:
        """The participants and the sources."""
        participants = self._rows(
            ParticipationForm, data, prefix="participants", title=_("Participants"), fk_name="meeting"
        )
        sources = rows_of(
            SourceOfMeetingForm,
            self.record,
            self.user,
            data,
            prefix="sources",
            title=_("Sources"),
            fk_name="meeting",
        )
        return {"participants": participants, "sources": sources}

    def save(self) -> None:
        """Save by ``change_meeting``."""
        participants, sources = self.rows["participants"], self.rows["sources"]
        named = [_participant(form) for form in kept(participants)]
        change_meeting(
            actor=self.user,
            meeting=self.record,
            fields=self.form.changed_values(),
            participants=named if participants.has_changed() else None,
            sources=_records(sources, "source") if sources.has_changed() else None,
            day_reason=self.form.cleaned_data.get("day_reason", ""),
        )


def _participant(form: forms.ModelForm) -> Participant:
    values = form.cleaned_data
    return Participant(
        values["person"], office=values["office"], country=values["country"], role=values["role"]
    )


def _records(rows: Any, name: str) -> list[Any]:
    return [form.cleaned_data[name] for form in kept(rows)]


class SourceEdit(EditWithRows[Source]):
    """The edit of a source, of what it is based on, and of the meetings on which it reports."""

    def make_form(self, data: QueryDict | None) -> RecordForm:
        """The form of the source."""
        return SourceEditForm(data, instance=copy(self.record))

    def make_rows(self, data: QueryDict | None) -> dict[str, Any]:
        """The sources on which it is based, and the meetings."""
        based_on = rows_of(
            BasisForm,
            self.record,
            self.user,
            data,
            prefix="based_on",
            title=_("Based on"),
            fk_name="from_source",
        )
        meetings = rows_of(
            MeetingOfSourceForm,
            self.record,
            self.user,
            data,
            prefix="meetings",
            title=_("Meetings"),
            fk_name="source",
        )
        return {"based_on": based_on, "meetings": meetings}

    def save(self) -> None:
        """Save by ``change_source``, and the meetings by ``change_meeting``."""
        fields, based_on, meetings = self.form.changed_values(), self.rows["based_on"], self.rows["meetings"]
        text = fields.pop("text", None)
        change_source(
            actor=self.user,
            source=self.record,
            fields=fields,
            text=text,
            based_on=_records(based_on, "to_source") if based_on.has_changed() else None,
        )
        if meetings.has_changed():
            self._set_meetings(_records(meetings, "meeting"))

    def _set_meetings(self, wanted: Sequence[Meeting]) -> None:
        now = set(Meeting.objects.visible_to(self.user).filter(source_links__source=self.record))
        for meeting in sorted(now ^ set(wanted), key=lambda each: each.pk):
            sources = [link.source for link in meeting.source_links.select_related("source")]
            if meeting in now:
                sources.remove(self.record)
            else:
                sources.append(self.record)
            change_meeting(actor=self.user, meeting=meeting, fields={}, sources=sources)


EDITS: dict[type[Model], type[EditForms[Any]]] = {
    Country: BodyEdit,
    Agency: BodyEdit,
    Person: BodyEdit,
    Mechanism: BodyEdit,
    Meeting: MeetingEdit,
    Source: SourceEdit,
}
"""What the edit page of each kind of record saves."""
EDIT_RIGHTS: dict[type[Model], Right] = {**RIGHTS, Meeting: Right.EDIT_REGISTER, Source: Right.EDIT_REGISTER}


def edit_address(record: Any, user: "User") -> str:
    """The address of the edit page of ``record``; "" if ``user`` may not edit it."""
    if not user.may(EDIT_RIGHTS[type(record)]):
        return ""
    key = record.code if isinstance(record, Country) else record.slug
    return reverse(f"edit_{record._meta.model_name}", args=[key])
