"""The commitments that need attention first: those due next, and those longest without news.

No query here sorts all commitments: in a large register that takes longer than the rest of the page.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from commitments.querysets import BY_REFERENCE, AsOf, CommitmentQuerySet
from core.large_tables import ENOUGH, Counted, without_index

_FIRST_BATCH, _NEXT_BATCH = 256, 4096
"""How many commitments ``quietest`` reads at first, and in each further step."""
QUIET_DAYS = 90
"""After so many days without news, a commitment is shown as quiet where nobody says another number."""


def earliest(found: CommitmentQuerySet, most: int, of: Counted) -> Sequence[int]:
    """The primary keys of the first ``most`` of ``found`` by latest date, then, without a date, by reference.

    ``of`` is the size of ``found``. It only chooses the query: few rows are fetched first and then sorted.
    """
    if of.is_large:
        return _dated_first(found, most, F("latest_then"))
    by_day = without_index("latest_then").asc(nulls_last=True)
    return _keys(found.by_reference(by_day), most) if of.n else []


def earliest_of_few(found: CommitmentQuerySet, most: int, of: Counted) -> Sequence[int]:
    """The same, where hardly any of ``found`` has a date: no index of dates is searched for them."""
    if of.is_large:
        return _dated_first(found, most, without_index("latest_then"))
    return earliest(found, most, of)


def first_by_reference(found: CommitmentQuerySet, most: int, of: Counted) -> Sequence[int]:
    """The same, where none of ``found`` has a date."""
    return _keys(found.by_reference(), most) if of.n else []


def _dated_first(found: Any, most: int, day: F | Coalesce) -> Sequence[int]:
    with_day = found.filter(latest_then__isnull=False).by_reference(day)
    keys = _keys(with_day, most)
    others = found.filter(latest_then__isnull=True).by_reference()
    return keys + (_keys(others, most - len(keys)) if len(keys) < most else [])


def _keys(rows: Any, most: int) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:most])


def soonest(at: CommitmentQuerySet, most: int) -> Sequence[int]:
    """The primary keys of the ``most`` open commitments with the earliest date, past or future.

    The date is the latest date of a running deadline, else the review date. No commitment has both.
    """
    running: Any = at.clock_runs()
    running = running.filter(latest_then__isnull=False)
    reviewed: Any = at.open()
    reviewed = reviewed.filter(latest_then__isnull=True, review_on_then__isnull=False)
    found = [
        row
        for rows, day in ((running, "latest_then"), (reviewed, "review_on_then"))
        for row in rows.by_reference(day).values_list(day, *BY_REFERENCE, "pk")[:most]
    ]
    return [row[-1] for row in sorted(found)[:most]]


def quietest(at: CommitmentQuerySet, as_of: AsOf, days: int, most: int, *, of: int) -> Sequence[int]:
    """The primary keys of the ``most`` open commitments longest without news, and for at least ``days`` days.

    ``of`` is the number of open commitments. The first status change of a commitment is its first news, so no
    commitment has been without news for longer than since then. Commitments are read in the order of that
    date, in batches, until none of the remaining ones can have been without news for longer.
    """
    if as_of.day.toordinal() <= days:
        return []
    until = as_of.day - dt.timedelta(days=days)
    first_change_on = "status_changes__day"
    by_first_change = without_index(first_change_on) if of <= ENOUGH else F(first_change_on)
    found: list[tuple[Any, ...]] = []
    offset, size = 0, _FIRST_BATCH
    while True:
        candidates: Any = at.open().filter(status_changes__number=1, status_changes__day__lte=until)
        ordered = candidates.by_reference(by_first_change)
        batch = list(ordered.values_list(first_change_on, *BY_REFERENCE, "pk")[offset : offset + size])
        with_activity: Any = at.filter(pk__in=[row[-1] for row in batch]).with_last_activity(as_of)
        rows = with_activity.order_by().values_list("last_activity_on", *BY_REFERENCE, "pk")
        found = sorted([*found, *(row for row in rows if row[0] <= until)])[:most]
        if len(found) == most:
            until = found[-1][0]
        if len(batch) < size or (len(found) == most and found[-1] < batch[-1]):
            break
        offset, size = offset + size, _NEXT_BATCH
    return [row[-1] for row in found]
