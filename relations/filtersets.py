"""The filter parameters of meetings, sources and those who act: one definition for the pages and the API."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.filters import CountFilter, StrictFilterSet
from core.pagination import MAX_PAGE_SIZE
from relations.choices import AgencyKind, MeetingStatus, SourceKind
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source


def _ignored(rows: Any, name: str, value: Any) -> Any:
    """A parameter of the presentation; the view reads it."""
    return rows


def _named_like(rows: Any, name: str, value: str) -> Any:
    return rows.named_like(value)


def _of_countries(rows: Any, name: str, value: Any) -> Any:
    return rows.filter(country__in=value) if value else rows


def _between(rows: Any, name: str, value: Any) -> Any:
    sitting = Mechanism.countries.through.objects.filter(country__in=value)
    return rows.filter(pk__in=sitting.values("mechanism")) if value else rows


class OfCountries(django_filters.ModelMultipleChoiceFilter):
    """Any of several countries, each named by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Country.objects.all(),
            to_field_name="code",
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _("“%(value)s” is not known here."),
                "invalid_pk_value": _("“%(pk)s” is not known here."),
            },
            **kwargs,
        )


class NamedFilterSet(StrictFilterSet):
    """``q`` in the names, and which page; all there is to ask of countries and themes."""

    q = django_filters.CharFilter(label=_("Search"), max_length=200, method=_named_like)
    page = CountFilter(label=_("Page"), min_value=1, method=_ignored)
    page_size = CountFilter(label=_("Rows a page"), min_value=1, max_value=MAX_PAGE_SIZE, method=_ignored)


class MeetingFilterSet(NamedFilterSet):
    """``q`` in the title and the place, ``mechanism``, ``status``."""

    mechanism = django_filters.ModelChoiceFilter(
        label=_("Mechanism"),
        queryset=Mechanism.objects.all(),
        to_field_name="slug",
        empty_label=_("any"),
        error_messages={"invalid_choice": _("“%(value)s” is not known here.")},
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=MeetingStatus.choices, empty_label=_("any")
    )

    class Meta:
        model = Meeting
        fields: list[str] = []


class SourceFilterSet(NamedFilterSet):
    """``q`` in the title and the publisher, ``kind``."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=SourceKind.choices, empty_label=_("any"))

    class Meta:
        model = Source
        fields: list[str] = []


class AgencyFilterSet(NamedFilterSet):
    """``q`` in the name and the acronym, ``country``, ``kind``."""

    country = OfCountries(label=_("Country"), method=_of_countries)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AgencyKind.choices, empty_label=_("any"))

    class Meta:
        model = Agency
        fields: list[str] = []


class PersonFilterSet(NamedFilterSet):
    """``q`` in every spelling of the name, ``country``."""

    country = OfCountries(label=_("Country"), method=_of_countries)

    class Meta:
        model = Person
        fields: list[str] = []


class MechanismFilterSet(NamedFilterSet):
    """``q`` in the name and the acronym, ``country``: one that sits in it."""

    country = OfCountries(label=_("Country"), method=_between)

    class Meta:
        model = Mechanism
        fields: list[str] = []
