"""Cursor pagination: pages of constant cost, each of which begins after the last row of the one before."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest
from django.utils.translation import gettext as _

from commitments.querysets import BY_REFERENCE, CommitmentQuerySet
from core.pagination import PAGE_SIZE

CURSOR = "cursor"
START = "*"
"""The cursor of the first page."""

_ORDERS = ("", "reference", "-reference")


@dataclass(frozen=True, slots=True)
class CursorPage:
    """One page: the keys of its rows, and the cursor of the next page, if there is one."""

    keys: list[int]
    after: str | None

    def links(self, request: HttpRequest) -> dict[str, str | None]:
        """``next`` and ``previous``, which is always null: a cursor only goes forward."""
        if self.after is None:
            return {"next": None, "previous": None}
        query = request.GET.copy()
        query[CURSOR] = self.after
        return {"next": request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), "previous": None}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The ``cursor`` parameter: whether it is used, and after which row its page begins."""

    is_used: bool
    position: tuple[str, int, int] | None
    backwards: bool
    errors: dict[str, list[str]]

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Cursor":
        """Read ``cursor``: ``*``, or the value that the page before gave in ``next``."""
        cursor, ordering = query.get(CURSOR, ""), query.get("ordering", "").strip()
        errors, position = {}, None
        if cursor and cursor != START:
            position = _decoded(cursor)
            if position is None:
                errors[CURSOR] = [_("Enter “*” for the first page, then use the cursor in “next”.")]
        if cursor and ordering not in _ORDERS:
            errors["ordering"] = [_("With a cursor, order by reference, ascending or descending.")]
        if cursor and query.get("page"):
            errors["page"] = [_("Enter a cursor or a page, not both.")]
        return cls(bool(cursor), position, ordering.startswith("-"), errors)

    def page(self, rows: CommitmentQuerySet, *, size: int | None) -> CursorPage:
        """The next ``size`` rows of ``rows``."""
        limit = size or PAGE_SIZE
        if self.position is not None:
            beyond = TupleLessThan if self.backwards else TupleGreaterThan
            rows = rows.filter(beyond(Tuple(*map(F, BY_REFERENCE)), self.position))
        found = list(rows.values_list("pk", *BY_REFERENCE)[: limit + 1])
        after = _encoded(found[limit - 1][1:]) if len(found) > limit else None
        return CursorPage([row[0] for row in found[:limit]], after)


def _encoded(position: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[str, int, int] | None:
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    match position:
        case [str(prefix), int(year), int(serial)] if prefix.isalpha() and _is_small(year, serial):
            return prefix, year, serial
    return None


def _is_small(*numbers: int) -> bool:
    return all(0 <= number < 2**31 for number in numbers)
