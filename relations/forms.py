"""The forms to record a meeting: the meeting, its participants, and a document with its text."""

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core import clock
from core.documents.problems import Problem
from core.filters import IsoDateField
from core.form_errors import errors_in
from core.lists import listed, one_of
from core.search.folding import fold
from core.texts import TextField, form_field
from core.whole_numbers import whole_number
from relations.choices import CodePage, MeetingStatus, ParticipantRole
from relations.file_reading import IN_LANGUAGE, NEXT_PAGES, FileReadingForm
from relations.models import Country, Meeting, Person, Source
from relations.models.source import numbered_text
from relations.services.duplicates import AlreadyRecorded
from relations.services.meetings import Participant, missing_date, was_held
from relations.services.paper_edits import PaperEdit, edited
from relations.services.paper_structure import PaperParagraph, read_paper
from relations.services.paragraph_splitting import refuse_many
from relations.services.person_matching import people_called, people_like
from relations.services.sources import labels_of

if TYPE_CHECKING:
    from accounts.models import User

PARTICIPANT_ROWS, MAX_PARTICIPANTS = 4, 60
"""Rows that the form starts with and that one click adds; the most rows."""
LONGEST_TEXT = 600_000
PAPER_EDIT = "paper"
"""The name of the buttons that edit a paragraph of the preview."""
_READ_TEXT = frozenset({"preview", "read", PAPER_EDIT, NEXT_PAGES, IN_LANGUAGE})
"""The buttons that read the text and save nothing."""
_DATE_FIELDS = ("starts_on", "ends_on", "window_earliest", "window_latest")
_HELD_FIELDS = ["starts_on", "ends_on", "place"]
EMPTY_CHOICE = "–"


def require_one(*fields: forms.Field) -> None:
    """Mark ``fields`` of which one is required, so that none of them is labelled “optional”."""
    for field in fields:
        field.is_one_of_two = True  # type: ignore[attr-defined]


def with_dash_for_empty_choice(form: forms.BaseForm) -> None:
    """Show the empty choice of each select as “–”, as on all pages, instead of Django's hyphens."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = EMPTY_CHOICE if field.empty_label else None
        elif isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            field.choices = [(value, label if value else EMPTY_CHOICE) for value, label in choices]


class HeldForm(forms.ModelForm):
    """The date and place of a planned meeting that took place."""

    class Meta:
        model = Meeting
        fields = _HELD_FIELDS
        formfield_callback = form_field
        field_classes = {name: IsoDateField for name in _DATE_FIELDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        today = clock.today().isoformat()
        for name in _DATE_FIELDS[:2]:
            self.fields[name].widget.attrs["max"] = today
        self.fields["ends_on"].help_text = _("Leave empty if it took one day.")
        self.fields["starts_on"].required = True

    def _post_clean(self) -> None:
        before = "" if self.instance._state.adding else self.instance.status
        self.instance.status = MeetingStatus.HELD
        super()._post_clean()  # type: ignore[misc]
        if not any(name in self.errors for name in _DATE_FIELDS):
            self.add_error(None, missing_date(self.instance, before=before))

    def clean(self) -> dict[str, Any]:
        """Refuse dates after today. The last day defaults to the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("starts_on", "ends_on", "window_earliest"):
            day = cleaned.get(name)
            if day and day > clock.today():
                self.add_error(name, _("The date is after today. Add a future meeting in the admin site."))
        if cleaned.get("starts_on") and "ends_on" in cleaned and not cleaned["ends_on"]:
            cleaned["ends_on"] = cleaned["starts_on"]
        return cleaned


