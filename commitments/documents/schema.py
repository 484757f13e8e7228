"""What a document is made of: keys, each with its kind of value, its model field, and how it is read.

The register file, the API and the exports of documents use the same schemas (``commitment_schema``,
``reference_schema``).
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ValueKind(Enum):
    """The kind of a value."""

    TEXT = auto()
    KEY = auto()
    CODE = auto()
    REFERENCE = auto()
    DAY = auto()
    INSTANT = auto()
    WHOLE = auto()
    NUMBER = auto()
    TRUE = auto()
    CHOICE = auto()
    ADDRESS = auto()
    DIGEST = auto()
    FILE = auto()
    ACCOUNT = auto()
    LINK = auto()
    RECORD = auto()
    LIST = auto()

    @property
    def label(self) -> str | Promise:
        """Its name in messages."""
        return _LABELS[self]


_LABELS = {
    ValueKind.TEXT: _("text"),
    ValueKind.KEY: _("key: letters, digits, - and _"),
    ValueKind.CODE: _("country code, ISO 3166-1 alpha-2"),
    ValueKind.REFERENCE: _("reference, for example AABB-2026-014"),
    ValueKind.DAY: _("date, YYYY-MM-DD"),
    ValueKind.INSTANT: _("time with a time zone, for example 2026-01-16T08:30:00Z"),
    ValueKind.WHOLE: _("whole number from 1"),
    ValueKind.NUMBER: _("number"),
    ValueKind.TRUE: _("true; left out if it is not"),
    ValueKind.CHOICE: _("word"),
    ValueKind.ADDRESS: _("web address"),
    ValueKind.DIGEST: _("SHA-256, 64 hexadecimal digits"),
    ValueKind.FILE: _("path of a file inside the media folder"),
    ValueKind.ACCOUNT: _("user name of an account"),
    ValueKind.LINK: _("key of another entry"),
    ValueKind.RECORD: _("record"),
    ValueKind.LIST: _("list"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """One key of a record, or (without a name) the values of a list.

    * ``column`` is its model field, which also gives the maximum length and the choices.
    * ``read`` reads the value, the related record or the rows of a list from a record. Without it, they are
      read from ``column``.
    * ``links`` is the section that a ``LINK`` refers to.
    * ``default`` is its value if it is left out.
    * ``always``: it is written even with its default value.
    * ``may_be_empty``: an empty value differs from no value.
    * ``unordered``: the order of the list has no meaning; it is written in alphabetical order.
    * ``flow``: the list is written on one line.
    """

    name: str
    kind: ValueKind
    meaning: str | Promise = ""
    required: bool = False
    column: str = ""
    links: str = ""
    of: "Key | EntrySchema | None" = None
    default: str = ""
    always: bool = False
    may_be_empty: bool = False
    unordered: bool = False
    flow: bool = False
    words: tuple[str, ...] = ()
    read: Callable[[Any], Any] | None = None

    @property
    def schema(self) -> "EntrySchema | None":
        """The schema of its record, or of the records in its list."""
        return self.of if isinstance(self.of, EntrySchema) else None


@dataclass(frozen=True, slots=True, eq=False)
class EntrySchema:
    """The schema of a record: its keys in the order of the file.

    ``day_of`` gives the day from which a record counts, if the document of an earlier day leaves it out.
    """

    name: str
    keys: tuple[Key, ...]
    day_of: Callable[[Any], dt.date | None] | None = None

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def key(self, name: str) -> Key | None:
        """Return the key called ``name``."""
        return next((key for key in self.keys if key.name == name), None)


@cache
def field_of(column: str) -> "models.Field[Any, Any]":
    """Return the model field for ``column``, which is written ``Model.field``."""
    model, field = column.split(".")
    for app in ("commitments", "relations"):
        if model.lower() in apps.all_models[app]:
            found = apps.get_model(app, model)._meta.get_field(field)
            if isinstance(found, models.Field):
                return found
    raise LookupError(column)


def vocabulary(key: Key) -> tuple[str, ...]:
    """Return the possible words of a ``CHOICE``."""
    return key.words or tuple(str(value) for value, _label in field_of(key.column).flatchoices)


def max_length_of(key: Key) -> int | None:
    """Return the maximum length of the field of ``key``, or None."""
    return field_of(key.column).max_length if key.column else None
