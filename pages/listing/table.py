"""A list in columns of one's choice: the same names as in the files, the same drawings as on the page."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commitments.reports.columns import COLUMNS, Column, in_words
from commitments.reports.export_rows import ExportRow
from commitments.reports.rows import Row
from pages.listing.filter_panel import Order

AS_SHOWN = (
    "reference",
    "title",
    "status",
    "obligated",
    "deadline",
    "lead_agency",
    "presence",
    "last_activity_on",
)
"""The columns of the list where none are chosen."""
DRAWN = frozenset(AS_SHOWN)
"""Columns that the page draws from a row itself; the others are words about an entry."""
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
"""By what the list is ordered when one asks for the order of a column."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column; with ``order`` where the list can be ordered by it."""

    name: str
    heading: str
    order: Order | None

    @property
    def css(self) -> str:
        """The class that gives the column its width, the one it has on paper."""
        return f"p-{self.name}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column says of a row; ``name`` decides how the page draws it."""

    name: str
    heading: str
    text: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """A commitment in the columns that were chosen."""

    row: Row
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The table; ``titled`` where the title is among its columns and links to the page of each row."""

    heads: tuple[Head, ...]
    rows: tuple[ChosenRow, ...]
    titled: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A column in the chooser: whether it is shown, and in which place."""

    name: str
    heading: str
    shown: bool
    place: int | None


def needs_entries(columns: Iterable[Column]) -> bool:
    """Whether any of ``columns`` says more than a row of the list holds."""
    return any(column.name not in DRAWN for column in columns)


def column_table(
    columns: Sequence[Column], rows: Iterable[Row], entries: Iterable[ExportRow], orders: Mapping[str, Order]
) -> Chosen:
    """The rows in ``columns``; ``entries`` may be empty unless ``needs_entries``."""
    found = {entry.commitment.pk: entry for entry in entries}
    heads = tuple(Head(each.name, str(each.heading), _order(each, orders)) for each in columns)
    names = {head.name for head in heads}
    return Chosen(
        heads,
        tuple(
            ChosenRow(
                row,
                tuple(_cell(column, head, row, found) for column, head in zip(columns, heads, strict=True)),
            )
            for row in rows
        ),
        "title" in names,
    )


def _order(column: Column, orders: Mapping[str, Order]) -> Order | None:
    order = orders.get(_ORDERED_BY.get(column.name, ""))
    if order is None:
        return None
    return Order(order.name, str(column.heading), order.url, order.direction)


def _cell(column: Column, head: Head, row: Row, entries: Mapping[int, ExportRow]) -> Cell:
    entry = entries.get(row.commitment.pk)
    if column.name in DRAWN or entry is None:
        return Cell(column.name, head.heading, "", False)
    value = column.value(entry)
    return Cell(column.name, head.heading, in_words(value), isinstance(value, dt.date | int))


def choices_of(columns: Sequence[Column]) -> tuple[Choice, ...]:
    """Every column for the chooser, those shown first and in their places."""
    shown = [column.name for column in columns] or list(AS_SHOWN)
    rest = [name for name in (*AS_SHOWN, *COLUMNS) if name not in shown]
    return tuple(
        Choice(name, str(COLUMNS[name].heading), name in shown, place if name in shown else None)
        for place, name in enumerate(dict.fromkeys([*shown, *rest]), start=1)
    )


def in_places(names: Iterable[str], places: Mapping[str, str]) -> str:
    """The value of the parameter for the columns ``names``, each in the place that was typed for it.

    What has no place comes last; the columns that are shown anyway need no parameter.
    """

    def place(name: str) -> int:
        typed = places.get(f"place-{name}", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else len(COLUMNS) + 1

    known = [name for name in dict.fromkeys(names) if name in COLUMNS]
    chosen = sorted(known, key=place)
    if chosen and chosen[0] != "reference":
        chosen = ["reference", *(name for name in chosen if name != "reference")]
    return "" if tuple(chosen) == AS_SHOWN else ",".join(chosen)
