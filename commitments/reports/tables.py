"""Tables of commitments on pages: their columns, and what each of their cells shows."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy

from commitments.reports.columns import COLUMNS, Column, in_words
from commitments.reports.presence_strip import Scale
from commitments.reports.row_relations import Side
from commitments.reports.rows import Row, Rows, parties_in_columns

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Places = Mapping[Side, int]
"""The column of each country, from 1, in the cells that show the responsible countries."""
Show = Callable[[Row, Places], Hashable]


class Cell(NamedTuple):
    """The value of a column for a row. ``kind`` decides how ``components/cells.html`` shows it."""

    kind: str
    heading: str
    value: Any


class Reference(NamedTuple):
    """A reference; ``is_link`` where the table has no titles to link."""

    text: str
    is_link: bool


class Title(NamedTuple):
    """A title, with what stands below it: a text, the passages of a search, the day of the last news."""

    text: str
    reference: str
    under: str = ""
    found: tuple[Any, ...] = ()
    last_on: dt.date | None = None
    until: dt.date | None = None
    is_struck: bool = False
    """Whether it was entered in error."""


def title_of_row(row: Row, **more: Any) -> Title:
    """The title of the commitment of ``row``, struck through where it was entered in error."""
    one = row.commitment
    return Title(one.title, one.reference, found=row.found, is_struck=one.is_in_error, **more)


class Text(NamedTuple):
    """The value of any other column in words. A date or a number is short: it does not wrap."""

    words: str
    is_short: bool

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column of a table. ``css`` is the class for its width; ``order`` the order of the list by it."""

    name: str
    kind: str
    heading: "str | _StrPromise"
    css: str
    show: Show
    order: Any = None

    def cell(self, row: Row, places: Places) -> Cell:
        """The cell of ``row``."""
        return Cell(self.kind, str(self.heading), self.show(row, places))


class TableRow(NamedTuple):
    """A commitment in a table."""

    reference: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of commitments; ``scale`` is that of its presence strips."""

    heads: tuple[PageColumn, ...]
    rows: tuple[TableRow, ...]
    scale: Scale


def table_of(rows: Rows, columns: Sequence[PageColumn]) -> Table:
    """``rows`` in ``columns``."""
    places = {side: n for n, side in enumerate(rows.parties, start=1)}
    return Table(
        tuple(columns),
        tuple(
            TableRow(row.commitment.reference, tuple(column.cell(row, places) for column in columns))
            for row in rows.rows
        ),
        rows.scale,
    )


_SHOWN: dict[str, Show] = {
    "reference": lambda row, _places: Reference(row.commitment.reference, False),
    "title": lambda row, _places: title_of_row(row),
    "status": lambda row, _places: (row.status, None),
    "obligated": parties_in_columns,
    "deadline": lambda row, _places: row.deadline,
    "lead_agency": lambda row, _places: row.leads,
    "presence": lambda row, _places: row.strip,
    "last_activity_on": lambda row, _places: row.last_on,
}
"""The columns that have a cell of their own kind. Cells of the others are texts."""
_WIDTHS = {
    "reference": "w-ref",
    "title": "",
    "status": "w-status",
    "obligated": "w-act",
    "deadline": "w-deadline",
    "lead_agency": "w-lead",
    "presence": "w-strip",
    "last_activity_on": "w-last",
}
NOT_DRAWN_ON_PAPER = frozenset({"presence", "last_activity_on"})
"""Columns that paper shows as texts."""


def needs_details(columns: Iterable[Column]) -> bool:
    """Whether any of ``columns`` shows more than every row has."""
    return any(column.name not in _SHOWN for column in columns)


def fixed_columns(*names: str, **css: str) -> tuple[PageColumn, ...]:
    """The columns ``names`` of a table that the reader does not choose. ``css`` names other widths."""
    return tuple(_fixed(name, css.get(name, _WIDTHS[name])) for name in names)


def _fixed(name: str, css: str) -> PageColumn:
    # In these tables the cell has the dates, too.
    heading = gettext_lazy("Deadline") if name == "deadline" else COLUMNS[name].heading
    return PageColumn(name, name, heading, css, _SHOWN[name])


def chosen_columns(columns: Sequence[Column], *, as_text: frozenset[str] = frozenset()) -> list[PageColumn]:
    """The columns that the reader chose; those of ``as_text`` without signs."""
    has_title = any(column.name == "title" for column in columns)
    return [
        _linked(column)
        if column.name == "reference" and not has_title
        else PageColumn(column.name, column.name, column.heading, f"p-{column.name}", _SHOWN[column.name])
        if column.name in _SHOWN and column.name not in as_text
        else PageColumn(column.name, "text", column.heading, f"p-{column.name}", _in_words(column))
        for column in columns
    ]


def _linked(column: Column) -> PageColumn:
    def show(row: Row, _places: Places) -> Reference:
        return Reference(row.commitment.reference, True)

    return PageColumn(column.name, "reference", column.heading, f"p-{column.name}", show)


def _in_words(column: Column) -> Show:
    def show(row: Row, _places: Places) -> Text:
        value = column.value(row)
        return Text(in_words(value), isinstance(value, dt.date | int))

    return show


def with_shown(columns: Iterable[PageColumn], **shown: Show) -> tuple[PageColumn, ...]:
    """``columns``, of which those named in ``shown`` show something else."""
    return tuple(replace(each, show=shown[each.name]) if each.name in shown else each for each in columns)


def titled(under: Callable[[Row], str]) -> Show:
    """Cells with the title and, below it, what ``under`` returns."""

    def show(row: Row, _places: Places) -> Title:
        return title_of_row(row, under=under(row))

    return show
