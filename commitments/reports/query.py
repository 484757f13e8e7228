"""The filters and columns that the query string of a list names: checked together, and in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import pgettext

from accounts.choices import Clearance
from commitments.filtersets import ORDERINGS, PAGING, CommitmentFilterSet
from commitments.querysets import CommitmentQuerySet
from commitments.reports.columns import ALL, PARAMETER, Column, columns_named
from commitments.reports.sharing import UP_TO, level_named
from core.lists import one_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filter set and the columns of a query string. Use neither while there are ``errors``."""

    filterset: CommitmentFilterSet
    columns: tuple[Column, ...]
    errors: dict[str, list[str]]
    """Messages by parameter."""
    up_to: Clearance | None = None
    """The level above which everything is left out."""

    @property
    def query(self) -> QueryDict:
        """The parameters as given that the list takes too, without ``page`` and ``page_size``."""
        query = self.filterset.data.copy()
        for name in (*PAGING, UP_TO):
            query.pop(name, None)
        return query

    @property
    def given(self) -> dict[str, list[str]]:
        """The parameters that filter and order rows, as given; without ``as_of``."""
        omitted = PAGING | {"as_of"}
        return {name: list(values) for name, values in self.filterset.active.items() if name not in omitted}


def list_query(
    query: QueryDict, user: "User", *, default: tuple[Column, ...] = ALL, shares: bool = False
) -> ListQuery:
    """Read ``query`` for ``user``. ``default`` are the columns where it names none.

    With ``shares``, it may name a level: the rows are then those of somebody who reads nothing above it.
    """
    level, level_errors = level_named(query.getlist(UP_TO)) if shares else (None, [])
    reader = user if level is None else user.limited_to(level)
    known = (PARAMETER, UP_TO) if shares else (PARAMETER,)
    filterset = CommitmentFilterSet(query, user=reader, also_known=known)
    columns, column_errors = columns_named(query.getlist(PARAMETER), default=default)
    errors = dict(filterset.faults)
    errors |= {name: told for name, told in ((PARAMETER, column_errors), (UP_TO, level_errors)) if told}
    return ListQuery(filterset, columns, errors, level)


def without_level(query: QueryDict, user: "User") -> CommitmentQuerySet:
    """The rows of ``query`` as ``user`` sees them, whatever level it names."""
    whole = query.copy()
    whole.pop(UP_TO, None)
    rows: CommitmentQuerySet = list_query(whole, user).filterset.qs
    return rows


def filters_in_words(filterset: CommitmentFilterSet) -> Iterable[tuple[str, str]]:
    """The active filters: label and value of each, in words."""
    for name in filterset.conditions:
        bound = filterset.form[name]
        value = filterset.form.cleaned_data[name]
        has_many = not isinstance(value, str) and hasattr(value, "__iter__")
        yield (
            str(bound.label),
            one_of(_in_words(bound.field, each) for each in (value if has_many else [value])),
        )


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, dt.date):
        return date_format(value, "LONG_DATE_FORMAT")
    if value == getattr(field, "null_value", None):
        return str(field.null_label)
    if isinstance(value, str):
        return str(dict(getattr(field, "choices", ())).get(value, value))
    return str(value)


def order_in_words(filterset: CommitmentFilterSet) -> str:
    """The order of the rows in words: "Deadline, descending, then Title"."""
    terms = []
    for name in filterset.form.cleaned_data["ordering"] or ["reference"]:
        label = str(ORDERINGS[name.removeprefix("-")].label)
        if name.startswith("-"):
            label = pgettext("order", "%(term)s, descending") % {"term": label}
        terms.append(label)
    words = terms.pop()
    for term in reversed(terms):
        # Translators: the order of a list, as in "Deadline, descending, then Title".
        words = pgettext("order", "%(first)s, then %(rest)s") % {"first": term, "rest": words}
    return words
