"""The forms of a meeting that took place and of its participants."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core import clock
from core.filters import IsoDateField
from core.lists import one_of
from core.search.folding import fold
from core.texts import TextField, form_field
from relations.choices import MeetingStatus, ParticipantRole
from relations.models import Country, Meeting, Person
from relations.services.meetings import Participant, missing_date
from relations.services.person_matching import people_called, people_like

if TYPE_CHECKING:
    from accounts.models import User

PARTICIPANT_ROWS, MAX_PARTICIPANTS = 4, 60
"""Rows that the form starts with and that one click adds; the most rows."""
_DATE_FIELDS = ("starts_on", "ends_on", "window_earliest", "window_latest")
HELD_FIELDS = ["starts_on", "ends_on", "place"]
"""The fields of a planned meeting that took place."""
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
        fields = HELD_FIELDS
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
