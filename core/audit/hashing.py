"""What the hashes of the audit log are made of: canonical JSON (RFC 8785) and SHA-256."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785
from django.db import models

from core.append_only import AppendOnly
from core.audit.models import AuditEntry

Values = Mapping[str, Any]


def column_names(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a row that never change. ``derived`` columns follow from rows that were added later."""
    derived = model.derived if issubclass(model, AppendOnly) else ()
    fields = (field for field in model._meta.concrete_fields if not field.generated)
    return tuple(sorted(field.attname for field in fields if field.column not in derived))


def rows_of(model: type[models.Model], keys: Iterable[str], names: Iterable[str]) -> dict[str, Values]:
    """The rows of ``model`` by their keys as text, each with the columns ``names``, in one query."""
    names = tuple(names)
    pk = model._meta.pk
    assert pk is not None  # noqa: S101  (for the type checker)
    found = model._base_manager.filter(pk__in=[pk.to_python(key) for key in keys]).order_by()
    return {
        str(key): dict(zip(names, values, strict=True)) for key, *values in found.values_list("pk", *names)
    }


def row_hash(table: str, row: Values) -> str:
    """The hash of a row."""
    return _sha256({"table": table, "row": {name: _plain(value) for name, value in row.items()}})


def seal_hash(sequence: int, entry: AuditEntry, names: str, row: str, previous: str) -> str:
    """The hash of a seal. Whoever alters one must alter all that follow."""
    fields = {field.attname: _plain(getattr(entry, field.attname)) for field in entry._meta.concrete_fields}
    return _sha256(
        {"sequence": str(sequence), "entry": fields, "columns": names, "row": row, "previous": previous}
    )


def _sha256(value: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def _plain(value: Any) -> Any:
    """A value of a column in the terms of JSON. Numbers are texts, so that no digit is lost."""
    match value:
        case None | bool() | str():
            return value
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case bytes() | memoryview():  # one database gives this, the other that
            return bytes(value).hex()
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return str(value)
