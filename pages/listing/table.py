"""The list in columns that the reader chose. The columns have the same names as in exports."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commitments.reports.columns import COLUMNS, Column, in_words
from commitments.reports.export_rows import ExportRow
from commitments.reports.rows import Row
from core.whole_numbers import whole_number
from pages.listing.filter_panel import Order

DEFAULT_COLUMNS = (
    "reference",
    "title",
    "status",
    "obligated",
    "deadline",
    "lead_agency",
    "presence",
    "last_activity_on",
)
"""The columns of the list where the reader chose none."""
OF_A_ROW = frozenset(DEFAULT_COLUMNS)
"""Columns that the template renders from a ``Row``. The others show the text of an ``ExportRow``."""
_ORDERED_BY = {
    "reference": "reference",
    "title": "title",
    "status": "status",
    "nature": "nature",
    "theme": "theme",
    "deadline": "deadline",
    "timeline": "deadline",
    "latest": "deadline",
    "made_on": "made",
    "last_activity_on": "last_activity",
}
"""The value of ``ordering`` by which a column sorts the list."""


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a column, with ``order`` if the list can be sorted by it."""

    name: str
    heading: str
    order: Order | None

    @property
    def css(self) -> str:
        """The CSS class for the width of the column; the printable page has the same."""
        return f"p-{self.name}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a column for a row. ``name`` decides how the template renders it."""

    name: str
    heading: str
    text: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A commitment in the chosen columns."""

    row: Row
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """The table. With ``links_title`` the title links to the page of a row; else the reference does."""

    heads: tuple[ColumnHead, ...]
    rows: tuple[ColumnRow, ...]
    links_title: bool


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in the menu of columns: whether it is shown, and at which position."""

    name: str
    heading: str
    shown: bool
    place: int | None


def needs_export_rows(columns: Iterable[Column]) -> bool:
    """Whether any of ``columns`` needs an ``ExportRow``."""
    return any(column.name not in OF_A_ROW for column in columns)


def column_table(
    columns: Sequence[Column],
    rows: Iterable[Row],
    export_rows: Iterable[ExportRow],
    orders: Mapping[str, Order],
) -> ColumnTable:
    """The rows in ``columns``. ``export_rows`` may be empty unless ``needs_export_rows``."""
    by_key = {each.commitment.pk: each for each in export_rows}
    heads = tuple(ColumnHead(each.name, str(each.heading), _order(each, orders)) for each in columns)
    return ColumnTable(
        heads,
        tuple(
            ColumnRow(
                row,
                tuple(_cell(column, head, row, by_key) for column, head in zip(columns, heads, strict=True)),
            )
            for row in rows
        ),
        any(head.name == "title" for head in heads),
    )


def _order(column: Column, orders: Mapping[str, Order]) -> Order | None:
    order = orders.get(_ORDERED_BY.get(column.name, ""))
    if order is None:
        return None
    return Order(order.name, str(column.heading), order.url, order.direction)


def _cell(column: Column, head: ColumnHead, row: Row, export_rows: Mapping[int, ExportRow]) -> Cell:
    export_row = export_rows.get(row.commitment.pk)
    if column.name in OF_A_ROW or export_row is None:
        return Cell(column.name, head.heading, "", False)
    value = column.value(export_row)
    return Cell(column.name, head.heading, in_words(value), isinstance(value, dt.date | int))


def column_choices(columns: Sequence[Column]) -> tuple[ColumnChoice, ...]:
    """Every column for the menu of columns, the shown ones first and in their order."""
    shown = [column.name for column in columns] or list(DEFAULT_COLUMNS)
    rest = [name for name in (*DEFAULT_COLUMNS, *COLUMNS) if name not in shown]
    return tuple(
        ColumnChoice(name, str(COLUMNS[name].heading), name in shown, place if name in shown else None)
        for place, name in enumerate(dict.fromkeys([*shown, *rest]), start=1)
    )


def columns_value(names: Iterable[str], places: Mapping[str, str]) -> str:
    """The value of the parameter ``columns`` for ``names``, in the order of their typed positions.

    ``places`` maps ``place-<name>`` to what was typed; columns without a position come last. The value is
    empty for the default columns.
    """

    def place(name: str) -> int:
        typed = whole_number(places.get(f"place-{name}", ""))
        return len(COLUMNS) + 1 if typed is None else typed

    known = [name for name in dict.fromkeys(names) if name in COLUMNS]
    ordered = sorted(known, key=place)
    if ordered and ordered[0] != "reference":
        ordered = ["reference", *(name for name in ordered if name != "reference")]
    return "" if tuple(ordered) == DEFAULT_COLUMNS else ",".join(ordered)
