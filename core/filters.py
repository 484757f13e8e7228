"""Strict filters: unknown or invalid parameters are refused, and never answered with every row."""

import datetime as dt
from collections.abc import Collection, Mapping
from copy import copy
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

BOOLEANS = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))
_SEVERAL = (django_filters.MultipleChoiceFilter, django_filters.ModelMultipleChoiceFilter)


class IsoDateField(forms.DateField):
    """A date as ``2026-01-16``, whatever the language, in the digits 0 to 9."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("“%(value)s” is not a date. Write it as 2026-01-31.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], localize=False, **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Parse the value; the error message names it."""
        refused = forms.ValidationError(
            self.error_messages["invalid"], code="invalid", params={"value": value}
        )
        if isinstance(value, str) and not value.strip().isascii():
            raise refused
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise refused from error


class DayFilter(django_filters.Filter):
    """A parameter that takes one date."""

    field_class = IsoDateField


class CountFilter(django_filters.Filter):
    """A parameter that takes a whole number, zero included."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)


class BooleanFilter(django_filters.ChoiceFilter):
    """A parameter that is ``true`` or ``false``. ``false`` selects the complement, not every row."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", pgettext_lazy("filter", "either"))
        super().__init__(choices=BOOLEANS, **kwargs)


class _ShallowCopied(dict[str, django_filters.Filter]):
    """The filters of a class. A filter set deep-copies them for itself; here shallow copies are enough."""

    def __deepcopy__(self, _memo: Any) -> dict[str, django_filters.Filter]:
        return {name: copy(each) for name, each in self.items()}


class StrictFilterSet(django_filters.FilterSet):
    """A filter set that refuses unknown parameters, repeated single values and invalid values.

    ``faults`` has the error messages by parameter. ``qs`` raises ``ValueError`` while there are any, so that
    an invalid filter never answers with all rows. Empty values count as not given. ``also_known`` names
    parameters that belong to others.
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
            non_empty = [value for value in values if value != ""]
            if non_empty:
                cleaned.setlist(name, non_empty)
        self.also_known = frozenset(also_known)
        super().__init__(cleaned, *args, **kwargs)

    @cached_property
    def faults(self) -> dict[str, list[str]]:
        """Error messages by parameter; empty if the filter set is valid."""
        found: dict[str, list[str]] = {}
        unreadable = False
        for name, values in self.data.lists():
            if name not in self.filters:
                if name not in self.also_known:
                    found[name] = [_("There is no parameter “%(name)s”.") % {"name": name}]
            elif any("\x00" in value for value in values):
                found[name], unreadable = [_("The value contains a character that is not allowed.")], True
            elif len(set(values)) > 1 and not isinstance(self.filters[name], _SEVERAL):
                found[name] = [_("“%(name)s” takes only one value.") % {"name": name}]
        if unreadable:  # the form would pass the value to the database
            return found
        return {name: list(map(str, messages)) for name, messages in self.form.errors.items()} | found

    @property
    def active(self) -> dict[str, list[str]]:
        """The active parameters, as given."""
        return {name: values for name, values in self.data.lists() if name in self.filters}

    def is_valid(self) -> bool:
        """Whether there are no error messages."""
        return self.is_bound and not self.faults

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """The filters of the class."""
        return _ShallowCopied(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        """The form class, created once for each class of filter sets: every form copies its fields.

        A filter set whose ``__init__`` adds filters gets a form class of its own.
        """
        kind = type(self)
        if self.filters.keys() != kind.base_filters.keys():
            return super().get_form_class()
        if "_form_class" not in vars(kind):
            kind._form_class = super().get_form_class()
        return kind._form_class

    @property
    def qs(self) -> Any:
        """The filtered rows. Raises ``ValueError`` if the filter set is not valid."""
        if not hasattr(self, "_qs"):
            if faults := self.faults:
                raise ValueError(f"invalid filter: {faults}")
            self._qs = self.filter_queryset(self.queryset.all())
        return self._qs


def _as_query(data: Mapping[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(
            name, [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        )
    return query
