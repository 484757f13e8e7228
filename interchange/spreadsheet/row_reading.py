"""Reads the cells of one row by their fields, and collects what cannot be read with the cell it stands in."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from openpyxl.utils import get_column_letter

from interchange.spreadsheet.names import NameIndex, UnknownName, key_of, spelling_of
from interchange.spreadsheet.values import Cell, CellError, is_empty, text_of

T = TypeVar("T")


class RowReader:
    """The cells of a row. ``errors`` and ``notes`` are pairs of a place such as B17 and a sentence."""

    def __init__(
        self,
        number: int,
        cells: list[Cell],
        columns: Mapping[str, int],
        names: Mapping[str, NameIndex],
        order: str,
    ) -> None:
        self.number, self.order = number, order
        self._cells, self._columns, self._names = cells, columns, names
        self.errors: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self.unknown: list[list[Any]] = []

    def has(self, name: str) -> bool:
        """Whether the file has a column for the field ``name``."""
        return name in self._columns

    def cell(self, name: str) -> Cell:
        """The cell of the field ``name``; ``None`` where the file has no such column."""
        at = self._columns.get(name)
        return None if at is None or at >= len(self._cells) else self._cells[at]

    def is_empty(self, name: str) -> bool:
        """Whether the field has no value."""
        return is_empty(self.cell(name))

    def place(self, *names: str) -> str:
        """Where the first of these fields that the file has stands, for example B17; else ""."""
        at = next((self._columns[name] for name in names if name in self._columns), None)
        return "" if at is None else f"{get_column_letter(at + 1)}{self.number}"

    def refuse(self, text: str, *names: str) -> None:
        """Note an error at the first of these fields that the file has."""
        if (error := (self.place(*names), text)) not in self.errors:
            self.errors.append(error)

    def note(self, text: str, *names: str) -> None:
        """Note what a person should look at."""
        self.notes.append((self.place(*names), text))

    def read(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """What ``read`` makes of the field; ``None`` where it cannot be read, which is noted."""
        try:
            return read(self.cell(name))
        except CellError as error:
            self.refuse(str(error), name)
            return None

    def text(self, name: str) -> str:
        """The text of the field; "" where it has none."""
        return "" if self.is_empty(name) else self.read(name, text_of) or ""

    def records(self, name: str, kind: str) -> list[Any]:
        """The records of ``kind`` that the field names."""
        text = self.text(name)
        if not text:
            return []
        try:
            return self._names[kind].all(text)
        except UnknownName as unknown:
            self.refuse_name(unknown, name)
            return []

    def refuse_name(self, unknown: UnknownName, name: str) -> None:
        """Note a name that is not known, so that its meaning can be chosen once for all rows."""
        self.refuse(str(unknown), name)
        offered = [key_of(each) for each in unknown.offered]
        self.unknown.append([unknown.kind, spelling_of(unknown.name), unknown.name, offered])

    def index(self, kind: str) -> NameIndex:
        """The records of ``kind`` by name."""
        return self._names[kind]
