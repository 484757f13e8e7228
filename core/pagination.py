"""Pages of rows, the same for page and API."""

import sys
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500
FEW = 2_000
"""Rows that are rather fetched and put in order at once than counted first."""
ENOUGH = 10_000
"""Rows up to which a page says how many there are: to count on would take longer than to show it."""


class KeyPaginator(Paginator):
    """Pages of the keys of a query: what belongs to them is fetched for the page alone.

    ``count`` stops at ``ENOUGH``, or at the page if that lies farther; ``is_capped`` says that more follow.
    """

    object_list: QuerySet[Any]
    is_capped = False
    counted: int | None = None
    """How many there are, up to one more than ``ENOUGH``, where somebody counted already."""
    likely_few = False
    """Whether finding them takes long and yields few, as a search does: found once then, not twice."""

    def page(self, number: int | str) -> Page[Any]:
        """The keys of one page. It exists when there are rows on it; none of those before is fetched."""
        before = (int(number) - 1) * self.per_page
        if before > sys.maxsize - self.per_page:
            raise EmptyPage
        if self.likely_few and (few := _few_in_order(self.object_list)) is not None:
            self.count = len(few)
            if before and not few[before:]:
                raise EmptyPage
            return Page(few[before : before + self.per_page], int(number), self)
        counted = self.counted
        if counted is None:
            counted = self.object_list.order_by().values("pk")[: ENOUGH + 1].count()
        rows = self.object_list if counted > ENOUGH else _sorted_by_hand(self.object_list)
        keys = list(rows.values_list("pk", flat=True)[before : before + self.per_page + 1])
        if not keys and before:
            raise EmptyPage
        self.is_capped = counted > ENOUGH and len(keys) > self.per_page
        self.count = max(ENOUGH, before + len(keys)) if counted > ENOUGH else counted
        return Page(keys[: self.per_page], int(number), self)


def _few_in_order(rows: QuerySet[Any]) -> list[int] | None:
    """The keys of ``rows`` in their order, where that is by columns and there are at most ``FEW``."""
    fields = [field for field in rows.query.order_by if isinstance(field, str)]
    if not fields or len(fields) < len(rows.query.order_by):
        return None
    backwards = fields[0].startswith("-")
    if any(field.startswith("-") != backwards for field in fields):
        return None
    names = [field.removeprefix("-") for field in fields]
    found = list(rows.order_by().values_list(*names, "pk")[: FEW + 1])
    return None if len(found) > FEW else [row[-1] for row in sorted(found, reverse=backwards)]


def _sorted_by_hand(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``rows`` in the same order, but found first and then sorted: right where they are few.

    Asked for the first of them only, PostgreSQL would rather walk through the table in its order until it has
    met enough. It takes them to lie evenly; those of one country all stand in one place.
    """
    first, *others = rows.query.order_by or (None,)
    if not isinstance(first, str):
        return rows
    field = by_hand(first.removeprefix("-"))
    return rows.order_by(field.desc() if first.startswith("-") else field.asc(), *others)


def by_hand(field: str) -> Coalesce:
    """``field`` as no index knows it, to be sorted by."""
    return Coalesce(F(field), F(field))


def page_of(rows: Any, *, number: int | None, size: int | None) -> Page[Any]:
    """Page ``number`` (from 1) of ``rows``; past the end is ``Http404``, the first page always exists."""
    try:
        return Paginator(rows, size or PAGE_SIZE).page(number or 1)
    except EmptyPage as error:
        raise _no_page(number) from error


def page_of_keys(
    rows: QuerySet[Any],
    *,
    number: int | None,
    size: int | None,
    counted: int | None = None,
    likely_few: bool = False,
) -> Page[Any]:
    """Page ``number`` of the keys of ``rows``, as ``page_of``, without counting far, or again."""
    paginator = KeyPaginator(rows, size or PAGE_SIZE)
    paginator.counted, paginator.likely_few = counted, likely_few
    try:
        return paginator.page(number or 1)
    except EmptyPage as error:
        raise _no_page(number) from error


def _no_page(number: int | None) -> Http404:
    return Http404(_("There is no page %(number)s.") % {"number": number})


def page_url(request: HttpRequest, number: int) -> str:
    """The absolute address of another page of the same list."""
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
