"""The form of a new calendar feed."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.models import SavedView
from commitments.reports.calendar import CalendarChoice
from core.texts import TextField
from notifications.models import FeedScope
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

_NONE = pgettext_lazy("choice", "none")


class FeedForm(forms.Form):
    """What a feed is called, and what it has."""

    name = TextField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Which program or person reads it, such as “Outlook”."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("What it has"), choices=FeedScope.choices)
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("Agency"),
        required=False,
        to_field_name="slug",
        empty_label=_NONE,
    )
    view = forms.ModelChoiceField(
        SavedView.objects.none(), label=gettext_lazy("Saved view"), required=False, empty_label=_NONE
    )

    def __init__(self, data: Any = None, *, user: "User", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = Agency.objects.order_by("sort_key", "pk")
        fields["view"].queryset = SavedView.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        """The agency or the view that the scope is about must be named."""
        values: dict[str, Any] = super().clean() or {}
        for scope, message in (
            (FeedScope.AGENCY, _("Choose the agency.")),
            (FeedScope.VIEW, _("Choose the saved view.")),
        ):
            name = str(scope)
            if values.get("scope") == scope and not values.get(name) and name not in self.errors:
                self.add_error(name, message)
        return values


def feeds_address(choice: CalendarChoice) -> str:
    """The page of the feeds, its form filled with what the calendar is narrowed to."""
    if choice.view:
        query = {"scope": FeedScope.VIEW.value, "view": str(choice.view.pk)}
    elif choice.agency:
        query = {"scope": FeedScope.AGENCY.value, "agency": choice.agency.slug}
    else:
        query = {"scope": (FeedScope.MINE if choice.mine else FeedScope.ALL).value}
    return f"{reverse('calendar_feeds')}?{urlencode(query)}"


def initial_of(query: Any) -> dict[str, str]:
    """The values with which the address fills the form; what is no choice fills nothing."""
    given = {name: query.get(name, "") for name in ("scope", "agency", "view")}
    return {name: value for name, value in given.items() if value.isprintable()}
