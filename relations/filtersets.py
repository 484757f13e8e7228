"""Filter parameters of meetings, sources, agencies, people and mechanisms, for the pages and the API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import CountFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE
from relations.choices import AgencyKind, MeetingStatus, SourceKind
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source


def _ignored(rows: Any, name: str, value: Any) -> Any:
    """Filter nothing: the view reads this parameter."""
    return rows


def _named_like(rows: Any, name: str, value: str) -> Any:
    return rows.named_like(value)


def _of_countries(rows: Any, name: str, value: Any) -> Any:
    return rows.filter(country__in=value) if value else rows


def _between(rows: Any, name: str, value: Any) -> Any:
    memberships = Mechanism.countries.through.objects.filter(country__in=value)
    return rows.filter(pk__in=memberships.values("mechanism")) if value else rows


class OfCountries(django_filters.ModelMultipleChoiceFilter):
    """One or more countries, by code. Matches any of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Country.objects.all(),
            to_field_name="code",
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("“%(value)s” was not found."),
                "invalid_pk_value": _("“%(pk)s” was not found."),
            },
            **kwargs,
        )


class NamedFilterSet(StrictFilterSet):
    """``q`` searches the names; ``page`` and ``page_size`` choose the rows. For countries and themes."""

    q = django_filters.CharFilter(label=_("Search"), max_length=200, method=_named_like)
    page = CountFilter(label=_("Page"), min_value=1, method=_ignored)
    page_size = CountFilter(label=_("Rows per page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_ignored)


class MeetingFilterSet(NamedFilterSet):
    """Filters meetings by ``q`` (title and place), ``mechanism`` and ``status``."""

    mechanism = django_filters.ModelChoiceFilter(
        label=_("Mechanism"),
        queryset=Mechanism.objects.all(),
        to_field_name="slug",
        empty_label=pgettext_lazy("filter", "any"),
        error_messages={"invalid_choice": _("“%(value)s” was not found.")},
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=MeetingStatus.choices, empty_label=pgettext_lazy("filter", "any")
    )

    class Meta:
        model = Meeting
        fields: list[str] = []


class SourceFilterSet(NamedFilterSet):
    """Filters sources by ``q`` (registry number, title and publisher) and ``kind``."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=SourceKind.choices, empty_label=pgettext_lazy("filter", "any")
    )

    class Meta:
        model = Source
        fields: list[str] = []


class AgencyFilterSet(NamedFilterSet):
    """Filters agencies by ``q`` (name and acronym), ``country`` and ``kind``."""

    country = OfCountries(label=_("Country"), method=_of_countries)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=AgencyKind.choices, empty_label=pgettext_lazy("filter", "any")
    )

    class Meta:
        model = Agency
        fields: list[str] = []


class PersonFilterSet(NamedFilterSet):
    """Filters people by ``q`` (all spellings of the name) and ``country``."""

    country = OfCountries(label=_("Country"), method=_of_countries)

    class Meta:
        model = Person
        fields: list[str] = []


class MechanismFilterSet(NamedFilterSet):
    """Filters mechanisms by ``q`` (name and acronym) and ``country`` (a member)."""

    country = OfCountries(label=_("Country"), method=_between)

    class Meta:
        model = Mechanism
        fields: list[str] = []
