"""The rows that a filter set selects, in any number: keys in order, counts, and rows chunk by chunk."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from accounts.choices import Clearance
from commitments.choices import OPEN, Status
from commitments.filtersets import CommitmentFilterSet
from commitments.querysets import AsOf
from commitments.reports.rows import Row, deadline_on, detailed_rows

if TYPE_CHECKING:
    from accounts.models import User

CHUNK = 1000
"""Rows in memory at a time."""

_STATUS_AND_DEADLINE = (
    "status_then",
    "came_from_then",
    "wording_then",
    "earliest_then",
    "latest_then",
    "review_on_then",
)


@dataclass(slots=True)
class SelectionCounts:
    """The number of rows, by status and by deadline."""

    by_status: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    review_due: int = 0
    classification: Clearance = Clearance.UNCLASSIFIED
    """The highest classification of any row."""

    @property
    def all(self) -> int:
        """The number of rows."""
        return self.by_status.total()

    @property
    def open(self) -> int:
        """The number of open rows."""
        return sum(self.by_status[status] for status in OPEN)

    @property
    def statuses(self) -> tuple[tuple[Status, int], ...]:
        """Every status that occurs, in order, with its number of rows."""
        return tuple((status, self.by_status[status]) for status in Status if self.by_status[status])


class SelectedRows:
    """The rows of a valid filter set, in its order.

    The keys are read at once, eight bytes a row: the number of rows is known before the first is written,
    and a commitment recorded meanwhile changes nothing. The rows are read one chunk at a time.
    """

    def __init__(self, filterset: CommitmentFilterSet, *, by_theme: bool = False) -> None:
        self.user: User = filterset.user
        self.when: AsOf = filterset.when
        self.counts = SelectionCounts()
        self.keys = array("q")
        rows = filterset.qs.by_reference("theme__sort_key") if by_theme else filterset.qs
        values = rows.values_list("pk", "classification", *_STATUS_AND_DEADLINE, named=True)
        for row in values.iterator(chunk_size=2000):
            self.keys.append(row.pk)
            deadline = deadline_on(row, self.when.day)
            self.counts.by_status[row.status_then] += 1
            self.counts.overdue += deadline.overdue_days > 0
            self.counts.review_due += deadline.review_is_due
            self.counts.classification = max(self.counts.classification, Clearance(row.classification))

    def __len__(self) -> int:
        return len(self.keys)

    def chunks(self, *, size: int | None = None, most: int | None = None) -> Iterator[Sequence[int]]:
        """The keys, ``size`` at a time; at most ``most`` of them."""
        size = size or CHUNK
        end = len(self.keys) if most is None else min(most, len(self.keys))
        for start in range(0, end, size):
            yield self.keys[start : min(start + size, end)].tolist()

    def rows(self, *, most: int | None = None) -> Iterator[Sequence[Row]]:
        """The rows, one chunk at a time."""
        for keys in self.chunks(most=most):
            yield detailed_rows(keys, user=self.user, when=self.when)
