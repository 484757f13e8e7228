"""The forms of a saved view."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from commitments.choices import SharedWith
from commitments.forms import RefusableForm, goes_with
from commitments.models import SavedView

Check = Callable[[str], tuple[str, list[str]]]
"""From what was typed: the query as it is kept, and what is wrong with it."""


class SavedViewForm(RefusableForm):
    """Name, description and sharing of a view; ``check`` judges its query."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    shared_with = forms.ChoiceField(
        label=_("Who may use it"),
        choices=SharedWith.choices,
        initial=SharedWith.PRIVATE,
        widget=forms.RadioSelect,
        help_text=_("Each sees only the commitments that they may see anyway."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("choose a role")), *Role.choices],
        required=False,
        help_text=_("Needed where it is shared with a role, and only there."),
    )
    query = forms.CharField(
        label=_("Filter"),
        required=False,
        max_length=4000,
        help_text=_("The part of the list's address after “?”. Empty shows everything."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        goes_with(self.fields["role"], f"shared_with={SharedWith.ROLE}")

    @staticmethod
    def initial_of(view: SavedView) -> dict[str, str]:
        """What the form of ``view`` begins with."""
        names = ("name", "description", "shared_with", "role", "query")
        return {name: getattr(view, name) for name in names}

    def clean_query(self) -> str:
        """The query as it is kept; refuses what the list would refuse."""
        query, wrong = self.check(self.cleaned_data["query"])
        if wrong:
            raise forms.ValidationError(wrong)
        return query


class NewViewForm(SavedViewForm):
    """A view of what the list shows just now."""

    replace = forms.BooleanField(label=_("In the place of my view of that name"), required=False)
    default = forms.BooleanField(label=_("Open the list with it from now on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query"].widget = forms.HiddenInput()
