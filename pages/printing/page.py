"""The printable page: the rows of a list, by theme unless the parameters name an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from commitments.reports.columns import Column
from commitments.reports.query import ListQuery
from commitments.reports.row_relations import AgencyName, Side
from commitments.reports.rows import Row, Rows, parties_by_frequency
from commitments.reports.tables import NOT_DRAWN_ON_PAPER, PageColumn, TableRow, chosen_columns, table_of
from core.sorting import sort_key
from interchange.exports.selected_rows import SelectedRows, SelectionCounts

MOST_ROWS = 2000
"""Largest number of rows on the page."""
_PORTRAIT_COLUMNS = 7
"""Largest number of columns on portrait paper."""


@dataclass(frozen=True, slots=True)
class PrintGroup:
    """A theme with its rows. Without a name if the rows are not grouped by theme."""

    name: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """The printable page. ``agencies`` are those that the rows name by their acronyms."""

    heads: tuple[PageColumn, ...]
    groups: tuple[PrintGroup, ...]
    counts: SelectionCounts
    countries: tuple[Side, ...]
    agencies: tuple[AgencyName, ...]

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
        return len(self.heads) > _PORTRAIT_COLUMNS


def print_page(query: ListQuery) -> PrintPage:
    """The page for ``query``, which must not have errors."""
    in_order = bool(query.filterset.form.cleaned_data["ordering"])
    selected = SelectedRows(query.filterset, by_theme=not in_order)
    read = tuple(row for chunk in selected.rows(most=MOST_ROWS) for row in chunk)
    rows = Rows(read, parties=parties_by_frequency(read))
    return PrintPage(
        heads=tuple(chosen_columns(query.columns, as_text=NOT_DRAWN_ON_PAPER)),
        groups=tuple(_groups(rows, query.columns, by_theme=not in_order)),
        counts=selected.counts,
        countries=rows.countries,
        agencies=_abbreviated(read),
    )


def _groups(rows: Rows, columns: Sequence[Column], *, by_theme: bool) -> Iterable[PrintGroup]:
    """The rows by theme, or in one group without a name."""
    table = table_of(rows, chosen_columns(columns, as_text=NOT_DRAWN_ON_PAPER))
    themes = [row.commitment.theme.name if by_theme else "" for row in rows.rows]
    for theme, group in groupby(zip(themes, table.rows, strict=True), key=lambda each: each[0]):
        yield PrintGroup(theme, tuple(row for _theme, row in group))


def _abbreviated(rows: Iterable[Row]) -> tuple[AgencyName, ...]:
    """The lead agencies whose short name differs from their name."""
    leads = {lead for row in rows for lead in row.leads if lead.short != lead.name}
    return tuple(sorted(leads, key=lambda lead: sort_key(lead.short)))