class MeetingForm(HeldForm):
    """A new meeting that took place."""

    class Meta(HeldForm.Meta):
        fields = [
            "title",
            "form",
            "level",
            "mechanism",
            "session",
            "starts_on",
            "ends_on",
            "place",
            "country",
            "window_wording",
            "window_earliest",
            "window_latest",
        ]

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["starts_on"].required = False
        self.fields["starts_on"].help_text = _("If you do not know the date, enter a period below.")
        require_one(self.fields["starts_on"])

    def clean(self) -> dict[str, Any]:
        """Require a date or a window. Refuse a meeting with the title and the date of another."""
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in _DATE_FIELDS) and not any(
            name in self.errors for name in _DATE_FIELDS
        ):
            self.add_error("starts_on", _("Enter the date, or the earliest and latest date below."))
        title, day = cleaned.get("title"), cleaned.get("starts_on")
        if title and day:
            for other in Meeting.objects.visible_to(self.user).filter(starts_on=day):
                if fold(other.title) == fold(title):
                    self.add_error(
                        "title",
                        _("A meeting with this title on that date is already recorded. Choose it instead."),
                    )
        return cleaned

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that do not describe the window."""
        return [self[name] for name in self.fields if not name.startswith("window_")]

    @property
    def window_fields(self) -> list[forms.BoundField]:
        """The fields for a meeting whose date is unknown."""
        return [self[name] for name in self.fields if name.startswith("window_")]


class ParticipantForm(forms.Form):
    """One participant. A name that is not recorded yet needs the checkbox “New person”."""

    name = TextField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off", "data-person": ""}),
    )
    office = TextField(label=gettext_lazy("Position"), max_length=250)
    country = forms.ModelChoiceField(
        Country.objects.all(),
        label=gettext_lazy("Country"),
        required=False,
        to_field_name="code",
        empty_label=EMPTY_CHOICE,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ParticipantRole.choices, initial=ParticipantRole.PARTICIPANT
    )
    new = forms.BooleanField(
        label=gettext_lazy("New person"), required=False, widget=forms.CheckboxInput(attrs={"class": "box"})
    )

    person: Person

    def has_changed(self) -> bool:
        """Whether a name or a position was entered. A row with only a role counts as empty."""
        return bool({"name", "office"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """Find the person, or build one from the name and the country."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "name" not in cleaned:
            return cleaned
        name, country = cleaned["name"], cleaned.get("country")
        people = people_called(name)
        if country and len(people) > 1:
            people = [person for person in people if person.country_id == country.pk] or people
        if len(people) > 1:
            self.add_error(
                "name",
                _("Several people have this name. Enter the key: %(keys)s.") % {"keys": _keys(people)},
            )
        elif people:
            self.person = people[0]
            cleaned["country"] = country or self.person.country
        elif not cleaned["new"]:
            self.add_error("name", self._not_found(name))
        elif country is None:
            self.add_error("country", _("Choose the country of the new person."))
        else:
            self.person = Person(name=name, country=country)
        return cleaned

    def told(self, message: str) -> str:
        """``message`` with the number of the row and the name that was entered, if any."""
        number = int((self.prefix or "0").rpartition("-")[2]) + 1
        values = {"n": number, "name": self["name"].value() or "", "error": message}
        if not values["name"]:
            return _("Participant %(n)d: %(error)s") % values
        return _("Participant %(n)d, %(name)s: %(error)s") % values

    @staticmethod
    def _not_found(name: str) -> str:
        if similar := people_like(name):
            return _(
                "Nobody with this name is recorded. Did you mean %(names)s? If not, tick “New person”."
            ) % {"names": one_of(similar)}
        return _("Nobody with this name is recorded. Tick “New person” to add them.")

    def participant(self) -> Participant:
        """The participant, from valid input."""
        values = self.cleaned_data
        return Participant(
            self.person, office=values["office"], country=values["country"], role=values["role"]
        )


def _keys(people: list[Person]) -> str:
    # Translators: the key of a person and the country, for example "hun-manet (Cambodia)".
    key_and_country = pgettext("person and country", "%(key)s (%(country)s)")
    return one_of(key_and_country % {"key": person.slug, "country": person.country} for person in people)


class _ParticipantRows(forms.BaseFormSet):
    """The rows of participants. ``recorded`` holds the primary keys of those recorded already."""

    recorded: frozenset[int] = frozenset()

    def clean(self) -> None:
        """Refuse a person who is named twice."""
        people: set[object] = set(self.recorded)
        for form in self.forms:
            person = getattr(form, "person", None)
            if person is None or not form.has_changed():
                continue
            key: object = person.pk or fold(person.name)
            if key in people:
                form.add_error("name", _("%(name)s is already a participant.") % {"name": person.name})
            people.add(key)


ParticipantFormSet = forms.formset_factory(
    ParticipantForm,
    formset=_ParticipantRows,
    extra=PARTICIPANT_ROWS,
    max_num=MAX_PARTICIPANTS,
    absolute_max=MAX_PARTICIPANTS,
)


