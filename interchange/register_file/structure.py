"""Turns YAML nodes into entries: known keys only, each with a value of its kind."""

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from commitments.documents.schema import EntrySchema, Key, ValueKind
from interchange.register_file.errors import ErrorLog
from interchange.register_file.sections import FileSection
from interchange.register_file.values import InvalidValue, is_empty, value_of
from interchange.register_file.yaml_reading import Items, Node, Pairs, Scalar

OnLink = Callable[[Key, str, int, str], None]


class FileEntry(dict[str, Any]):
    """A record of the file in canonical form, equal to the document of the record that it describes.

    ``line`` is its first line, ``lines`` has the line of each key, and ``location`` is its path of keys, for
    messages. A key whose value has an error is missing, but its line is in ``lines``.
    """

    __slots__ = ("line", "lines", "location")

    def __init__(self, line: int, location: str) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.location = location

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the record if the key is left out."""
        return self.lines.get(key, self.line)

    def at(self, key: str) -> str:
        """The location of ``key``, for messages."""
        return f"{self.location}.{key}".lstrip(".")


class FileList(list[Any]):
    """A list with the line of each value."""

    __slots__ = ("lines",)

    def __init__(self, found: Iterable[tuple[Any, int]] = ()) -> None:
        found = list(found)
        super().__init__(value for value, _line in found)
        self.lines = [line for _value, line in found]


class Structure:
    """Checks entries against their schema. ``on_link`` is called for every link and every account."""

    def __init__(self, errors: ErrorLog, on_link: OnLink | None = None) -> None:
        self.errors = errors
        self.on_link = on_link

    def entry(self, section: FileSection, node: Node, count: int) -> FileEntry | None:
        """Read the ``count``-th entry of ``section``."""
        return self.record(node, section.schema, _location(section, node, count))

    def record(
        self, node: Node, schema: EntrySchema, location: str, also: Collection[str] = ()
    ) -> FileEntry | None:
        """Read ``node`` as a record of ``schema``. If it is not a record, add an error and return None.

        ``also`` are known keys that are read elsewhere.
        """
        if not isinstance(node, Pairs):
            self.errors.add(node.line, location, _("must be a record of keys and values"))
            return None
        found = {}
        for name, line, value in node.pairs:
            if schema.key(name) is None:
                self.errors.add(
                    line,
                    f"{location}.{name}".lstrip("."),
                    _unknown(name, [*(key.name for key in schema), *also]),
                )
            else:
                found[name] = (line, value)
        entry = FileEntry(node.line, location)
        for key in schema:
            if key.name in found:
                self._fill(entry, key, *found[key.name])
            elif key.required:
                self.errors.add(node.line, f"{location}.{key.name}".lstrip("."), _("is missing"))
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

    def _value(self, node: Node, key: Key, location: str, line: int) -> Any:
        if isinstance(node, Scalar) and is_empty(node):
            message = _("is missing") if key.required else _("has no value; leave the key out")
            self.errors.add(line, location, message)
            return None
        if key.kind is ValueKind.LIST:
            return self._list(node, key, location)
        if key.kind is ValueKind.RECORD and key.schema is not None:
            return self.record(node, key.schema, location)
        if not isinstance(node, Scalar):
            self.errors.add(line, location, _("must be a single value: %(kind)s") % {"kind": key.kind.label})
            return None
        return self._scalar(node, key, location)

    def _scalar(self, node: Scalar, key: Key, location: str) -> Any:
        try:
            value = value_of(node, key)
        except InvalidValue as error:
            self.errors.add(node.line, location, str(error))
            return None
        if key.required and value == "":
            self.errors.add(node.line, location, _("is missing"))
            return None
        if self.on_link is not None and key.kind in (ValueKind.LINK, ValueKind.ACCOUNT):
            self.on_link(key, str(value), node.line, location)
        return value

    def _list(self, node: Node, key: Key, location: str) -> FileList | None:
        if not isinstance(node, Items):
            self.errors.add(node.line, location, _("must be a list"))
            return None
        found: list[tuple[Any, int]] = []
        earlier: set[str] = set()
        for count, item in enumerate(node.nodes, start=1):
            if key.schema is not None:
                value: Any = self.record(item, key.schema, f"{location}[{count}]")
            else:
                value = self._item(item, key, location, earlier)
            if value is not None:
                found.append((value, item.line))
        return FileList(sorted(found) if key.unordered else found)

    def _item(self, node: Node, key: Key, location: str, earlier: set[str]) -> Any:
        if not isinstance(node, Scalar) or not isinstance(key.of, Key):
            self.errors.add(node.line, location, _("must be a list of single values"))
            return None
        value = self._scalar(node, key.of, location)
        if value == "":
            self.errors.add(node.line, location, _("has an empty value"))
            return None
        if value in earlier:
            self.errors.add(node.line, location, _("%(value)s occurs twice") % {"value": value})
            return None
        earlier.add(value)
        return value


def _location(section: FileSection, node: Node, count: int) -> str:
    """The location of an entry: its own key if it has one, else its number."""
    if isinstance(node, Pairs):
        for name, _line, value in node.pairs:
            if name == section.identity and isinstance(value, Scalar) and value.text:
                return f"{section.name}.{value.text}"
    return f"{section.name}[{count}]"


def _unknown(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return _("unknown key; did you mean “%(key)s”?") % {"key": close[0]}
    return _("unknown key; the known keys are: %(keys)s") % {"keys": ", ".join(known)}
