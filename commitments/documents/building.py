"""Builds the document of a record from its schema: plain values in the order of the keys."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from accounts.choices import Clearance
from commitments.documents.schema import EntrySchema, Key, ValueKind, field_of

Document = dict[str, Any]
Reader = Callable[[Any, dt.date | None], Any]
"""Takes a record and a day, and returns the value of a key as of that day (``None``: now)."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def build(record: Any, schema: EntrySchema, until: dt.date | None = None) -> Document:
    """The document of ``record``. A key without a value, or with its default, is left out.

    With ``until`` it leaves out the records in its lists that only count from a later day.
    """
    document = {}
    for name, read, is_kept, default in _readers(schema):
        value = read(record, until)
        if value is not None and (is_kept or (value not in _EMPTY and value != default)):
            document[name] = value
    return document


def empty_values(schema: EntrySchema) -> Document:
    """The value of each key of a document that has all keys, if a record has no value for it."""
    return {key.name: empty_value(key) for key in schema}


def filled(entry: Document) -> Document:
    """``entry`` without empty values."""
    return {key: value for key, value in entry.items() if value not in _EMPTY}


def day(value: dt.date | None) -> str | None:
    """A date in ISO 8601."""
    return value.isoformat() if value else None


def instant(value: dt.datetime) -> str:
    """A time in UTC and ISO 8601, with its full precision."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def number(value: Decimal | None) -> int | float | str | None:
    """A figure without trailing zeros; a text if a float would round it."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    rounded = float(value)
    return rounded if Decimal(repr(rounded)) == value else f"{value.normalize():f}"


def is_by(date: dt.date | None, until: dt.date | None) -> bool:
    """Whether something of ``date`` counts in a document as of ``until``."""
    return until is None or (date is not None and date <= until)


def empty_value(key: Key) -> Any:
    """The value of ``key`` in a document that has all keys, if a record has no value for it."""
    if key.kind is ValueKind.LIST:
        return []
    if key.kind in (ValueKind.TEXT, ValueKind.KEY, ValueKind.CODE, ValueKind.ADDRESS, ValueKind.DIGEST):
        return ""
    return key.default or None


@cache
def _readers(schema: EntrySchema) -> tuple[tuple[str, Reader, bool, Any], ...]:
    """For each key its name, its reader, whether an empty value is kept, and its default.

    It is made once for a schema, since documents are built for thousands of rows.
    """
    return tuple(
        (
            key.name,
            _reader(key),
            key.required or key.always or key.may_be_empty,
            None if key.always else key.default or None,
        )
        for key in schema
    )


def _reader(key: Key) -> Reader:
    if key.kind is ValueKind.RECORD and key.schema is not None:
        return _record_reader(key, key.schema)
    if key.kind is ValueKind.LIST and key.schema is not None:
        return _list_reader(key, key.schema)
    read, convert = key.read or _column_reader(key), _CONVERT.get(key.kind)
    if key.words:
        return lambda record, until: Clearance(read(record)).name.lower()
    if convert is None:
        return lambda record, until: read(record)
    return lambda record, until: convert(read(record))


def _record_reader(key: Key, schema: EntrySchema) -> Reader:
    if not key.column:
        return lambda record, until: build(record, schema, until)
    read = key.read or _related(key.column)

    def related(record: Any, until: dt.date | None) -> Document | None:
        found = read(record)
        return build(found, schema, until) if found is not None and _counts(found, schema, until) else None

    return related


def _list_reader(key: Key, schema: EntrySchema) -> Reader:
    read = key.read or _related(key.column)
    return lambda record, until: [
        build(row, schema, until) for row in _rows(read(record)) if _counts(row, schema, until)
    ]


def _counts(row: Any, schema: EntrySchema, until: dt.date | None) -> bool:
    return until is None or schema.day_of is None or is_by(schema.day_of(row), until)


def _rows(found: Any) -> Iterable[Any]:
    return found.all() if isinstance(found, models.Manager) else found


def _related(column: str) -> Callable[[Any], Any]:
    """Reads the rows, or the one row, whose foreign key ``column`` refers to the record."""
    relation: Any = field_of(column).remote_field
    accessor: str = relation.get_accessor_name()
    return lambda record: getattr(record, accessor, None)


def _column_reader(key: Key) -> Callable[[Any], Any]:
    field = field_of(key.column)
    if field.many_to_many:
        return lambda record: sorted(identity(each) for each in getattr(record, field.name).all())
    if field.is_relation and key.kind is ValueKind.WHOLE:
        return lambda record: (related := getattr(record, field.name)) and related.number
    return attrgetter(field.name)


def identity(record: Any) -> str:
    """The code, reference or key by which documents name ``record``."""
    for name in ("slug", "code", "reference"):
        if hasattr(record, name):
            return str(getattr(record, name))
    raise LookupError(type(record))


_CONVERT: dict[ValueKind, Callable[[Any], Any]] = {
    ValueKind.CHOICE: str,
    ValueKind.DAY: day,
    ValueKind.INSTANT: lambda value: value and instant(value),
    ValueKind.NUMBER: number,
    ValueKind.TRUE: lambda value: value or None,
    ValueKind.LIST: lambda found: [each if isinstance(each, str) else identity(each) for each in found],
    ValueKind.FILE: lambda file: file.name if file else None,
    ValueKind.ACCOUNT: lambda account: account and account.username,
    ValueKind.LINK: lambda record: record and identity(record),
}
"""Converts the value of a field to a plain value. Other kinds need no conversion."""
