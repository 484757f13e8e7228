"""What an officer fills in to record a meeting: the occasion, who took part, and a paper with its text."""

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.filters import IsoDateField
from core.form_errors import errors_in
from core.search.folding import fold
from relations.choices import MeetingStatus, ParticipantRole
from relations.models import Country, Meeting, Person, Source
from relations.services.meetings import Seat, record_paper, was_held
from relations.services.paragraph_splitting import numbered, preview
from relations.services.person_matching import people_called, people_like
from relations.services.text_extraction import MAX_BYTES, ExtractedText, read_document

if TYPE_CHECKING:
    from accounts.models import User

SEATS, MOST_SEATS = 4, 60
LONGEST_TEXT = 600_000
_DAYS = ("starts_on", "ends_on", "window_earliest", "window_latest")
_HELD_FIELDS = ["starts_on", "ends_on", "place"]
NONE_CHOSEN = "–"


def one_of_two(*fields: forms.Field) -> None:
    """Say that one of the fields is wanted, whichever: none of them is optional."""
    for field in fields:
        field.is_one_of_two = True  # type: ignore[attr-defined]


def with_plain_blanks(form: forms.BaseForm) -> None:
    """Show the choice of nothing as everywhere on the pages, not as a row of hyphens."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = NONE_CHOSEN if field.empty_label else None
        elif isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            field.choices = [(value, label if value else NONE_CHOSEN) for value, label in choices]


class HeldForm(forms.ModelForm):
    """A meeting that was expected took place: on which day, and where."""

    class Meta:
        model = Meeting
        fields = _HELD_FIELDS
        field_classes = {name: IsoDateField for name in _DAYS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_plain_blanks(self)
        today = clock.today().isoformat()
        for name in _DAYS[:2]:
            self.fields[name].widget.attrs["max"] = today
        self.fields["ends_on"].help_text = _("Empty: the same day.")
        self.fields["starts_on"].required = True

    def _post_clean(self) -> None:
        self.instance.status = MeetingStatus.HELD
        super()._post_clean()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        """A day that is still to come is not a day on which something was said."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("starts_on", "ends_on", "window_earliest"):
            day = cleaned.get(name)
            if day and day > clock.today():
                self.add_error(
                    name, _("The day lies after today. What is still to come is entered in the admin.")
                )
        if cleaned.get("starts_on") and "ends_on" in cleaned and not cleaned["ends_on"]:
            cleaned["ends_on"] = cleaned["starts_on"]
        return cleaned


