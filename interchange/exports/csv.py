"""The register as CSV: for programs, and for whoever opens it in a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import Choices, IntegerChoices

from commitments.reports.columns import Column, Value
from interchange.exports.cells import harmless
from interchange.exports.selected_rows import SelectedRows

_BYTE_ORDER_MARK = "\ufeff".encode()
"""Without it spreadsheets take UTF-8 for something else, and Vietnamese and Khmer for rubbish."""


def csv_of(matrix: SelectedRows, columns: Sequence[Column]) -> Iterator[bytes]:
    """One header row with the names of the columns, then the rows, a chunk at a time."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in columns])
    yield _BYTE_ORDER_MARK + _taken(buffer)
    for entries in matrix.entries():
        writer.writerows([_cell(column.value(entry)) for column in columns] for entry in entries)
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cell(value: Value) -> str | int:
    """A value as a program reads it back: keys for choices, ISO 8601 for days."""
    if value is None:
        return ""
    if isinstance(value, Choices):
        return value.name.lower() if isinstance(value, IntegerChoices) else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, int) else harmless(value)