class DocumentForm(FileReadingForm, forms.ModelForm):
    """A document with its text, pasted or from a file."""

    text = TextField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "class": "document-text"}),
        help_text=gettext_lazy(
            "Paste it, or choose a file below. Leave a blank line between paragraphs. They keep the numbers "
            "of the paper. “# ” before a line makes it a heading, “¶ ” a paragraph."
        ),
    )
    code_page = forms.ChoiceField(
        label=gettext_lazy("Encoding of the file"),
        choices=[("", EMPTY_CHOICE), *CodePage.choices],
        required=False,
        help_text=gettext_lazy("Only for plain text that is not in UTF-8 or UTF-16."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy(
            "Plain text, Word (.docx), PDF, or a picture of a page; at most 20 MB. Headers and footers are "
            "left out. Where the text is a picture, it is read by a program and must be compared."
        ),
    )
    renumber = forms.BooleanField(
        label=gettext_lazy("Renumber paragraphs"),
        required=False,
        help_text=gettext_lazy("If the numbers in the text count chapters, not paragraphs."),
    )

    class Meta:
        model = Source
        formfield_callback = form_field
        fields = ["title", "kind", "number", "publisher", "published_on", "language", "url"]
        field_classes = {"published_on": IsoDateField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_dash_for_empty_choice(self)
        self.fields["title"].label = _("Title of the document")
        require_one(self.fields["text"], self.fields["file"])
        self.fields["published_on"].widget.attrs["max"] = clock.today().isoformat()
        del self.fields["text"].widget.attrs["maxlength"]  # browsers cut off pasted text without notice

    def clean(self) -> dict[str, Any]:
        """Read the text into ``paragraphs``; ``numbered`` and ``labels`` are what is recorded of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = self.extracted.text if self.extracted else cleaned.get("text", "")
        if "text" in self.errors or "file" in self.errors:
            return cleaned
        if not text.strip():
            self.add_error("text", _("Paste the text, or choose a file."))
            return cleaned
        has_labels = not cleaned.get("renumber", False)
        self.paragraphs = read_paper(text, has_labels=has_labels)
        if edit := self._edit():
            text = edited(self.paragraphs, *edit)
            self.paragraphs = read_paper(text, has_labels=has_labels)
            self.show(text=text)
        try:
            refuse_many(self.paragraphs)
        except ValidationError as error:
            self.add_error("text", error)
            return cleaned
        cleaned["numbered"] = numbered_text(each.recorded_text for each in self.paragraphs)
        self.instance.note = " ".join(self._notes())
        cleaned["labels"] = labels_of(self.paragraphs)
        return cleaned

    def _notes(self) -> Iterator[str]:
        """What a reader of the document must know of how its text was read."""
        if self.is_scanned:
            yield _("The text was read by a program from pictures of the pages.")
        if self.languages and self.paper_to_keep:
            read, others = self.languages
            names = {"language": read, "others": listed(name for _code, name in others)}
            yield _("The file has the text in %(others)s too, beside the one in %(language)s.") % names

    def _edit(self) -> tuple[PaperEdit, int] | None:
        """What the button of a paragraph asks for: "split:3" splits the third one."""
        name, _colon, number = str(self.data.get(PAPER_EDIT, "")).partition(":")
        if name in set(PaperEdit) and number.isascii() and number.isdecimal():
            return PaperEdit(name), int(number[:6]) - 1
        return None

    @property
    def doubts(self) -> int:
        """How many paragraphs should be looked at."""
        return sum(each.doubt is not None or each.doubtful_words > 0 for each in self.paragraphs)

    paragraphs: list[PaperParagraph] = []

    @property
    def is_scanned(self) -> bool:
        """Whether any paragraph was read from a picture."""
        return any(each.is_scanned for each in self.paragraphs)

    @property
    def asks_code_page(self) -> bool:
        """Whether a plain text could not be read without its code page."""
        return bool(self.data.get(self.add_prefix("code_page"))) or self.has_error(
            "file", Problem.UNKNOWN_ENCODING
        )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that describe the document."""
        return [self[name] for name in self._meta.fields or ()]


class RecordingForm:
    """The forms to record a document: of the meeting, of its participants, and of the document.

    ``meeting`` is the form of a new meeting, or of a planned one that took place, or ``None`` where the
    meeting is already recorded as held. ``proposed`` are the labels of what was read from the text.
    """

    proposed: tuple[str, ...] = ()
    was_read = False

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        user: "User",
        meeting: Meeting | None,
        title: str = "",
    ) -> None:
        self.is_new = meeting is None
        self.meeting: HeldForm | None = None
        if meeting is None:
            self.meeting = MeetingForm(data, prefix="meeting", initial={"title": title}, user=user)
        elif not was_held(meeting, clock.today()):
            # A copy, since the page shows the meeting without the input.
            self.meeting = HeldForm(data, prefix="meeting", instance=copy(meeting))
        self.existing = meeting
        self.participants = ParticipantFormSet(_with_more_rows(data), prefix="participants")
        if meeting is not None:
            recorded = frozenset(each.person_id for each in meeting.participations.all())
            self.participants.recorded = recorded  # type: ignore[attr-defined]
        self.document = DocumentForm(data, files, prefix="document")
        self.document.user = user
        self.recorded: tuple[Any, ...] = ()
        self.is_bound = data is not None
        self.shows_paragraphs = data is not None and bool(_READ_TEXT & data.keys())

    @property
    def parts(self) -> list[Any]:
        """All forms, in the order of the page."""
        return [*filter(None, [self.meeting]), *self.participants.forms, self.document]

    def is_valid(self) -> bool:
        """Whether every form is valid. All are validated, so that all errors are shown at once."""
        others: list[Any] = [self.document, *filter(None, [self.meeting])]
        return all([self.participants.is_valid(), *(form.is_valid() for form in others)])

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``record_document``, from valid input."""
        return {
            "meeting": self.recorded_meeting,
            "source": self.document.instance,
            "text": self.document.cleaned_data["numbered"],
            "labels": self.document.cleaned_data["labels"],
            "participants": [form.participant() for form in self.participants if form.has_changed()],
            "changed": ["status", *_HELD_FIELDS] if self.meeting and not self.is_new else (),
            "paper": self.document.paper_to_keep,
            "despite": self.document.data.get("despite", "").split(),
        }

    @property
    def recorded_meeting(self) -> Meeting:
        """The meeting of the form, or the one that was recorded before."""
        meeting = self.meeting.instance if self.meeting else self.existing
        assert meeting is not None  # noqa: S101  (a new one comes from the form)
        return meeting

    @property
    def cautions(self) -> tuple[str, ...]:
        """Warnings about a text that was read from a file, and about the file."""
        return self.document.file_cautions

    def is_preliminary(self, data: QueryDict) -> bool:
        """Whether a button asked for more rows or to read the text, so that nothing is to be saved.

        If so, only the errors of the text and the file are kept for a preview, and of the file for more rows.
        """
        previews, adds_rows = bool(_READ_TEXT & data.keys()), "more" in data
        if not previews and not adds_rows:
            return False
        for form in self.parts[:-1]:
            form.errors.clear()  # incomplete input is no error yet
        # A chosen file is read now: browsers do not send it again.
        for name in set(self.document.errors) - ({"text", "file"} if previews else {"file"}):
            del self.document.errors[name]
        return True

    def show_recorded(self, refused: AlreadyRecorded) -> None:
        """Keep the records that may be the same, for the page."""
        self.recorded, self.recorded_keys = refused.records, " ".join(refused.keys)

    def refuse(self, error: ValidationError) -> None:
        """Add an error of ``record_document`` to the form of the document."""
        self.document.add_error(None, error)

    def error_summary(self) -> Iterator[tuple[str, str]]:
        """Each error as the ``id`` of its control and its message with the label. Names the participant."""
        for form in self.parts:
            for control, message in errors_in([form]):
                yield control, form.told(message) if isinstance(form, ParticipantForm) else message


def _with_more_rows(data: QueryDict | None) -> QueryDict | None:
    """``data``, with more empty rows where the button for them was pressed."""
    if data is None or "more" not in data:
        return data
    more = data.copy()
    count = whole_number(data.get("participants-TOTAL_FORMS", ""))
    rows = PARTICIPANT_ROWS if count is None else count
    more["participants-TOTAL_FORMS"] = str(min(rows + PARTICIPANT_ROWS, MAX_PARTICIPANTS))
    return more
