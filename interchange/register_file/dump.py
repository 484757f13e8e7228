"""Writes the register as a file, entry by entry, so that a register of any size fits into memory."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import QuerySet
from yaml.emitter import Emitter
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from accounts.choices import Clearance
from commitments.documents.building import Document, day
from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.documents.reference import (
    document_of,
    meeting_in_file,
    source_in_file,
    stored,
    with_refused_passages,
    with_set_aside,
)
from commitments.documents.schema import EntrySchema, Key, ValueKind
from commitments.models import Commitment, Register
from core.batches import BATCH, batches
from interchange.register_file.edit_reading import edits_of
from interchange.register_file.edit_schema import EDITS
from interchange.register_file.sections import HEAD, SECTIONS, VERSION, FileSection
from interchange.register_file.shared import SharedRegister
from interchange.register_file.values import is_text

WIDTH = 100
UNTITLED = "Register"
"""The title in the file of a register without a title, since the file needs one."""

_BARE = frozenset({ValueKind.DAY, ValueKind.INSTANT, ValueKind.WHOLE, ValueKind.NUMBER, ValueKind.TRUE})
_BREAKS_BUT_NEWLINE = re.compile("[\r\x85\u2028\u2029]")


class Writable(Protocol):
    """A text stream to write to."""

    def write(self, text: str, /) -> object: ...


class _Emitter(Emitter):
    """PyYAML's emitter, with lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


@dataclass(frozen=True, slots=True)
class Dumped:
    """How many commitments were written, and how many were left out because of their level."""

    count: int
    left_out: int = 0


def dump_register(stream: Writable, *, up_to: Clearance | None = None) -> Dumped:
    """Write the register to ``stream``, and return how many commitments were written and left out.

    The same register always gives the same bytes. They do not depend on the date or the machine. With
    ``up_to`` the file is for others: ``SharedRegister`` says what it contains.
    """
    writer = _Writer(stream)
    with _snapshot():
        shared = None if up_to is None else SharedRegister(up_to)
        count = writer.register(shared)
        return Dumped(count, 0 if shared is None else shared.left_out())


@contextmanager
def _snapshot() -> Iterator[None]:
    """Let all queries see the same state of the database while others write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transaction would hold the write lock for the whole dump.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


class _Writer:
    """Turns documents into YAML events, with each value in the style of its key."""

    def __init__(self, stream: Writable) -> None:
        self._emit = _Emitter(stream, width=WIDTH, allow_unicode=True).emit

    def register(self, shared: SharedRegister | None) -> int:
        count = 0
        register = Register.objects.first()
        title, as_of = (register.title, register.as_of) if register else (UNTITLED, None)
        self._emit(StreamStartEvent())
        self._emit(DocumentStartEvent(explicit=False))
        self._emit(MappingStartEvent(None, None, implicit=True, flow_style=False))
        head = {"register": VERSION, "title": title, "as_of": day(as_of)}
        self._pairs({key: value for key, value in head.items() if value is not None}, HEAD)
        for section in SECTIONS.values():
            self._text(section.name)
            self._emit(SequenceStartEvent(None, None, implicit=True, flow_style=False))
            for document in _documents(section, shared):
                self._record(document, section.schema)
                count += section.name == "commitments"
            self._emit(SequenceEndEvent())
        self._emit(MappingEndEvent())
        self._emit(DocumentEndEvent(explicit=False))
        self._emit(StreamEndEvent())
        return count

    def _record(self, document: Document, schema: EntrySchema) -> None:
        self._emit(MappingStartEvent(None, None, implicit=True, flow_style=False))
        self._pairs(document, schema)
        self._emit(MappingEndEvent())

    def _pairs(self, document: Document, schema: EntrySchema) -> None:
        for key in schema:
            if key.name in document:
                self._text(key.name)
                self._value(document[key.name], key)

    def _value(self, value: Any, key: Key) -> None:
        if key.kind is ValueKind.RECORD and key.schema is not None:
            self._record(value, key.schema)
        elif key.kind is ValueKind.LIST:
            self._emit(SequenceStartEvent(None, None, implicit=True, flow_style=key.flow))
            for item in value:
                if key.schema is not None:
                    self._record(item, key.schema)
                else:
                    self._text(item)
            self._emit(SequenceEndEvent())
        elif key.kind in _BARE:
            written = f"{Decimal(str(value)):f}" if key.kind is ValueKind.NUMBER else str(value)
            written = "true" if key.kind is ValueKind.TRUE else written
            self._emit(ScalarEvent(None, None, (True, False), written))
        else:
            self._text(str(value))

    def _text(self, text: str) -> None:
        style = None
        if _BREAKS_BUT_NEWLINE.search(text):
            style = '"'
        elif "\n" in text:
            style = "|"
        self._emit(ScalarEvent(None, None, (is_text(text), True), text, style=style))


def _documents(section: FileSection, shared: SharedRegister | None) -> Iterator[Document]:
    size = BATCH // 10 if section.name == "sources" else BATCH
    rows, document = _read(section.name) if shared is None else shared.read(section.name)
    for records in batches(rows.iterator(chunk_size=size), size):
        if shared is not None:
            yield from map(document, records)
            continue
        edits = edits_of(section.name, records)
        yield from (document(record) | {EDITS: edits[record.pk]} for record in records)


def _read(section: str) -> tuple[QuerySet[Any], Callable[[Any], Document]]:
    """The records of ``section`` in the order of the file, and what makes an entry of one."""
    if section == "commitments":
        return with_document_relations(
            Commitment.objects.order_by("pk"), with_errors=True
        ), commitment_document
    if section == "meetings":
        return with_set_aside(stored("meetings")), meeting_in_file
    if section == "sources":
        return with_refused_passages(stored("sources")), source_in_file
    return stored(section), document_of
