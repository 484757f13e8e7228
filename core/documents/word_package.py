"""The parts of a Word document, and its elements by their names without namespaces.

A strict document (ISO/IEC 29500 Strict) has other namespaces than a usual one (ECMA-376), and the same names.
"""

import posixpath
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lxml import etree

from core.documents.problems import Problem, Unreadable

_ROOT = "_rels/.rels"


def local(element: Any) -> str:
    """The name of ``element`` without its namespace. A comment has none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(parent: Any, name: str) -> Iterator[Any]:
    """The elements ``name`` directly in ``parent``, which may be None."""
    if parent is not None:
        yield from (each for each in parent if local(each) == name)


def child(parent: Any, name: str) -> Any:
    """The first element ``name`` directly in ``parent``, or None."""
    return next(children(parent, name), None)


def value_of(element: Any, name: str = "val") -> str:
    """The attribute ``name`` of ``element``, or "" where there is none."""
    if element is None:
        return ""
    return next((each for key, each in element.attrib.items() if key.rpartition("}")[2] == name), "")


class WordParts:
    """The parts of the document in ``package``, found by their relations. A missing part is None."""

    def __init__(self, package: ZipFile) -> None:
        self._package = package
        self._names = frozenset(package.namelist())
        targets = list(self._relations(_ROOT, "officeDocument"))
        self._main = targets[0] if targets else "word/document.xml"
        if self._main not in self._names:
            raise Unreadable(Problem.DAMAGED)
        folder, name = posixpath.split(self._main)
        self._related = posixpath.join(folder, "_rels", f"{name}.rels")

    @property
    def main(self) -> Any:
        """The root element of the text."""
        return self._parsed(self._main)

    def part(self, kind: str) -> Any:
        """The root element of the first part of ``kind``, such as ``numbering``, or None."""
        return next(self.parts(kind), None)

    def parts(self, kind: str) -> Iterator[Any]:
        """The root elements of the parts of ``kind``. A relation to a missing part is ignored."""
        for name in dict.fromkeys(self._relations(self._related, kind)):
            yield self._parsed(name)

    def _relations(self, name: str, kind: str) -> Iterator[str]:
        if name not in self._names:
            return
        base = posixpath.dirname(posixpath.dirname(name))
        for each in self._parsed(name):
            if value_of(each, "Type").endswith(f"/{kind}") and value_of(each, "TargetMode") != "External":
                target = value_of(each, "Target")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
                path = posixpath.normpath(path)
                if path in self._names:
                    yield path

    def _parsed(self, name: str) -> Any:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(self._package.read(name), parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise
