"""Filters that refuse what they do not understand, instead of answering with every row."""

import datetime as dt
from collections.abc import Collection, Mapping
from copy import copy
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BOOLEANS = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))
_SEVERAL = (django_filters.MultipleChoiceFilter, django_filters.ModelMultipleChoiceFilter)


class IsoDateField(forms.DateField):
    """A day as ``2026-01-16`` and in no other form, whatever the language."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("“%(value)s” is not a day; write it as 2026-01-31.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], localize=False, **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Parse, and name the value where it is refused."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from error


class DayFilter(django_filters.Filter):
    """A parameter that takes one day."""

    field_class = IsoDateField


class CountFilter(django_filters.Filter):
    """A parameter that takes a whole number of things or days, nought included."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)


class BooleanFilter(django_filters.ChoiceFilter):
    """A parameter that is ``true`` or ``false``; ``false`` asks for the complement, not for everything."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=BOOLEANS, empty_label=gettext_lazy("either"), **kwargs)


class _Shared(dict[str, django_filters.Filter]):
    """The filters of a class. A filter set copies them to tell them whose they are; not deeply here."""

    def __deepcopy__(self, _memo: Any) -> dict[str, django_filters.Filter]:
        return {name: copy(each) for name, each in self.items()}


class StrictFilterSet(django_filters.FilterSet):
    """A filter set whose parameters are all known and all well formed, or it filters nothing.

    ``faults`` names what is wrong, by parameter. ``qs`` raises ``ValueError`` while there are any, so that a
    bad filter can never answer with "all rows". An empty value counts as not given.
    """

    _form_class: ClassVar[type[forms.Form]]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        also_known: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        given = data if isinstance(data, QueryDict) else _as_query(data or {})
        cleaned = QueryDict(mutable=True)
        for name, values in given.lists():
            kept = [value for value in values if value != ""]
            if kept:
                cleaned.setlist(name, kept)
        self.also_known = frozenset(also_known)
        super().__init__(cleaned, *args, **kwargs)

    @cached_property
    def faults(self) -> dict[str, list[str]]:
        """What is wrong, by parameter; empty when the filter can be used."""
        found: dict[str, list[str]] = {}
        unreadable = False
        for name, values in self.data.lists():
            if name not in self.filters:
                if name not in self.also_known:
                    found[name] = [_("There is no parameter “%(name)s”.") % {"name": name}]
            elif any("\x00" in value for value in values):
                found[name], unreadable = [_("The value holds a character that no text has.")], True
            elif len(set(values)) > 1 and not isinstance(self.filters[name], _SEVERAL):
                found[name] = [_("“%(name)s” takes one value.") % {"name": name}]
        if unreadable:  # and the form would ask the database for it
            return found
        return {name: list(map(str, messages)) for name, messages in self.form.errors.items()} | found

    @property
    def active(self) -> dict[str, list[str]]:
        """The filter parameters in force, as given."""
        return {name: values for name, values in self.data.lists() if name in self.filters}

    def is_valid(self) -> bool:
        """Whether the filter can be used."""
        return self.is_bound and not self.faults

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The filters of the class."""
        return _Shared(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        """The form of the filters, made once for each class of filter sets: every form copies its fields.

        One whose ``__init__`` adds filters has a form of its own: they differ from request to request.
        """
        kind = type(self)
        if self.filters.keys() != kind.base_filters.keys():
            return super().get_form_class()
        if "_form_class" not in vars(kind):
            kind._form_class = super().get_form_class()
        return kind._form_class

    @property
    def qs(self) -> Any:
        """The filtered rows; raises ``ValueError`` while there are faults."""
        if not hasattr(self, "_qs"):
            if faults := self.faults:
                raise ValueError(f"filter with faults: {faults}")
            self._qs = self.filter_queryset(self.queryset.all())
        return self._qs


def _as_query(data: Mapping[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(
            name, [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        )
    return query
