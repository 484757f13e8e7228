"""The definition of the register file: every section and key, what it holds, and the column it fills."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = 1


class ValueKind(Enum):
    """What a value is."""

    TEXT = auto()
    KEY = auto()
    CODE = auto()
    REFERENCE = auto()
    DAY = auto()
    INSTANT = auto()
    WHOLE = auto()
    NUMBER = auto()
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
        """What it is called in messages."""
        return _LABELS[self]


_LABELS = {
    ValueKind.TEXT: _("text"),
    ValueKind.KEY: _("key: letters, digits, - and _"),
    ValueKind.CODE: _("country code, ISO 3166-1 alpha-2"),
    ValueKind.REFERENCE: _("reference, for example KHVN-2025-014"),
    ValueKind.DAY: _("day, YYYY-MM-DD"),
    ValueKind.INSTANT: _("moment with its zone, for example 2026-01-16T08:30:00Z"),
    ValueKind.WHOLE: _("whole number from 1"),
    ValueKind.NUMBER: _("number"),
    ValueKind.CHOICE: _("word"),
    ValueKind.ADDRESS: _("web address"),
    ValueKind.DIGEST: _("SHA-256, 64 hexadecimal digits"),
    ValueKind.FILE: _("path of a file inside the media folder"),
    ValueKind.ACCOUNT: _("user name of an account"),
    ValueKind.LINK: _("key of another entry"),
    ValueKind.RECORD: _("record"),
    ValueKind.LIST: _("list"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record, or (without a name) what a list holds.

    ``column`` is the model field it fills, which also gives the longest text and the vocabulary. ``links``
    is the section that a ``LINK`` points into. ``default`` is what it holds where it is left out; ``always``:
    written even then. ``may_be_empty``: an empty value says something else than none. ``unordered``: a list
    whose order says nothing, written in alphabetical order. ``flow``: a list written on one line.
    """

    name: str
    kind: ValueKind
    says: str | Promise = ""
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

    @property
    def shape(self) -> "EntrySchema | None":
        """The record it holds, itself or as a list of them."""
        return self.of if isinstance(self.of, EntrySchema) else None


@dataclass(frozen=True, slots=True)
class EntrySchema:
    """A record: its keys in the order of the file."""

    name: str
    keys: tuple[Key, ...]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def key(self, name: str) -> Key | None:
        """The key called ``name``."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class FileSection:
    """A list of entries: its name in the file, what one entry is called, and the key that identifies it."""

    name: str
    entry: str
    identity: str
    shape: EntrySchema


@cache
def field_of(column: str) -> "models.Field[Any, Any]":
    """The model field that ``column`` (``Model.field``) names."""
    model, field = column.split(".")
    for app in ("commitments", "relations"):
        if model.lower() in apps.all_models[app]:
            found = apps.get_model(app, model)._meta.get_field(field)
            if isinstance(found, models.Field):
                return found
    raise LookupError(column)


def vocabulary(key: Key) -> tuple[str, ...]:
    """The words a ``CHOICE`` may be."""
    return key.words or tuple(str(value) for value, _label in field_of(key.column).flatchoices)


def longest(key: Key) -> int | None:
    """How many characters the column of ``key`` takes."""
    return field_of(key.column).max_length if key.column else None
