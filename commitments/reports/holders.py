"""With whom the open commitments lie, as figures that link to their rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commitments.choices import Holder
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import list_url


@dataclass(frozen=True, slots=True)
class HolderFigure:
    """How many open commitments lie with somebody. ``url`` leads to them on the list."""

    key: Holder
    n: int
    url: str

    @property
    def label(self) -> str:
        """With whom."""
        return str(self.key.label)


def holder_figures(
    at: CommitmentQuerySet, as_of: AsOf, query: Mapping[str, str] | None = None
) -> tuple[HolderFigure, ...]:
    """The figures of the rows ``at``, which the list finds with the filters ``query``; one query."""
    counts = at.holder_counts(as_of)

    def figures() -> Iterator[HolderFigure]:
        for each in Holder:
            if n := counts[each.value]:
                yield HolderFigure(each, n, list_url(as_of, {**(query or {}), "holder": each.value}))

    return tuple(figures())
