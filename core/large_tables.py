"""Large tables: what keeps a page fast where a table has a million rows. In small tables it changes nothing.

Counting stops at ``ENOUGH``; a page selects its keys first and then reads their rows; and in a large register
the rows come first and a second request brings the figures.
"""

import sys
from enum import Enum
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.core.paginator import EmptyPage, Page, Paginator
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from core.pagination import PAGE_SIZE, no_page

FEW = 2_000
"""Up to this number, rows are fetched and sorted at once instead of counted first."""
ENOUGH = 10_000
"""Rows are counted up to this number. Counting more would take longer than showing the page."""


class Counted(NamedTuple):
    """A number of rows; with ``has_more``, there are more than were counted."""

    n: int
    has_more: bool = False

    @classmethod
    def of(cls, found: int) -> "Counted":
        """From the number of rows of ``up_to_enough``."""
        return cls(min(found, ENOUGH), found > ENOUGH)

    @property
    def is_large(self) -> bool:
        """Whether there are too many rows to fetch and sort them all."""
        return self.has_more or self.n > ENOUGH


def up_to_enough(rows: QuerySet[Any], *, by: str = "pk") -> QuerySet[Any]:
    """At most one row more than ``ENOUGH``, to be counted. ``by`` is a column that is never null, of an index
    that can answer.
    """
    return rows.order_by().values(by)[: ENOUGH + 1]


def counted(rows: QuerySet[Any], *, by: str = "pk") -> Counted:
    """Count ``rows`` up to ``ENOUGH``, with the column ``by`` as in ``up_to_enough``."""
    return Counted.of(up_to_enough(rows, by=by).count())


def numbers_of(*queries: QuerySet[Any]) -> list[int]:
    """The number of rows of each of ``queries``, in one statement."""
    counts: list[str] = []
    params: list[Any] = []
    for rows in queries:
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            counts.append("0")
        else:
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608  (SQL of Django's own)
            params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(counts), params)
        return list(cursor.fetchone())


class Figures(Enum):
    """Which figures a page shows around its rows."""

    NONE = "none"
    """None yet: the register is large, and a second request brings them."""
    OWN = "own"
    """Those that count the rows by their own fields. In a large register the others would take too long."""
    ALL = "all"

    @classmethod
    def of(cls, rows: Counted, *, asked: bool) -> "Figures":
        """The figures of a page about ``rows``; ``asked`` by the second request."""
        if not rows.has_more:
            return cls.ALL
        return cls.OWN if asked else cls.NONE


class KeyPaginator(Paginator):
    """Pages of primary keys, or of what ``shown`` fetches of the rows of one page.

    ``count`` stops at ``ENOUGH``, or at the end of the page if that is more. ``is_capped`` tells that there
    are more rows than ``count``.
    """

    object_list: QuerySet[Any]
    is_capped = False
    known: Counted | None = None
    """The number of rows, if it is known already."""
    shown: QuerySet[Any] | None = None
    """The same rows in the same order, with what a page needs of them. They are fetched by their keys: the
    pages before are then skipped in an index alone."""
    likely_few = False
    """Whether the query is slow and has few results, like a search. Then it runs once, not twice."""

    def page(self, number: int | str) -> Page[Any]:
        """The keys of one page. Raises ``EmptyPage`` if it has no rows and is not the first."""
        before = (int(number) - 1) * self.per_page
        if before > sys.maxsize - self.per_page:
            raise EmptyPage
        if self.likely_few and (few := _few_in_order(self.object_list)) is not None:
            self.count = len(few)
            if before and not few[before:]:
                raise EmptyPage
            return Page(self._rows_of(few[before : before + self.per_page]), int(number), self)
        all_rows = self.known or counted(self.object_list)
        rows = self.object_list if all_rows.has_more else _sorted_without_index(self.object_list)
        keys = rows.values_list("pk", flat=True)[before : before + self.per_page + 1]
        found = list(keys if self.shown is None else self.shown.filter(pk__in=keys))
        if not found and before:
            raise EmptyPage
        self.is_capped = all_rows.has_more and len(found) > self.per_page
        self.count = max(ENOUGH, before + len(found)) if all_rows.has_more else all_rows.n
        return Page(found[: self.per_page], int(number), self)

    def _rows_of(self, keys: list[int]) -> list[Any]:
        if self.shown is None:
            return keys
        found = {row.pk: row for row in self.shown.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def _few_in_order(rows: QuerySet[Any]) -> list[int] | None:
    """The keys of ``rows`` in their order, if they are at most ``FEW``; else None.

    None, too, if the order is not by columns in one direction.
    """
    fields = [field for field in rows.query.order_by if isinstance(field, str)]
    if not fields or len(fields) < len(rows.query.order_by):
        return None
    descending = fields[0].startswith("-")
    if any(field.startswith("-") != descending for field in fields):
        return None
    names = [field.removeprefix("-") for field in fields]
    found = list(rows.order_by().values_list(*names, "pk")[: FEW + 1])
    return None if len(found) > FEW else [row[-1] for row in sorted(found, reverse=descending)]


def _sorted_without_index(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``rows`` in the same order, but sorted without an index: faster if there are few of them.

    With LIMIT, PostgreSQL would scan the table in index order until it has enough rows. It assumes that the
    rows are spread evenly, but those of one country lie together.
    """
    first, *others = rows.query.order_by or (None,)
    if not isinstance(first, str):
        return rows
    field = without_index(first.removeprefix("-"))
    return rows.order_by(field.desc() if first.startswith("-") else field.asc(), *others)


def without_index(field: str) -> Coalesce:
    """``field`` as an expression that no index covers."""
    return Coalesce(F(field), F(field))


def page_of_keys(
    rows: QuerySet[Any],
    *,
    number: int | None,
    size: int | None,
    known: Counted | None = None,
    likely_few: bool = False,
    shown: QuerySet[Any] | None = None,
) -> Page[Any]:
    """Like ``page_of``, with the options of ``KeyPaginator``."""
    paginator = KeyPaginator(rows, size or PAGE_SIZE)
    paginator.known, paginator.likely_few, paginator.shown = known, likely_few, shown
    try:
        return paginator.page(number or 1)
    except EmptyPage as error:
        raise no_page(number) from error
