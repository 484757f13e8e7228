"""Figures of the register, counted once and read in many ways. A queryset's ``tally`` makes one."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from commitments.choices import OPEN, clock_runs


class Alike(NamedTuple):
    """How many have all this in common; ``theme`` is its key."""

    status_then: str
    came_from_then: str
    theme: int
    nature: str
    latest_then: dt.date | None
    review_on_then: dt.date | None
    n: int


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many there are, by all that the figures of a page go by."""

    groups: tuple[Alike, ...]

    def by(self, *fields: str) -> Counter[Any]:
        """How many there are by the values of ``fields``: of one its value, of several a tuple."""
        value, found = attrgetter(*fields), Counter[Any]()
        for group in self.groups:
            found[value(group)] += group.n
        return found

    def overdue(self, on: dt.date) -> int:
        """How many the queryset's ``overdue`` finds."""
        return self.due_between(None, on - dt.timedelta(days=1)) if on > dt.date.min else 0

    def due_between(self, first: dt.date | None, last: dt.date) -> int:
        """How many the queryset's ``due_between`` finds."""
        return sum(
            group.n
            for group in self.groups
            if group.latest_then
            and (first or dt.date.min) <= group.latest_then <= last
            and clock_runs(group.status_then, group.came_from_then)
        )

    def review_due(self, on: dt.date) -> int:
        """How many the queryset's ``review_due`` finds."""
        return sum(
            group.n
            for group in self.groups
            if group.review_on_then and group.review_on_then <= on and group.status_then in OPEN
        )
