"""Forms that classify: meetings and sources name what they raise, and a lower classification is proposed."""

from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Clearance
from accounts.levels import offer_levels
from commitments.evidence_forms import RefusableForm
from commitments.services.levels import references_raised
from core.lists import all_of
from core.texts import TextField
from relations.edit_forms import RecordForm, SourceEdit, SourceEditForm

if TYPE_CHECKING:
    from accounts.models import User


class RaisedCommitments(forms.ModelForm):
    """Before a meeting or a source is classified higher, its form names the commitments that are raised."""

    editor: "User"
    raise_commitments = forms.BooleanField(
        label=gettext_lazy("Raise its commitments too"),
        required=False,
        help_text=gettext_lazy("A commitment is at least at the level of its meetings and sources."),
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        record: Any = self.instance
        level = self.cleaned_data.get("classification")
        if record.pk is None or not level:
            return
        words = raised_in_words(record, level, self.editor)
        if words and not self.cleaned_data.get("raise_commitments"):
            self.add_error("raise_commitments", _("%(what)s Tick this and save again.") % {"what": words})


def raised_in_words(record: Any, level: int, user: "User") -> str:
    """What would be raised if ``record`` were classified at ``level``; "" if nothing is.

    Commitments that ``user`` may not see are not named.
    """
    named = references_raised(record, level, user)
    if not named:
        return ""
    return _("These commitments are raised to the same level: %(references)s.") % {
        "references": all_of(named)
    }


class DowngradeForm(RefusableForm):
    """A lower classification for ``record``, with the reason."""

    classification = forms.TypedChoiceField(label=gettext_lazy("Classification"), coerce=int)
    reason = TextField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it can be classified lower, and who agreed."),
        error_messages={"required": gettext_lazy("Say why it can be classified lower.")},
    )

    def __init__(self, data: QueryDict | None = None, *, record: Any) -> None:
        super().__init__(data)
        classification: Any = self.fields["classification"]
        lower = [(level, label) for level, label in Clearance.choices if level < record.classification]
        classification.choices = lower


class DowngradeDecisionForm(RefusableForm):
    """A decision on a proposed lower classification. The button that is pressed says which.

    ``proposal`` is the one that was read.
    """

    proposal = forms.CharField(required=False, widget=forms.HiddenInput)
    note = TextField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Required to refuse it: say why."),
    )


class SourceWithLevelEditForm(RaisedCommitments, SourceEditForm):
    """A source on its edit page."""

    field_order = (*SourceEditForm.Meta.fields[:-1], "raise_commitments", "text")

    def __init__(self, *args: Any, editor: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editor = editor
        offer_raising(self, editor)


def offer_raising(form: Any, editor: "User") -> None:
    """Offer the levels that ``editor`` can set; the box only where there is a choice."""
    offer_levels(form, editor)
    if "classification" not in form.fields:
        del form.fields["raise_commitments"]


class SourceWithLevelEdit(SourceEdit):
    """The edit of a source, which asks before commitments are raised."""

    def make_form(self, data: QueryDict | None) -> RecordForm:
        """The form of the source."""
        return SourceWithLevelEditForm(data, instance=copy(self.record), editor=self.user)


def with_raising(fieldsets: Any, after: str) -> list[tuple[Any, dict[str, Any]]]:
    """``fieldsets`` of an admin with the box after the field ``after``."""
    found = []
    for title, options in fieldsets:
        names = list(options["fields"])
        if after in names:
            names.insert(names.index(after) + 1, "raise_commitments")
        found.append((title, {**options, "fields": names}))
    return found
