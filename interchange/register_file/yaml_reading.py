"""Reads a register file as YAML events, entry by entry, with the line of every value."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

import yaml
from django.utils.translation import gettext as _
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from interchange.register_file.errors import ErrorLog
from interchange.register_file.sections import SECTIONS

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 12
_MAX_DEPTH_SKIPPED = 5000
"""The reading stops there: the parser takes longer for each level."""
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Scalar:
    """A single value as written. ``plain``: without quotes, so that YAML decides on its type."""

    text: str
    line: int
    plain: bool


@dataclass(slots=True)
class Items:
    """A list."""

    line: int
    nodes: "list[Node]" = field(default_factory=list)


@dataclass(slots=True)
class Pairs:
    """A record: (key, its line, value), without repeated keys."""

    line: int
    pairs: "list[tuple[str, int, Node]]" = field(default_factory=list)


Node = Scalar | Items | Pairs


class Read(NamedTuple):
    """An entry of a section, or (without a section) a key of the head."""

    section: str
    key: str
    line: int
    node: Node


def read(stream: BinaryIO, errors: ErrorLog) -> Iterator[Read]:
    """Yield the keys of the head and all entries, one after the other.

    Malformed YAML adds an error and stops the reading. Other errors of structure are added, and the reading
    continues.
    """
    if not _is_text(stream, errors):
        return
    try:
        yield from _Reader(stream, errors).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        errors.cut_short(
            mark.line + 1 if mark else 1, _("not valid YAML: %(problem)s") % {"problem": error.problem}
        )


def _is_text(stream: BinaryIO, errors: ErrorLog) -> bool:
    """Whether the whole file is UTF-8 without control characters. Each other line is an error."""
    decode = codecs.getincrementaldecoder("utf-8")
    is_text, number = True, 0
    for number, raw in enumerate(stream, start=1):
        try:
            text = decode().decode(raw, final=True)
        except UnicodeDecodeError as error:
            is_text = False
            errors.cut_short(number, _("not UTF-8, at byte %(byte)d of the line") % {"byte": error.start + 1})
            continue
        if found := _CONTROL.search(text.lstrip("\ufeff") if number == 1 else text):
            is_text = False
            message = _("has the character U+%(code)04X, which YAML does not allow")
            errors.cut_short(number, message % {"code": ord(found[0])})
    stream.seek(0, io.SEEK_SET)
    if number == 0:
        errors.cut_short(1, _("the file is empty"))
    return is_text and number > 0


class _Reader:
    """Reads the events of one document."""

    def __init__(self, stream: BinaryIO, errors: ErrorLog) -> None:
        self.events = yaml.parse(stream, Loader=_LOADER)
        self.errors = errors

    def document(self) -> Iterator[Read]:
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.errors.add(
                        _line(event), "", _("a second document begins here; a register file has only one")
                    )
                    return
                yield from self._top(next(self.events))
        if not documents:
            self.errors.cut_short(1, _("the file is empty"))

    def _top(self, event: Any) -> Iterator[Read]:
        if not isinstance(event, MappingStartEvent):
            empty = isinstance(event, ScalarEvent) and not event.value
            message = _("the file is empty") if empty else _("a register file begins with “register: 1”")
            self.errors.cut_short(_line(event), message)
            self._skip(event)
            return
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, seen, "")
            value = next(self.events)
            if key is None:
                self._skip(value)
            elif key in SECTIONS:
                yield from self._section(key, value)
            elif (node := self._node(value, key, 1)) is not None:
                yield Read("", key, _line(event), node)

    def _section(self, name: str, event: Any) -> Iterator[Read]:
        if not isinstance(event, SequenceStartEvent):
            self.errors.add(_line(event), name, _("must be a list of entries"))
            self._skip(event)
            return
        while not isinstance(event := next(self.events), SequenceEndEvent):
            node = self._node(event, name, 1)
            if node is not None:
                yield Read(name, "", node.line, node)

    def _key(self, event: Any, seen: dict[str, int], location: str) -> str | None:
        """Return the key of ``event``. If it cannot be used, add an error and return None."""
        if not isinstance(event, ScalarEvent):
            self.errors.add(_line(event), location, _("a key must be a single word"))
            self._skip(event)
            return None
        key, line = str(event.value), _line(event)
        if key in seen:
            message = _("this key occurs twice, first in line %(line)d") % {"line": seen[key]}
            self.errors.add(line, f"{location}.{key}".lstrip("."), message)
            return None
        seen[key] = line
        return key

    def _node(self, event: Any, location: str, depth: int) -> Node | None:
        """Return the value that begins with ``event``. If it cannot be used, add an error and return None."""
        line = _line(event)
        if isinstance(event, AliasEvent):
            self.errors.add(line, location, _("aliases (*name) are not allowed; write the value itself"))
            return None
        if event.tag is not None:
            self.errors.add(line, location, _("tags (%(tag)s) are not allowed") % {"tag": event.tag})
        if isinstance(event, ScalarEvent):
            return Scalar(event.value, line, plain=event.implicit[0] and event.style in (None, ""))
        if depth > _MAX_DEPTH:
            self.errors.add(line, location, _("nested too deeply"))
            self._skip(event)
            return None
        if isinstance(event, SequenceStartEvent):
            items = Items(line)
            while not isinstance(event := next(self.events), SequenceEndEvent):
                if (node := self._node(event, location, depth + 1)) is not None:
                    items.nodes.append(node)
            return items
        return self._pairs(line, location, depth)

    def _pairs(self, line: int, location: str, depth: int) -> Pairs:
        record, seen = Pairs(line), dict[str, int]()
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, seen, location)
            value = next(self.events)
            if key is None:
                self._skip(value)
            elif (node := self._node(value, f"{location}.{key}", depth + 1)) is not None:
                record.pairs.append((key, _line(event), node))
        return record

    def _skip(self, event: Any) -> None:
        """Skip the value that begins with ``event``."""
        depth = 0
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            if depth <= 0:
                return
            if depth > _MAX_DEPTH_SKIPPED:
                raise yaml.MarkedYAMLError(problem=_("nested too deeply"), problem_mark=event.start_mark)
            event = next(self.events)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
