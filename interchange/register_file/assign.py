"""Sets the fields of a record from an entry, by the keys of its schema."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from accounts.choices import Clearance
from commitments.documents.schema import EntrySchema, Key, ValueKind, field_of
from interchange.register_file.lookups import Lookups
from relations.models import Paragraph

M = TypeVar("M", bound=models.Model)

_FROM_HISTORY = frozenset(
    {
        "Commitment.status",
        "Commitment.successor",
        "Commitment.merged_into",
        "Evidence.status_change",
        "DeadlineDecision.change",
    }
)
"""Fields that follow from a history or from the merges, which are written separately."""


def make(model: type[M], entry: Mapping[str, Any], schema: EntrySchema, lookups: Lookups, **more: Any) -> M:
    """Return an unsaved record of ``model`` with the values of ``entry`` and ``more``."""
    record = model(**more)
    fill(record, entry, schema, lookups)
    return record


def fill(
    record: models.Model,
    entry: Mapping[str, Any],
    schema: EntrySchema,
    lookups: Lookups,
    only: Collection[str] | None = None,
) -> None:
    """Set the fields of ``record`` from ``entry``, or only from the keys ``only``.

    A key that is left out sets its field to the default. Lists of records and many-to-many fields are not
    set here. The caller writes them.
    """
    for key in schema:
        if only is not None and key.name not in only:
            continue
        if key.kind is ValueKind.RECORD and key.schema is not None and not key.column:
            fill(record, entry.get(key.name, {}), key.schema, lookups)
        elif key.column and key.column not in _FROM_HISTORY and key.kind is not ValueKind.RECORD:
            field = field_of(key.column)
            if field.concrete and not field.many_to_many and isinstance(record, field.model):
                if key.kind is ValueKind.LIST and not isinstance(field, models.JSONField):
                    continue
                setattr(record, field.attname, _value(key, field, entry, lookups))


def _value(key: Key, field: "models.Field[Any, Any]", entry: Mapping[str, Any], lookups: Lookups) -> Any:
    value = entry.get(key.name, key.default)
    if value in ("", None, []):
        return _empty_value(field, lookups)
    if field.related_model is Paragraph:
        return lookups.paragraphs.get((entry["source"], int(value)))
    convert = _CONVERT.get(key.kind)
    return convert(value, key, lookups) if convert else value


def _empty_value(field: "models.Field[Any, Any]", lookups: Lookups) -> Any:
    if field.null:
        return None
    return lookups.now if field.default is timezone.now else field.get_default()


def _choice(value: str, key: Key, lookups: Lookups) -> str | int:
    return Clearance[value.upper()].value if key.words else value


_CONVERT: dict[ValueKind, Callable[[Any, Key, Lookups], Any]] = {
    ValueKind.DAY: lambda value, key, lookups: dt.date.fromisoformat(value),
    ValueKind.INSTANT: lambda value, key, lookups: dt.datetime.fromisoformat(value),
    ValueKind.NUMBER: lambda value, key, lookups: Decimal(str(value)),
    ValueKind.LINK: lambda value, key, lookups: lookups.pk(key.links, value),
    ValueKind.ACCOUNT: lambda value, key, lookups: lookups.account(value),
    ValueKind.LIST: lambda value, key, lookups: list(value),
    ValueKind.CHOICE: _choice,
}
"""Converts a value of the file to the value of a field. Other kinds need no conversion."""
