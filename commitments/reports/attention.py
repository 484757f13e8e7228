"""What wants attention first: the few that are due next, and the few that have been quiet for longest.

Neither is found by sorting everything: in a large register that takes longer than the rest of the page.
"""

from collections.abc import Sequence
from typing import Any

from commitments.models import StatusChange
from commitments.querysets import AsOf, CommitmentQuerySet

_BY_REFERENCE = ("prefix", "year", "serial")
_READ_FIRST, _TIMES_MORE = 512, 8


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


def quietest(at: CommitmentQuerySet, as_of: AsOf, days: int, most: int) -> Sequence[int]:
    """The keys of the open ones last heard of longest ago, at least ``days`` days before.

    Each was heard of when it was first pledged. So the earliest pledged are looked at, and more of them while
    one that was not looked at could have been quiet for longer.
    """
    is_open = at.open()
    pledged = StatusChange.objects.filter(number=1, commitment__in=is_open.order_by().values("pk"))
    pledged = pledged.order_by("occurred_on", "pk")
    look_at = _READ_FIRST
    while True:
        earliest = is_open.filter(pk__in=pledged.values("commitment")[:look_at]).with_last_activity(as_of)
        heard = earliest.order_by().values_list("last_activity_on", *_BY_REFERENCE, "pk")
        found = sorted(heard)[:most]
        rest = pledged.values_list("occurred_on", flat=True)[look_at : look_at + 1].first()
        if rest is None or (len(found) == most and found[-1][0] < rest):
            break
        look_at *= _TIMES_MORE
    return [row[-1] for row in found if (as_of.day - row[0]).days >= days]
