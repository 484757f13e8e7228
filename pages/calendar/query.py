"""The parameters of the calendar: which month, and what narrows it."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.filtersets import ByKeyFilter
from commitments.models import Commitment, SavedView
from commitments.reports.calendar import CalendarChoice
from core import clock
from core.filters import StrictFilterSet
from pages.calendar.month import FIRST_YEAR, LAST_YEAR
from relations.models import Agency

if TYPE_CHECKING:
    from accounts.models import User

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class MonthField(forms.CharField):
    """A month, as ``2026-02``, in the years of the calendar."""

    widget = forms.DateInput(attrs={"type": "month"})

    def clean(self, value: Any) -> dt.date | None:
        """The first day of the month."""
        text = super().clean(value)
        if not text:
            return None
        match = _MONTH.fullmatch(text)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            message = _("“%(value)s” is not a month from %(first)d to %(last)d. Write it as 2026-01.")
            values = {"value": text, "first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(message % values)
        return dt.date(int(match[1]), int(match[2]), 1)


class MonthFilter(django_filters.Filter):
    """The parameter ``month``."""

    field_class = MonthField


class CalendarFilterSet(StrictFilterSet):
    """``month``, and what the calendar is narrowed to: ``agency``, ``view``, ``mine``."""

    month = MonthFilter(label=gettext_lazy("Month"))
    agency = ByKeyFilter(
        Agency, label=gettext_lazy("Agency"), empty_label=pgettext_lazy("calendar", "every agency")
    )
    view = ByKeyFilter(
        SavedView,
        "pk",
        label=gettext_lazy("Saved view"),
        empty_label=pgettext_lazy("calendar", "all commitments"),
    )
    mine = django_filters.ChoiceFilter(
        label=gettext_lazy("Only what I am in charge of"), choices=(("true", gettext_lazy("yes")),)
    )

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(self, data: Any, *, user: "User") -> None:
        super().__init__(data)
        self.user = user
        field: Any = self.form.fields["view"]
        field.queryset = SavedView.objects.visible_to(user)

    @property
    def month_shown(self) -> dt.date:
        """The first day of the month."""
        month: dt.date | None = self.form.cleaned_data["month"]
        return month or clock.today().replace(day=1)

    @property
    def choice(self) -> CalendarChoice:
        """What the calendar is narrowed to."""
        values = self.form.cleaned_data
        return CalendarChoice(self.user, values["agency"], values["view"], values["mine"] == "true")
