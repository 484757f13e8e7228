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


class Kind(Enum):
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
    Kind.TEXT: _("text"),
    Kind.KEY: _("key: letters, digits, - and _"),
    Kind.CODE: _("country code, ISO 3166-1 alpha-2"),
    Kind.REFERENCE: _("reference, for example KHVN-2025-014"),
    Kind.DAY: _("day, YYYY-MM-DD"),
    Kind.INSTANT: _("moment with its zone, for example 2026-01-16T08:30:00Z"),
    Kind.WHOLE: _("whole number from 1"),
    Kind.NUMBER: _("number"),
    Kind.CHOICE: _("word"),
    Kind.ADDRESS: _("web address"),
    Kind.DIGEST: _("SHA-256, 64 hexadecimal digits"),
    Kind.FILE: _("path of a file inside the media folder"),
    Kind.ACCOUNT: _("user name of an account"),
    Kind.LINK: _("key of another entry"),
    Kind.RECORD: _("record"),
    Kind.LIST: _("list"),
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
    kind: Kind
    says: str | Promise = ""
    required: bool = False
    column: str = ""
    links: str = ""
    of: "Key | Shape | None" = None
    default: str = ""
    always: bool = False
    may_be_empty: bool = False
    unordered: bool = False
    flow: bool = False
    words: tuple[str, ...] = ()

    @property
    def shape(self) -> "Shape | None":
        """The record it holds, itself or as a list of them."""
        return self.of if isinstance(self.of, Shape) else None


@dataclass(frozen=True, slots=True)
class Shape:
    """A record: its keys in the order of the file."""

    name: str
    keys: tuple[Key, ...]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def key(self, name: str) -> Key | None:
        """The key called ``name``."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A list of entries: its name in the file, what one entry is called, and the key that identifies it."""

    name: str
    entry: str
    identity: str
    shape: Shape


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
