"""Walking a long list from end to end at a constant cost: each step goes on after the last row before it."""

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

from commitments.querysets import CommitmentQuerySet
from core.pagination import PAGE_SIZE

CURSOR = "cursor"
START = "*"
"""The cursor of the first step."""

_PLACE = ("prefix", "year", "serial")
_ORDERS = ("", "reference", "-reference")


@dataclass(frozen=True, slots=True)
class CursorPage:
    """One step: the keys of its rows, and where the next goes on, if there is one."""

    keys: list[int]
    after: str | None

    def links(self, request: HttpRequest) -> dict[str, str | None]:
        """``next``, and no ``previous``: a walk goes one way."""
        if self.after is None:
            return {"next": None, "previous": None}
        query = request.GET.copy()
        query[CURSOR] = self.after
        return {"next": request.build_absolute_uri(f"{request.path}?{query.urlencode()}"), "previous": None}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Whether a walk is asked for, and from where; ``faults`` names what is wrong with it."""

    is_asked: bool
    place: tuple[str, int, int] | None
    backwards: bool
    faults: dict[str, list[str]]

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Cursor":
        """Read ``cursor``: ``*``, or what a step gave as the next."""
        cursor, ordering = query.get(CURSOR, ""), query.get("ordering", "").strip()
        faults, place = {}, None
        if cursor and cursor != START:
            place = _read(cursor)
            if place is None:
                faults[CURSOR] = [_("Begin with “*”, then take the cursor that “next” gives.")]
        if cursor and ordering not in _ORDERS:
            faults["ordering"] = [_("A cursor walks in the order of references, forwards or backwards.")]
        if cursor and query.get("page"):
            faults["page"] = [_("A cursor and a page are not asked for together.")]
        return cls(bool(cursor), place, ordering.startswith("-"), faults)

    def step(self, rows: CommitmentQuerySet, *, size: int | None) -> CursorPage:
        """The next ``size`` of ``rows``."""
        most = size or PAGE_SIZE
        if self.place is not None:
            beyond = TupleLessThan if self.backwards else TupleGreaterThan
            rows = rows.filter(beyond(Tuple(*map(F, _PLACE)), self.place))
        found = list(rows.values_list("pk", *_PLACE)[: most + 1])
        after = _written(found[most - 1][1:]) if len(found) > most else None
        return CursorPage([row[0] for row in found[:most]], after)


def _written(place: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[str, int, int] | None:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    match place:
        case [str(prefix), int(year), int(serial)] if prefix.isalpha() and _is_small(year, serial):
            return prefix, year, serial
    return None


def _is_small(*numbers: int) -> bool:
    return all(0 <= number < 2**31 for number in numbers)
