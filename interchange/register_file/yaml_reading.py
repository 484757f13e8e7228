"""Reads a register file as YAML events, one entry at a time, with the line of everything in it."""

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

from interchange.register_file.errors import Faults
from interchange.register_file.sections import SECTIONS

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 12
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Scalar:
    """A single value as it is written. ``plain``: without quotes, so that YAML decides what it is."""

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
    """Something found at the top: an entry of a section, or (without a section) a key of the head."""

    section: str
    key: str
    line: int
    node: Node


def read(stream: BinaryIO, faults: Faults) -> Iterator[Read]:
    """Everything in the file, entry by entry, so that no more than one of them is in memory.

    What is not well-formed YAML ends the reading with a fault; whatever else is wrong with the structure
    becomes a fault, and the reading goes on.
    """
    if not _is_text(stream, faults):
        return
    try:
        yield from _Reader(stream, faults).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.cut_short(mark.line + 1 if mark else 1, _("no valid YAML: %(why)s") % {"why": error.problem})


def _is_text(stream: BinaryIO, faults: Faults) -> bool:
    """Whether the whole file is UTF-8 without control characters; each line that is not is a fault."""
    decode = codecs.getincrementaldecoder("utf-8")
    sound, number = True, 0
    for number, raw in enumerate(stream, start=1):
        try:
            text = decode().decode(raw, final=True)
        except UnicodeDecodeError as error:
            sound = False
            faults.cut_short(number, _("not UTF-8, at byte %(byte)d of the line") % {"byte": error.start + 1})
            continue
        if found := _CONTROL.search(text.lstrip("\ufeff") if number == 1 else text):
            sound = False
            says = _("holds the character U+%(code)04X, which YAML does not allow")
            faults.cut_short(number, says % {"code": ord(found[0])})
    stream.seek(0, io.SEEK_SET)
    if number == 0:
        faults.cut_short(1, _("the file is empty"))
    return sound and number > 0


class _Reader:
    """Walks through the events of one document."""

    def __init__(self, stream: BinaryIO, faults: Faults) -> None:
        self.events = yaml.parse(stream, Loader=_LOADER)
        self.faults = faults

    def document(self) -> Iterator[Read]:
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.faults.add(_line(event), "", _("a second document begins here; a register is one"))
                    return
                yield from self._top(next(self.events))
        if not documents:
            self.faults.cut_short(1, _("the file is empty"))

    def _top(self, event: Any) -> Iterator[Read]:
        if not isinstance(event, MappingStartEvent):
            empty = isinstance(event, ScalarEvent) and not event.value
            says = _("the file is empty") if empty else _("a register begins with “register: 1”")
            self.faults.cut_short(_line(event), says)
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
            self.faults.add(_line(event), name, _("must be a list of entries"))
            self._skip(event)
            return
        while not isinstance(event := next(self.events), SequenceEndEvent):
            node = self._node(event, name, 1)
            if node is not None:
                yield Read(name, "", node.line, node)

    def _key(self, event: Any, seen: dict[str, int], where: str) -> str | None:
        """The key that ``event`` writes; None, with a fault, where it cannot be used."""
        if not isinstance(event, ScalarEvent):
            self.faults.add(_line(event), where, _("a key must be a word"))
            self._skip(event)
            return None
        key, line = str(event.value), _line(event)
        if key in seen:
            says = _("this key is given twice; the first time in line %(line)d") % {"line": seen[key]}
            self.faults.add(line, f"{where}.{key}".lstrip("."), says)
            return None
        seen[key] = line
        return key

    def _node(self, event: Any, where: str, depth: int) -> Node | None:
        """The value that begins with ``event``; None, with a fault, where it cannot be used."""
        line = _line(event)
        if isinstance(event, AliasEvent):
            self.faults.add(line, where, _("aliases (*name) are not used here; write the value itself"))
            return None
        if event.tag is not None:
            self.faults.add(line, where, _("tags (%(tag)s) are not used here") % {"tag": event.tag})
        if isinstance(event, ScalarEvent):
            return Scalar(event.value, line, plain=event.implicit[0] and event.style in (None, ""))
        if depth > _DEEPEST:
            self.faults.add(line, where, _("nested too deeply"))
            self._skip(event)
            return None
        if isinstance(event, SequenceStartEvent):
            items = Items(line)
            while not isinstance(event := next(self.events), SequenceEndEvent):
                if (node := self._node(event, where, depth + 1)) is not None:
                    items.nodes.append(node)
            return items
        return self._pairs(line, where, depth)

    def _pairs(self, line: int, where: str, depth: int) -> Pairs:
        record, seen = Pairs(line), dict[str, int]()
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, seen, where)
            value = next(self.events)
            if key is None:
                self._skip(value)
            elif (node := self._node(value, f"{where}.{key}", depth + 1)) is not None:
                record.pairs.append((key, _line(event), node))
        return record

    def _skip(self, event: Any) -> None:
        """Read past the value that begins with ``event``."""
        open_ends = 0
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                open_ends += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                open_ends -= 1
            if open_ends <= 0:
                return
            event = next(self.events)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
