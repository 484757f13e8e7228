"""The register as CSV, for programs and for spreadsheets."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import Choices, IntegerChoices

from commitments.reports.columns import Column, Value
from interchange.exports.formula_escaping import harmless
from interchange.exports.selected_rows import SelectedRows

BYTE_ORDER_MARK = "\ufeff".encode()
"""Tells spreadsheets that the file is UTF-8; without it Vietnamese and Khmer are garbled."""


def csv_of(selected: SelectedRows, columns: Sequence[Column]) -> Iterator[bytes]:
    """A header row with the names of the columns, then the rows, one chunk at a time."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in columns])
    yield BYTE_ORDER_MARK + flushed(buffer)
    for rows in selected.rows():
        writer.writerows([cell_for_programs(column.value(row)) for column in columns] for row in rows)
        yield flushed(buffer)


def flushed(buffer: io.StringIO) -> bytes:
    """Return what ``buffer`` holds, and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def cell_for_programs(value: Value) -> str | int:
    """A value for programs: keys for choices, ISO 8601 for dates."""
    if value is None:
        return ""
    if type(value) is str:
        return harmless(value)
    if isinstance(value, Choices):
        return value.name.lower() if isinstance(value, IntegerChoices) else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, int) else harmless(value)