class MeetingForm(HeldForm):
    """A meeting that was held and is not on record yet."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].required = False
        self.fields["starts_on"].help_text = _("Where no day is known, give the window below.")
        one_of_two(self.fields["starts_on"])

    def clean(self) -> dict[str, Any]:
        """A day or a window is needed; refuse the same occasion a second time."""
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in _DAYS) and not any(name in self.errors for name in _DAYS):
            self.add_error("starts_on", _("Give the day, or below the days that it can have been."))
        title, day = cleaned.get("title"), cleaned.get("starts_on")
        if title and day:
            for other in Meeting.objects.filter(starts_on=day):
                if fold(other.title) == fold(title):
                    self.add_error(
                        "title", _("A meeting of this title on that day is on record. Choose it instead.")
                    )
        return cleaned

    @property
    def whole(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [self[name] for name in self.fields if not name.startswith("window_")]

    @property
    def window(self) -> list[forms.BoundField]:
        """The fields for a meeting whose day is not known."""
        return [self[name] for name in self.fields if name.startswith("window_")]


class SeatForm(forms.Form):
    """One who took part. A name that is on record is that person; another needs the word that it is new."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off", "data-person": ""}),
    )
    office = forms.CharField(label=gettext_lazy("Office then held"), max_length=250)
    country = forms.ModelChoiceField(
        Country.objects.all(),
        label=gettext_lazy("For"),
        required=False,
        to_field_name="code",
        empty_label=NONE_CHOSEN,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ParticipantRole.choices, initial=ParticipantRole.PARTICIPANT
    )
    new = forms.BooleanField(
        label=gettext_lazy("New person"), required=False, widget=forms.CheckboxInput(attrs={"class": "box"})
    )

    person: Person

    def has_changed(self) -> bool:
        """Begun by a name or an office; a role alone is nobody."""
        return bool({"name", "office"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """Find the person, or make one out of the name and the country."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "name" not in cleaned:
            return cleaned
        name, country = cleaned["name"], cleaned.get("country")
        called = people_called(name)
        if country and len(called) > 1:
            called = [person for person in called if person.country_id == country.pk] or called
        if len(called) > 1:
            self.add_error(
                "name", _("Several people are called so. Give the key: %(keys)s.") % {"keys": _keys(called)}
            )
        elif called:
            self.person = called[0]
            cleaned["country"] = country or self.person.country
        elif not cleaned["new"]:
            self.add_error("name", self._nobody(name))
        elif country is None:
            self.add_error("country", _("Say for which country a new person sits."))
        else:
            self.person = Person(name=name, country=country)
        return cleaned

    @staticmethod
    def _nobody(name: str) -> str:
        similar = get_text_list([person.name for person in people_like(name)], _("or"))
        if similar:
            return _("Nobody of this name is on record. Is it %(similar)s? Else tick “New person”.") % {
                "similar": similar
            }
        return _("Nobody of this name is on record. Tick “New person” to record it.")

    def seat(self) -> Seat:
        """What was filled in, as the writer takes it."""
        values = self.cleaned_data
        return Seat(self.person, office=values["office"], country=values["country"], role=values["role"])


def _keys(people: list[Person]) -> str:
    return get_text_list([f"{person.slug} ({person.country})" for person in people], _("or"))


class _SeatRows(forms.BaseFormSet):
    """The rows of those who took part; ``there`` are the people who sit at the meeting already."""

    there: frozenset[int] = frozenset()

    def clean(self) -> None:
        """Nobody sits twice."""
        taken: set[object] = set(self.there)
        for form in self.forms:
            person = getattr(form, "person", None)
            if person is None or not form.has_changed():
                continue
            who: object = person.pk or fold(person.name)
            if who in taken:
                form.add_error(
                    "name", _("%(name)s is among the participants already.") % {"name": person.name}
                )
            taken.add(who)


SeatFormSet = forms.formset_factory(
    SeatForm, formset=_SeatRows, extra=SEATS, max_num=MOST_SEATS, absolute_max=MOST_SEATS
)


class PaperForm(forms.ModelForm):
    """A paper with its text, pasted or from a file.

    The text of a file that could be read stands in the field of the text when the form comes back, so that
    nothing has to be chosen twice.
    """

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "class": "paper-text"}),
        help_text=gettext_lazy(
            "Paste it, or choose a file below. A blank line between paragraphs; numbers it has are kept."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf"}),
        help_text=gettext_lazy(
            "Plain text, Word (.docx) or a PDF that holds text; at most 5 MB. Notes and headers are not read."
        ),
    )
    renumber = forms.BooleanField(
        label=gettext_lazy("Number anew"),
        required=False,
        help_text=gettext_lazy("Where the numbers of the text count its chapters, not its paragraphs."),
    )

    class Meta:
        model = Source
        fields = ["title", "kind", "publisher", "published_on", "language", "url"]
        field_classes = {"published_on": IsoDateField}

    reading: ExtractedText | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_plain_blanks(self)
        self.fields["title"].label = _("Title of the paper")
        one_of_two(self.fields["text"], self.fields["file"])
        self.fields["published_on"].widget.attrs["max"] = clock.today().isoformat()
        del self.fields["text"].widget.attrs["maxlength"]  # a browser would cut off what is pasted, silently

    def clean_file(self) -> UploadedFile | None:
        """Read the file here, where its faults belong."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if self.data.get(self.add_prefix("text"), "").strip():
            raise ValidationError(_("Give the text or a file, not both: the text above is there already."))
        content = file.read(MAX_BYTES + 1)
        self.reading = read_document(file.name or "", content)
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("text")] = self.reading.text  # type: ignore[index]
        return file

    def clean(self) -> dict[str, Any]:
        """Number the text; say at its field what is wrong with it."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = self.reading.text if self.reading else cleaned.get("text", "")
        if "text" in self.errors or "file" in self.errors:
            return cleaned
        if not text.strip():
            self.add_error("text", _("Paste the text, or choose a file."))
            return cleaned
        try:
            self.paragraphs = preview(text, anew=cleaned.get("renumber", False))
        except ValidationError as error:
            self.add_error("text", error)
            return cleaned
        cleaned["numbered"] = numbered(text, anew=cleaned.get("renumber", False))
        return cleaned

    paragraphs: list[tuple[int, str]] = []

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields that describe the paper."""
        return [self[name] for name in self._meta.fields or ()]


class RecordingForm:
    """Everything that recording a paper asks for, as one: a new meeting, or an expected one that was held, or
    neither; those who took part; the paper. ``refused`` holds what the writer said."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        meeting: Meeting | None,
        title: str = "",
    ) -> None:
        self.new = meeting is None
        self.meeting: HeldForm | None = None
        if meeting is None:
            self.meeting = MeetingForm(data, prefix="meeting", initial={"title": title})
        elif not was_held(meeting, clock.today()):
            self.meeting = HeldForm(
                data, prefix="meeting", instance=copy(meeting)
            )  # the page shows the other
        self.existing = meeting
        self.seats = SeatFormSet(_with_more_rows(data), prefix="seats")
        if meeting is not None:
            self.seats.there = frozenset(each.person_id for each in meeting.participations.all())  # type: ignore[attr-defined]
        self.paper = PaperForm(data, files, prefix="paper")
        self.is_bound = data is not None
        self.shows_paragraphs = data is not None and "look" in data

    @property
    def parts(self) -> list[Any]:
        """The forms in their order."""
        return [*filter(None, [self.meeting]), *self.seats.forms, self.paper]

    def is_valid(self) -> bool:
        """Whether every part is; all are asked, so that all faults are said at once."""
        rest: list[Any] = [self.paper, *filter(None, [self.meeting])]
        return all([self.seats.is_valid(), *(form.is_valid() for form in rest)])

    def save(self, actor: "User") -> Source:
        """Hand it to the writer; raises ``ValidationError`` where that refuses, and then nothing is saved."""
        return record_paper(
            actor=actor,
            meeting=self.recorded,
            source=self.paper.instance,
            text=self.paper.cleaned_data["numbered"],
            seats=[form.seat() for form in self.seats if form.has_changed()],
            changed=["status", *_HELD_FIELDS] if self.meeting and not self.new else (),
        )

    @property
    def recorded(self) -> Meeting:
        """The meeting, once it was saved or where it was there before."""
        meeting = self.meeting.instance if self.meeting else self.existing
        assert meeting is not None  # noqa: S101  (a new one comes from the form)
        return meeting

    @property
    def cautions(self) -> tuple[str, ...]:
        """What must be checked by eye in a text that came from a file."""
        return self.paper.reading.cautions if self.paper.reading else ()

    def asks_for_more(self, data: QueryDict) -> bool:
        """Whether a button asked for more rows, or to see the paragraphs first: nothing is recorded yet.

        Then only what was asked about is judged.
        """
        look, rows = "look" in data, "more" in data
        if not look and not rows:
            return False
        for form in self.parts:
            form._errors = forms.utils.ErrorDict()  # what is not filled in yet is no fault
        self.paper.full_clean()  # a chosen file is read now: a browser does not keep it
        for name in set(self.paper.errors) - ({"text", "file"} if look else {"file"}):
            del self.paper.errors[name]
        return True

    def refuse(self, error: ValidationError) -> None:
        """Put what the writer said at the paper; about what it named, at its field."""
        self.paper.add_error(None, error)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every message with the ``id`` of the control it stands at, for a summary above the form."""
        return errors_in(self.parts)


def _with_more_rows(data: QueryDict | None) -> QueryDict | None:
    """``data``, with some more empty rows where the button for them was pressed."""
    if data is None or "more" not in data:
        return data
    more = data.copy()
    count = data.get("seats-TOTAL_FORMS", "")
    rows = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else SEATS  # noqa: PLR2004
    more["seats-TOTAL_FORMS"] = str(min(rows + SEATS, MOST_SEATS))
    return more
