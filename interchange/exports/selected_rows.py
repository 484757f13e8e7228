"""The rows that were asked for, however many: their keys in order, their figures, each row in turn."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from accounts.choices import Clearance
from commitments.choices import OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import AsOf
from commitments.reports.export_rows import ExportRow, export_rows
from commitments.reports.rows import deadline_on

if TYPE_CHECKING:
    from accounts.models import User

CHUNK = 1000
"""Rows that are held in memory at a time."""

_JUDGED = ("status_then", "came_from_then", "wording_then", "earliest_then", "latest_then", "review_on_then")
_BY_THEME = ("theme__name", "prefix", "year", "serial")


@dataclass(slots=True)
class SelectionCounts:
    """How many rows there are, by status and by what a deadline makes of them. No figure of success."""

    by_status: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    review_due: int = 0
    classification: Clearance = Clearance.UNCLASSIFIED
    """The highest of any row."""

    @property
    def all(self) -> int:
        """How many rows."""
        return self.by_status.total()

    @property
    def open(self) -> int:
        """How many of them are open."""
        return sum(self.by_status[status] for status in OPEN)

    @property
    def statuses(self) -> tuple[tuple[Status, int], ...]:
        """Every status that occurs, in order."""
        return tuple((status, self.by_status[status]) for status in Status if self.by_status[status])


class SelectedRows:
    """What a filter set without faults asks for, in its order.

    The keys are read at once, eight bytes a row, so that the number of rows is known before the first is
    written and a row recorded meanwhile changes nothing; the rows follow a chunk at a time.
    """

    def __init__(self, filterset: CommitmentFilterSet, *, by_theme: bool = False) -> None:
        self.user: User = filterset.user
        self.when: AsOf = filterset.when
        self.tally = SelectionCounts()
        self.keys = array("q")
        rows = filterset.qs.order_by(*_BY_THEME) if by_theme else filterset.qs
        judged = rows.values_list("pk", "classification", *_JUDGED, named=True)
        for row in judged.iterator(chunk_size=2000):
            self.keys.append(row.pk)
            deadline = deadline_on(row, self.when.day)
            self.tally.by_status[row.status_then] += 1
            self.tally.overdue += deadline.overdue_days > 0
            self.tally.review_due += deadline.review_is_due
            self.tally.classification = max(self.tally.classification, Clearance(row.classification))

    def __len__(self) -> int:
        return len(self.keys)

    def chunks(self, *, size: int | None = None, most: int | None = None) -> Iterator[Sequence[int]]:
        """The keys, ``size`` at a time; with ``most`` only the first so many."""
        size = size or CHUNK
        end = len(self.keys) if most is None else min(most, len(self.keys))
        for start in range(0, end, size):
            yield self.keys[start : min(start + size, end)].tolist()

    def entries(self, *, most: int | None = None) -> Iterator[Sequence[ExportRow]]:
        """The rows, a chunk at a time."""
        for keys in self.chunks(most=most):
            yield export_rows(keys, user=self.user, when=self.when)
