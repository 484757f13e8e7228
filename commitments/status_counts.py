"""Counts of commitments by status and deadline, made by ``CommitmentQuerySet.status_counts``."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from commitments.choices import OPEN, clock_runs


class CountedGroup(NamedTuple):
    """The number ``n`` of commitments with these values. ``theme`` is a primary key."""

    status_then: str
    came_from_then: str
    theme: int
    nature: str
    latest_then: dt.date | None
    review_on_then: dt.date | None
    n: int


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """The counts from which the figures of a page are made."""

    groups: tuple[CountedGroup, ...]

    def by(self, *fields: str) -> Counter[Any]:
        """The counts by the values of ``fields``; the keys are tuples for several fields."""
        value, counts = attrgetter(*fields), Counter[Any]()
        for group in self.groups:
            counts[value(group)] += group.n
        return counts

    def overdue(self, on: dt.date) -> int:
        """The number of rows that ``CommitmentQuerySet.overdue`` selects."""
        return self.due_between(None, on - dt.timedelta(days=1)) if on > dt.date.min else 0

    def due_between(self, first: dt.date | None, last: dt.date) -> int:
        """The number of rows that ``CommitmentQuerySet.due_between`` selects."""
        return sum(
            group.n
            for group in self.groups
            if group.latest_then
            and (first or dt.date.min) <= group.latest_then <= last
            and clock_runs(group.status_then, group.came_from_then)
        )

    def review_due(self, on: dt.date) -> int:
        """The number of rows that ``CommitmentQuerySet.review_due`` selects."""
        return sum(
            group.n
            for group in self.groups
            if group.review_on_then and group.review_on_then <= on and group.status_then in OPEN
        )
