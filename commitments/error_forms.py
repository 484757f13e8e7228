"""The form that says what was entered in error, or was none."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from commitments.forms import RefusableForm
from commitments.models import ProgressUpdate
from commitments.services.entered_in_error import Thing, note_on
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


def _key(thing: Thing) -> str:
    return f"{type(thing).__name__.lower()}-{thing.pk}"


def _is_in_error(thing: Thing) -> bool:
    return note_on(thing) is not None if isinstance(thing, ProgressUpdate) else thing.is_in_error
