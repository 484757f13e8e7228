"""What wants attention first: the few that are due next, and the few that have been quiet for longest.

None of them is found by sorting everything: in a large register that takes longer than the rest of the page.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import F

from commitments.querysets import AsOf, CommitmentQuerySet
from core.pagination import ENOUGH, without_index

_BY_REFERENCE = ("prefix", "year", "serial")
_READ_FIRST, _READ_ON = 256, 4096
Dated = Literal["many", "few", "none"]


def earliest(found: CommitmentQuerySet, most: int, *, of: int, dated: Dated = "many") -> Sequence[int]:
    """The keys of the first of ``found`` by their latest day; those without one follow by reference.

    ``of`` is how many there are, as far as they were counted, and ``dated`` how many of them can have such a
    day: what is rare is found first and then sorted, and what cannot be there is not looked for.
    """
    rows: Any = found
    if not of:
        return []
    if of <= ENOUGH:
        by_day = without_index("latest_then").asc(nulls_last=True)
        return list(rows.order_by(by_day, *_BY_REFERENCE).values_list("pk", flat=True)[:most])
    keys: list[int] = []
    if dated != "none":
        day = F("latest_then") if dated == "many" else without_index("latest_then")
        with_day = rows.filter(latest_then__isnull=False).order_by(day, *_BY_REFERENCE)
        keys += with_day.values_list("pk", flat=True)[:most]
    if len(keys) < most:
        others = rows.filter(latest_then__isnull=True).order_by(*_BY_REFERENCE)
        keys += others.values_list("pk", flat=True)[: most - len(keys)]
    return keys


def soonest(at: CommitmentQuerySet, most: int) -> Sequence[int]:
    """The keys of the open ones with the earliest day, gone by or to come.

    The day is the latest of a running deadline, else the review, which is only where there is no latest day.
    """
    running: Any = at.clock_runs()
    running = running.filter(latest_then__isnull=False)
    reviewed: Any = at.open()
    reviewed = reviewed.filter(latest_then__isnull=True, review_on_then__isnull=False)
    found = [
        row
        for rows, day in ((running, "latest_then"), (reviewed, "review_on_then"))
        for row in rows.order_by(day, *_BY_REFERENCE).values_list(day, *_BY_REFERENCE, "pk")[:most]
    ]
    return [row[-1] for row in sorted(found)[:most]]


def quietest(at: CommitmentQuerySet, as_of: AsOf, days: int, most: int, *, of: int) -> Sequence[int]:
    """The keys of the open ones last heard of longest ago, at least ``days`` days before; ``of`` are open.

    Each was heard of when it was first pledged. So the earliest pledged are looked at, and more of them while
    one that was not looked at could have been quiet for longer.
    """
    if as_of.day.toordinal() <= days:
        return []
    until = as_of.day - dt.timedelta(days=days)
    pledged_on = "status_changes__occurred_on"
    first = without_index(pledged_on) if of <= ENOUGH else F(pledged_on)
    found: list[tuple[Any, ...]] = []
    looked_at, look_at = 0, _READ_FIRST
    while True:
        could_be: Any = at.open().filter(status_changes__number=1, status_changes__occurred_on__lte=until)
        in_order = could_be.order_by(first, *_BY_REFERENCE).values_list(pledged_on, *_BY_REFERENCE, "pk")
        next_ones = list(in_order[looked_at : looked_at + look_at])
        heard: Any = at.filter(pk__in=[row[-1] for row in next_ones]).with_last_activity(as_of)
        rows = heard.order_by().values_list("last_activity_on", *_BY_REFERENCE, "pk")
        found = sorted([*found, *(row for row in rows if row[0] <= until)])[:most]
        if len(found) == most:
            until = found[-1][0]
        if len(next_ones) < look_at or (len(found) == most and found[-1] < next_ones[-1]):
            break
        looked_at, look_at = looked_at + look_at, _READ_ON
    return [row[-1] for row in found]
