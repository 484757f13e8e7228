"""The forms that mend the record: what was entered in error, and which day was wrong."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from commitments.forms import RefusableForm
from commitments.models import ProgressUpdate, StatusChange
from commitments.services.entered_in_error import Thing, note_on
from core import clock
from core.filters import IsoDateField
from core.texts import TextField


class ErrorForm(RefusableForm):
    """What was entered in error, and why; or what was noted as an error and was none.

    ``things`` are those that the user may mend, with a label for each.
    """

    what = forms.ChoiceField(
        label=_("What was entered in error?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was entered in error.")},
    )
    reason = TextField(
        label=_("Reason"),
        help_text=_("It stays in the history."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args: Any, things: Sequence[tuple[Thing, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._things = {_key(thing): thing for thing, _label in things}
        self._in_error = {_key(thing) for thing, _label in things if _is_in_error(thing)}
        what: Any = self.fields["what"]
        what.choices = [
            (key, self._label(key, label))
            for key, label in zip(self._things, (label for _thing, label in things), strict=True)
        ]
        if len(self._things) == 1:
            what.initial = next(iter(self._things))

    def _label(self, key: str, label: str) -> str:
        if key not in self._in_error:
            return label
        return pgettext("what was entered in error", "No error after all: %(what)s") % {"what": label}

    @property
    def thing(self) -> Thing:
        """What was chosen."""
        return self._things[self.cleaned_data["what"]]

    @property
    def lifts(self) -> bool:
        """Whether it is no error after all."""
        return self.cleaned_data["what"] in self._in_error

    @property
    def done(self) -> str:
        """What was done, as a message."""
        if self.lifts:
            return gettext("It counts again. Both notes stay in the history.")
        return gettext("It was noted as entered in error. It counts nowhere any more.")


class DayForm(RefusableForm):
    """The status change whose day is wrong, the right day, and how it is known.

    ``changes`` are those whose day was given by somebody.
    """

    number = forms.TypedChoiceField(
        label=_("Which day is wrong?"),
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": _("Choose the change whose day is wrong.")},
    )
    on = IsoDateField(label=_("Right day"), error_messages={"required": _("Enter the right day.")})
    reason = TextField(
        label=_("Reason"),
        help_text=_("How the right day is known. It stays in the history, as does the wrong day."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how the right day is known.")},
    )

    def __init__(self, *args: Any, changes: Sequence[StatusChange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._changes = {change.number: change for change in changes}
        number: Any = self.fields["number"]
        number.choices = [(each.number, _change_in_words(each)) for each in changes]
        if len(changes) == 1:
            number.initial = changes[0].number
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()

    @property
    def change(self) -> StatusChange:
        """The change that was chosen."""
        return self._changes[self.cleaned_data["number"]]


def _change_in_words(change: StatusChange) -> str:
    # Translators: a status change and its day, as in "Report work begun, 3 Dec 2025".
    return pgettext("status change and day", "%(change)s, %(day)s") % {
        "change": change.get_transition_display(),
        "day": date_format(change.happened_on),
    }


def _key(thing: Thing) -> str:
    return f"{type(thing).__name__.lower()}-{thing.pk}"


def _is_in_error(thing: Thing) -> bool:
    return note_on(thing) is not None if isinstance(thing, ProgressUpdate) else thing.is_in_error
