"""Reads the cells of one sheet of an .xlsx workbook. Run in a process of its own.

The first byte of the input is the number of the sheet, counted from 0; 255 chooses the first visible one. The
first part of the answer is a JSON object about the workbook, each other part a JSON array: the number of a
row, then its cells. A cell is ``null``, a text, or an object with one member: ``number``, ``day`` (ISO 8601),
``truth``, ``error`` (such as #REF!) or ``formula`` (without a stored value).
"""

import datetime as dt
import json
import math
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from core.documents.child import Extract, answer
from core.documents.kinds import Kind
from core.documents.limits import (
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_ROWS,
    MAX_UNPACKED_WORKBOOK,
    WORKBOOK_CPU_SECONDS,
)
from core.documents.packages import kind_of
from core.documents.problems import Problem, Unreadable

VERSIONS_SHEET = "aide-memoire-versions"
"""The hidden sheet of our own workbooks: for each reference the state that was exported."""
_MOST_NAMED = 5
"""The most places of a kind that are named."""
_ENCRYPTED = 1


class _Parser(WorkSheetParser):
    """Reads stored values, and notices which cells are formulas."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        cell["is_formula"] = element.find(FORMULA_TAG) is not None
        return cell


def _require_size(content: bytes) -> None:
    """Raise ``Unreadable`` unless it is a workbook of a size that can be read."""
    with ZipFile(BytesIO(content)) as package:
        parts = package.infolist()
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Unreadable(Problem.ENCRYPTED)
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_WORKBOOK:
            raise Unreadable(Problem.TOO_LARGE_UNPACKED)
        if kind_of(package) != Kind.XLSX:
            raise Unreadable(Problem.WRONG_KIND)


def read(given: bytes) -> Extract:
    """The parts of the answer for a sheet."""
    number, content = given[0], given[1:]
    _require_size(content)
    warnings.simplefilter("ignore")  # about extensions that are left out
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    sheets = book.worksheets
    visible = [n for n, sheet in enumerate(sheets) if sheet.sheet_state == "visible"]
    if not visible:
        raise Unreadable(Problem.NO_TEXT)
    if number not in range(len(sheets)):
        number = visible[0]
    sheet = sheets[number]
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        rows, formulas = _rows(parser)
    _repeat_merged(rows, parser)
    about = {
        "sheets": [each.title for each in sheets],
        "hidden_sheets": [
            each.title for n, each in enumerate(sheets) if n not in visible and each.title != VERSIONS_SHEET
        ],
        "versions": _versions(book),
        "sheet": number,
        **_hidden(rows, parser),
        "merged": [str(each) for each in _merged(parser)][:_MOST_NAMED],
        "n_merged": len(_merged(parser)),
        "formulas": formulas[:_MOST_NAMED],
        "n_formulas": len(formulas),
    }
    lines = (json.dumps([n, *cells], ensure_ascii=False) for n, cells in sorted(rows.items()) if any(cells))
    return Extract((json.dumps(about, ensure_ascii=False), *lines))


def _rows(parser: _Parser) -> tuple[dict[int, list[Any]], list[str]]:
    """The cells of each row that has any, and the places of formulas."""
    rows: dict[int, list[Any]] = {}
    formulas: list[str] = []
    for number, cells in parser.parse():
        values: list[Any] = []
        for cell in cells:
            value = _cell(cell)
            if cell["is_formula"]:
                formulas.append(f"{get_column_letter(cell['column'])}{number}")
            if value is None:
                continue
            if cell["column"] > MAX_COLUMNS:
                raise Unreadable(Problem.TOO_MANY_COLUMNS)
            values.extend([None] * (cell["column"] - len(values)))
            values[cell["column"] - 1] = value
        if values:
            rows[number] = values
            if len(rows) > MAX_ROWS:
                raise Unreadable(Problem.TOO_MANY_ROWS)
    return rows, formulas


def _cell(cell: dict[str, Any]) -> Any:
    value = cell["value"]
    match value:
        case None:
            return {"formula": True} if cell["is_formula"] else None
        case bool():
            return {"truth": value}
        case dt.datetime():
            return {"day": value.date().isoformat() if value.time() == dt.time() else value.isoformat()}
        case dt.date():
            return {"day": value.isoformat()}
        case float() if not math.isfinite(value):  # such as 1E+999, which no spreadsheet can hold
            return {"error": "#NUM!"}
        case int() | float():
            return {"number": repr(value)}
        case str() if cell["data_type"] == "e":
            return {"error": value}
        case str():
            return value if value.strip() else None
    return str(value)


def _merged(parser: _Parser) -> list[Any]:
    return list(parser.merged_cells.mergeCell) if parser.merged_cells else []


def _repeat_merged(rows: dict[int, list[Any]], parser: _Parser) -> None:
    """Give the cells that are merged over several rows of one column the value that they show."""
    for merged in _merged(parser):
        if merged.min_col != merged.max_col or merged.size["rows"] > MAX_ROWS:
            continue
        at = merged.min_col - 1
        first = rows.get(merged.min_row, [])
        if at >= len(first) or first[at] is None:
            continue
        for number in range(merged.min_row + 1, merged.max_row + 1):
            if number in rows:  # a row of which nothing else is filled in stays empty
                cells = rows[number]
                cells.extend([None] * (at + 1 - len(cells)))
                cells[at] = first[at]


def _hidden(rows: dict[int, list[Any]], parser: _Parser) -> dict[str, Any]:
    """The hidden rows that have a value, and the letters of the hidden columns."""
    hidden = [n for n in rows if _is_true(parser.row_dimensions.get(str(n), {}).get("hidden"))]
    columns: list[str] = []
    for each in parser.column_dimensions.values():
        if _is_true(each.get("hidden")):
            last = min(int(each["max"]), MAX_COLUMNS)
            columns += [get_column_letter(n) for n in range(int(each["min"]), last + 1)]
    return {"hidden_rows": sorted(hidden), "hidden_columns": columns}


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")


def _versions(book: Any) -> dict[str, str]:
    if VERSIONS_SHEET not in book.sheetnames:
        return {}
    found: dict[str, str] = {}
    book[VERSIONS_SHEET].reset_dimensions()
    rows: Iterator[Any] = book[VERSIONS_SHEET].iter_rows(min_row=1, max_col=2, values_only=True)
    for row in rows:
        if len(row) == 2 and all(isinstance(each, str) for each in row):  # noqa: PLR2004  (reference, state)
            found[row[0]] = row[1]
    return found


if __name__ == "__main__":
    answer(read, cpu_seconds=WORKBOOK_CPU_SECONDS, most_characters=None)
