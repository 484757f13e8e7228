"""What an address asks of the register: its filters and columns, checked together, and in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.filtersets import CommitmentFilterSet
from commitments.reports.columns import ALL, PARAMETER, Column, columns_named

if TYPE_CHECKING:
    from accounts.models import User

_NOT_FILTERS = frozenset({"as_of", "ordering", "page", "page_size"})
_ORDERS = {
    "reference": gettext_lazy("reference"),
    "title": gettext_lazy("title"),
    "status": gettext_lazy("status"),
    "nature": gettext_lazy("nature"),
    "theme": gettext_lazy("theme"),
    "deadline": gettext_lazy("deadline"),
    "made": gettext_lazy("day of the first mention"),
    "last_activity": gettext_lazy("day last heard of"),
}


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filter set and the columns of an address; neither may be used while there are ``faults``."""

    filterset: CommitmentFilterSet
    columns: tuple[Column, ...]
    faults: dict[str, list[str]]

    @property
    def query(self) -> QueryDict:
        """The parameters as given, without those that only turn pages."""
        query = self.filterset.data.copy()
        query.pop("page", None)
        query.pop("page_size", None)
        return query

    @property
    def given(self) -> dict[str, list[str]]:
        """The parameters that choose and order rows, as given; the day stands apart."""
        left_out = {"as_of", "page", "page_size"}
        return {name: list(v) for name, v in self.filterset.active.items() if name not in left_out}


def list_query(query: QueryDict, user: "User", *, default: tuple[Column, ...] = ALL) -> ListQuery:
    """What ``query`` asks for ``user``; ``default`` are the columns where it names none."""
    filterset = CommitmentFilterSet(query, user=user, also_known=(PARAMETER,))
    columns, wrong = columns_named(query.getlist(PARAMETER), default=default)
    faults = {**filterset.faults, **({PARAMETER: wrong} if wrong else {})}
    return ListQuery(filterset, columns, faults)


def filters_in_words(filterset: CommitmentFilterSet) -> Iterable[tuple[str, str]]:
    """The filters in force, each as its label and what was chosen."""
    for name in filterset.active:
        if name in _NOT_FILTERS:
            continue
        bound = filterset.form[name]
        value = filterset.form.cleaned_data[name]
        several = not isinstance(value, str) and hasattr(value, "__iter__")
        chosen = (
            [_in_words(bound.field, each) for each in value] if several else [_in_words(bound.field, value)]
        )
        yield str(bound.label), _(" or ").join(chosen)


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, dt.date):
        return date_format(value, "LONG_DATE_FORMAT")
    if value == getattr(field, "null_value", None):
        return str(field.null_label)
    if isinstance(value, str):
        return str(dict(getattr(field, "choices", ())).get(value, value))
    return str(value)


def order_in_words(filterset: CommitmentFilterSet) -> str:
    """By what the rows are ordered."""
    terms = []
    for name in filterset.form.cleaned_data["ordering"] or ["reference"]:
        label = str(_ORDERS[name.removeprefix("-")])
        terms.append(_("%(term)s, descending") % {"term": label} if name.startswith("-") else label)
    return _(", then ").join(terms)
