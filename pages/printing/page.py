"""The register on paper: the rows that were asked for, by theme unless an order was asked for too."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from commitments.reports.columns import Column, in_words
from commitments.reports.export_rows import Charged, ExportRow, Party
from commitments.reports.query import ListQuery
from commitments.reports.rows import MOST_COLUMNS, ActPlace
from interchange.exports.selected_rows import SelectedRows, SelectionCounts

MOST_ROWS = 2000
"""More than anybody prints, and as much as a page can hold."""
_UPRIGHT = 7
"""Columns that fit across an upright sheet; more lie on their side."""


@dataclass(frozen=True, slots=True)
class PaperCell:
    """What a column says of a row; ``name`` decides how the page draws it."""

    name: str
    heading: str
    text: str
    is_short: bool
    """A day or a figure, which does not break."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A commitment, with who must act in fixed places."""

    entry: ExportRow
    act: tuple[ActPlace, ...]
    cells: tuple[PaperCell, ...]


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """A theme with its rows; without a name where the rows stand in an order of their own."""

    name: str
    rows: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """A page to be handed over."""

    columns: Sequence[Column]
    groups: tuple[PaperGroup, ...]
    tally: SelectionCounts
    countries: tuple[Party, ...]
    agencies: tuple[Charged, ...]
    """Those that stand on it by their acronyms alone."""

    @property
    def shown(self) -> int:
        """How many rows stand on it."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than it holds."""
        return self.shown < self.tally.all

    @property
    def lies_on_its_side(self) -> bool:
        """Whether an upright sheet is too narrow for it."""
        return len(self.columns) > _UPRIGHT


def print_page(asked: ListQuery) -> PrintPage:
    """The page for what was asked, which must be without faults."""
    in_order = bool(asked.filterset.form.cleaned_data["ordering"])
    matrix = SelectedRows(asked.filterset, by_theme=not in_order)
    entries = [entry for chunk in matrix.entries(most=MOST_ROWS) for entry in chunk]
    countries = _countries(entries)
    by_theme = groupby(entries, key=lambda entry: "" if in_order else entry.commitment.theme.name)
    groups = tuple(
        PaperGroup(name, tuple(_rows(listed, asked.columns, countries))) for name, listed in by_theme
    )
    return PrintPage(
        columns=asked.columns,
        groups=groups,
        tally=matrix.tally,
        countries=countries if len(countries) <= MOST_COLUMNS else (),
        agencies=_abbreviated(entries),
    )


def _countries(entries: Iterable[ExportRow]) -> tuple[Party, ...]:
    """The parties, those that occur most first: each has its own place on every row."""
    seen = Counter(party for entry in entries for party in entry.parties)
    return tuple(sorted(seen, key=lambda party: (-seen[party], party.code)))


def _abbreviated(entries: Iterable[ExportRow]) -> tuple[Charged, ...]:
    """The lead agencies whose cell says less than their name."""
    return tuple(sorted({lead for entry in entries for lead in entry.leads if lead.short != lead.name}))


def _rows(
    entries: Iterable[ExportRow], columns: Sequence[Column], countries: Sequence[Party]
) -> Iterator[PaperRow]:
    places = (
        {party: n for n, party in enumerate(countries, start=1)} if len(countries) <= MOST_COLUMNS else {}
    )
    headings = [(column, str(column.heading)) for column in columns]
    for entry in entries:
        present = sorted(entry.parties, key=lambda party: places.get(party, 0))
        yield PaperRow(
            entry=entry,
            act=tuple(
                ActPlace(
                    places.get(party, min(n, MOST_COLUMNS)), party.code, party.name, party in entry.obligated
                )
                for n, party in enumerate(present, start=1)
            ),
            cells=tuple(
                PaperCell(column.name, heading, in_words(value), isinstance(value, dt.date | int))
                for column, heading in headings
                for value in (column.value(entry),)
            ),
        )
