"""The forms of a saved view."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from commitments.choices import SharedWith
from commitments.forms import RefusableForm, goes_with
from commitments.models import SavedView
from core.texts import TextField

Check = Callable[[str], tuple[str, list[str]]]
"""Takes the typed query; returns the query to store and error messages."""


class SavedViewForm(RefusableForm):
    """Name, description, sharing and query of a saved view. ``check`` validates the query."""

    name = TextField(label=_("Name"), max_length=80)
    description = TextField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    shared_with = forms.ChoiceField(
        label=_("Who can use it"),
        choices=SharedWith.choices,
        initial=SharedWith.PRIVATE,
        widget=forms.RadioSelect,
        help_text=_("Sharing a view gives nobody access to more commitments."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose a role")), *Role.choices],
        required=False,
        help_text=_("Required if you share the view with a role."),
    )
    query = TextField(
        label=_("Query"),
        required=False,
        max_length=4000,
        help_text=_("The part of the list's address after “?”. Leave it empty to show everything."),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        goes_with(self.fields["role"], f"shared_with={SharedWith.ROLE}")

    @staticmethod
    def initial_of(view: SavedView) -> dict[str, str]:
        """The initial values of the form for ``view``."""
        names = ("name", "description", "shared_with", "role", "query")
        return {name: getattr(view, name) for name in names}

    def clean_query(self) -> str:
        """The query to store; refuses what the list would refuse."""
        query, errors = self.check(self.cleaned_data["query"])
        if errors:
            raise forms.ValidationError(errors)
        return query


class NewViewForm(SavedViewForm):
    """A new view of the current list."""

    replace = forms.BooleanField(label=_("Replace my view of the same name"), required=False)
    default = forms.BooleanField(label=_("Make this my default view"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query"].widget = forms.HiddenInput()
