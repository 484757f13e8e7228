"""Brings what was read into the shape of its section: known keys, each with the value it asks for."""

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from interchange.register_file.errors import Faults
from interchange.register_file.format import EntrySchema, FileSection, Key, ValueKind
from interchange.register_file.values import WrongValue, is_empty, value_of
from interchange.register_file.yaml_reading import Items, Node, Pairs, Scalar

OnLink = Callable[[Key, str, int, str], None]


class FileEntry(dict[str, Any]):
    """A record as the file says it, in canonical form: equal to the document of what it describes.

    ``line`` is where it begins, ``lines`` where each key stands, ``where`` its place for messages. A key
    that was faulty is missing.
    """

    __slots__ = ("line", "lines", "where")

    def __init__(self, line: int, where: str) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.where = where

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the record where the key is left out."""
        return self.lines.get(key, self.line)

    def at(self, key: str) -> str:
        """The place of ``key`` for messages."""
        return f"{self.where}.{key}".lstrip(".")


class FileList(list[Any]):
    """A list, with the line of every value in it."""

    __slots__ = ("lines",)

    def __init__(self, found: Iterable[tuple[Any, int]] = ()) -> None:
        found = list(found)
        super().__init__(value for value, _line in found)
        self.lines = [line for _value, line in found]


class Structure:
    """Checks entries against their shape; every link and every account that is named goes to ``on_link``."""

    def __init__(self, faults: Faults, on_link: OnLink | None = None) -> None:
        self.faults = faults
        self.on_link = on_link

    def entry(self, section: FileSection, node: Node, count: int) -> FileEntry | None:
        """The ``count``-th entry of ``section``."""
        return self.record(node, section.shape, _place(section, node, count))

    def record(
        self, node: Node, shape: EntrySchema, where: str, also: Collection[str] = ()
    ) -> FileEntry | None:
        """``node`` as the record that ``shape`` describes; None, with a fault, where it is none.

        ``also`` are keys that are known here but read elsewhere.
        """
        if not isinstance(node, Pairs):
            self.faults.add(node.line, where, _("must be a record of keys and values"))
            return None
        found = {}
        for name, line, value in node.pairs:
            if shape.key(name) is None:
                self.faults.add(
                    line, f"{where}.{name}".lstrip("."), _unknown(name, [*(key.name for key in shape), *also])
                )
            else:
                found[name] = (line, value)
        entry = FileEntry(node.line, where)
        for key in shape:
            if key.name in found:
                self._fill(entry, key, *found[key.name])
            elif key.required:
                self.faults.add(node.line, f"{where}.{key.name}".lstrip("."), _("is missing"))
            if key.name not in entry and key.always and not key.required:
                entry[key.name] = key.default if key.kind is not ValueKind.LIST else FileList()
        return entry

    def _fill(self, entry: FileEntry, key: Key, line: int, node: Node) -> None:
        entry.lines[key.name] = line
        value = self._value(node, key, entry.at(key.name), line)
        if value is None:
            return
        if key.always or key.may_be_empty or value not in ("", [], {}, key.default):
            entry[key.name] = value

    def _value(self, node: Node, key: Key, where: str, line: int) -> Any:
        if isinstance(node, Scalar) and is_empty(node):
            says = _("is missing") if key.required else _("has no value; leave the key out")
            self.faults.add(line, where, says)
            return None
        if key.kind is ValueKind.LIST:
            return self._list(node, key, where)
        if key.kind is ValueKind.RECORD and key.shape is not None:
            return self.record(node, key.shape, where)
        if not isinstance(node, Scalar):
            self.faults.add(line, where, _("must be a single value: %(kind)s") % {"kind": key.kind.label})
            return None
        return self._scalar(node, key, where)

    def _scalar(self, node: Scalar, key: Key, where: str) -> Any:
        try:
            value = value_of(node, key)
        except WrongValue as wrong:
            self.faults.add(node.line, where, str(wrong))
            return None
        if key.required and value == "":
            self.faults.add(node.line, where, _("is missing"))
            return None
        if self.on_link is not None and key.kind in (ValueKind.LINK, ValueKind.ACCOUNT):
            self.on_link(key, str(value), node.line, where)
        return value

    def _list(self, node: Node, key: Key, where: str) -> FileList | None:
        if not isinstance(node, Items):
            self.faults.add(node.line, where, _("must be a list"))
            return None
        found: list[tuple[Any, int]] = []
        for count, item in enumerate(node.nodes, start=1):
            if key.shape is not None:
                value: Any = self.record(item, key.shape, f"{where}[{count}]")
            else:
                value = self._item(item, key, where, {earlier for earlier, _line in found})
            if value is not None:
                found.append((value, item.line))
        return FileList(sorted(found) if key.unordered else found)

    def _item(self, node: Node, key: Key, where: str, earlier: set[str]) -> Any:
        if not isinstance(node, Scalar) or not isinstance(key.of, Key):
            self.faults.add(node.line, where, _("must be a list of single values"))
            return None
        value = self._scalar(node, key.of, where)
        if value == "":
            self.faults.add(node.line, where, _("holds an empty value"))
            return None
        if value in earlier:
            self.faults.add(node.line, where, _("%(value)s is named twice") % {"value": value})
            return None
        return value


def _place(section: FileSection, node: Node, count: int) -> str:
    """An entry is called by its own key where it has one."""
    if isinstance(node, Pairs):
        for name, _line, value in node.pairs:
            if name == section.identity and isinstance(value, Scalar) and value.text:
                return f"{section.name}.{value.text}"
    return f"{section.name}[{count}]"


def _unknown(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return _("unknown key; did you mean “%(key)s”?") % {"key": close[0]}
    return _("unknown key; known here: %(keys)s") % {"keys": ", ".join(known)}
