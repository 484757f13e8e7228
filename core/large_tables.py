"""Large tables: what keeps a page fast where a table has a million rows. In small tables it changes nothing.

Counting stops at ``ENOUGH``; a page selects its keys first and then reads their rows; and in a large register
the rows come first and a second request brings the figures.
"""

import sys
from enum import Enum
from typing import Any, NamedTuple

from django.core.paginator import EmptyPage, Page, Paginator
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

    @property
    def is_large(self) -> bool:
        """Whether there are too many rows to fetch and sort them all."""
        return self.has_more or self.n > ENOUGH


def counted(rows: QuerySet[Any], *, by: str = "pk") -> Counted:
    """Count ``rows`` up to ``ENOUGH``. ``by`` is a column that is never null, of an index that can answer."""
    found = rows.order_by().values(by)[: ENOUGH + 1].count()
    return Counted(min(found, ENOUGH), found > ENOUGH)


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
    """Pages of primary keys. The caller fetches the rows of one page by their keys.

    ``count`` stops at ``ENOUGH``, or at the end of the page if that is more. ``is_capped`` tells that there
    are more rows than ``count``.
    """

    object_list: QuerySet[Any]
    is_capped = False
    known: Counted | None = None
    """The number of rows, if it is known already."""
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
            return Page(few[before : before + self.per_page], int(number), self)
        all_rows = self.known or counted(self.object_list)
        rows = self.object_list if all_rows.has_more else _sorted_without_index(self.object_list)
        keys = list(rows.values_list("pk", flat=True)[before : before + self.per_page + 1])
        if not keys and before:
            raise EmptyPage
        self.is_capped = all_rows.has_more and len(keys) > self.per_page
        self.count = max(ENOUGH, before + len(keys)) if all_rows.has_more else all_rows.n
        return Page(keys[: self.per_page], int(number), self)


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
) -> Page[Any]:
    """Like ``page_of``, for the primary keys of ``rows``, with the options of ``KeyPaginator``."""
    paginator = KeyPaginator(rows, size or PAGE_SIZE)
    paginator.known, paginator.likely_few = known, likely_few
    try:
        return paginator.page(number or 1)
    except EmptyPage as error:
        raise no_page(number) from error
