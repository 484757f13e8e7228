"""The printable page: the rows of a list, by theme unless the parameters name an order."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from commitments.reports.columns import Column, in_words
from commitments.reports.export_rows import AgencyName, ExportRow, Party
from commitments.reports.query import ListQuery
from commitments.reports.rows import MOST_COLUMNS, PartyInColumn
from core.sorting import sort_key
from interchange.exports.selected_rows import SelectedRows, SelectionCounts

MOST_ROWS = 2000
"""Largest number of rows on the page."""
_PORTRAIT_COLUMNS = 7
"""Largest number of columns on portrait paper."""


@dataclass(frozen=True, slots=True)
class PrintCell:
    """The value of a column for a row. ``name`` decides how the template renders it."""

    name: str
    heading: str
    text: str
    is_short: bool
    """Whether it is a date or a number, which does not wrap."""


@dataclass(frozen=True, slots=True)
class PrintRow:
    """A commitment, with its parties in columns."""

    export_row: ExportRow
    responsible: tuple[PartyInColumn, ...]
    cells: tuple[PrintCell, ...]


@dataclass(frozen=True, slots=True)
class PrintGroup:
    """A theme with its rows. Without a name if the rows are not grouped by theme."""

    name: str
    rows: tuple[PrintRow, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """The printable page."""

    columns: Sequence[Column]
    groups: tuple[PrintGroup, ...]
    counts: SelectionCounts
    countries: tuple[Party, ...]
    agencies: tuple[AgencyName, ...]
    """The agencies that the rows name by their acronyms."""

    @property
    def shown(self) -> int:
        """The number of rows on the page."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than ``MOST_ROWS``."""
        return self.shown < self.counts.all

    @property
    def is_landscape(self) -> bool:
        """Whether there are too many columns for portrait paper."""
        return len(self.columns) > _PORTRAIT_COLUMNS


def print_page(query: ListQuery) -> PrintPage:
    """The page for ``query``, which must not have errors."""
    in_order = bool(query.filterset.form.cleaned_data["ordering"])
    selected = SelectedRows(query.filterset, by_theme=not in_order)
    export_rows = [row for chunk in selected.export_rows(most=MOST_ROWS) for row in chunk]
    countries = _countries(export_rows)
    by_theme = groupby(export_rows, key=lambda row: "" if in_order else row.commitment.theme.name)
    groups = tuple(PrintGroup(name, tuple(_rows(rows, query.columns, countries))) for name, rows in by_theme)
    return PrintPage(
        columns=query.columns,
        groups=groups,
        counts=selected.counts,
        countries=countries if len(countries) <= MOST_COLUMNS else (),
        agencies=_abbreviated(export_rows),
    )


def _countries(export_rows: Iterable[ExportRow]) -> tuple[Party, ...]:
    """All parties, the most frequent first: the columns of the countries, the same on every row."""
    times = Counter(party for row in export_rows for party in row.parties)
    return tuple(sorted(times, key=lambda party: (-times[party], party.code)))


def _abbreviated(export_rows: Iterable[ExportRow]) -> tuple[AgencyName, ...]:
    """The lead agencies whose short name differs from their name."""
    leads = {lead for row in export_rows for lead in row.leads if lead.short != lead.name}
    return tuple(sorted(leads, key=lambda lead: sort_key(lead.short)))


def _rows(
    export_rows: Iterable[ExportRow], columns: Sequence[Column], countries: Sequence[Party]
) -> Iterator[PrintRow]:
    places = (
        {party: n for n, party in enumerate(countries, start=1)} if len(countries) <= MOST_COLUMNS else {}
    )
    headings = [(column, str(column.heading)) for column in columns]
    for row in export_rows:
        parties = sorted(row.parties, key=lambda party: places.get(party, 0))
        yield PrintRow(
            export_row=row,
            responsible=tuple(
                PartyInColumn(
                    places.get(party, min(n, MOST_COLUMNS)), party.code, party.name, party in row.obligated
                )
                for n, party in enumerate(parties, start=1)
            ),
            cells=tuple(
                PrintCell(column.name, heading, in_words(value), isinstance(value, dt.date | int))
                for column, heading in headings
                for value in (column.value(row),)
            ),
        )
