"""The form with which an officer asks for reports, and the parameters of the list."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commitments.day_filtersets import PageFilterSet
from commitments.forms import RefusableForm
from core import clock
from core.filters import IsoDateField
from core.texts import TextField

OPEN, ENDED = "open", "ended"
_A_FORTNIGHT = dt.timedelta(days=14)


class AskForm(RefusableForm):
    """By which day the focal points are asked to report, and what they are told beside it."""

    due_on = IsoDateField(label=_("Report by"))
    note = TextField(
        label=pgettext_lazy("of a request for a report", "Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("The mail includes it."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"due_on": clock.today() + _A_FORTNIGHT}, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = clock.today().isoformat()


class ReportsFilterSet(PageFilterSet):
    """``state``: requests that wait for a report, or those that were answered or withdrawn."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=(
            (OPEN, pgettext_lazy("requests for a report", "awaited")),
            (ENDED, pgettext_lazy("requests for a report", "answered or withdrawn")),
        ),
        method=lambda rows, name, value: rows,
    )
