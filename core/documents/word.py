"""The paragraphs of a Word document. Run in a process of its own."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import ErrorTypes, XMLSyntaxError

from core.documents.child import answer
from core.documents.kinds import Kind
from core.documents.packages import kind_of, require_readable
from core.documents.problems import Problem, Unreadable

_P, _TABLE, _ROW, _CELL, _BOX = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "txbxContent"))
_TEXT, _TAB, _BREAK, _RETURN, _HYPHEN = (qn(f"w:{tag}") for tag in ("t", "tab", "br", "cr", "noBreakHyphen"))
_CHARACTERS = {_TAB: " ", _BREAK: " ", _RETURN: " ", _HYPHEN: "-"}
# Text that was moved away, and copies for older programs. Deleted text has its own element.
_IGNORED = {qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_TAB_STOPS = qn("w:tabs")


def paragraphs(content: bytes) -> list[str]:
    """The paragraphs that are not empty, with all tracked changes accepted. Raises ``Unreadable``.

    Each element is visited once, however deep tables and text boxes are nested.
    """
    with ZipFile(BytesIO(content)) as package:
        require_readable(package)
        if kind_of(package) != Kind.DOCX:
            raise Unreadable(Problem.WRONG_KIND)
    return [block for block in _blocks(_body(content)) if block]


def _body(content: bytes) -> Any:
    try:
        return Document(BytesIO(content)).element.body
    except XMLSyntaxError as error:
        if error.code == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise


def _blocks(parent: Any) -> Iterator[str]:
    """The paragraphs in ``parent`` in order, at any depth. A row of a table is one paragraph."""
    for child in parent:
        if child.tag == _P:
            yield from _paragraph(child)
        elif child.tag == _TABLE:
            yield from map(_row, _nearest(child, _ROW))
        elif child.tag not in _IGNORED:
            yield from _blocks(child)


def _paragraph(paragraph: Any) -> Iterator[str]:
    """The text of ``paragraph``, then the paragraphs of the text boxes in it."""
    texts: list[str] = []
    boxes: list[Any] = []
    for node in _nearest(paragraph, _BOX, _TEXT, *_CHARACTERS):
        if node.tag == _BOX:
            boxes.append(node)
        else:
            texts.append(_CHARACTERS.get(node.tag) or node.text or "")
    yield " ".join("".join(texts).split())
    for box in boxes:
        yield from _blocks(box)


def _row(row: Any) -> str:
    cells = (" ".join(filter(None, _blocks(cell))) for cell in _nearest(row, _CELL))
    return " | ".join(filter(None, cells))


def _nearest(parent: Any, *tags: str) -> Iterator[Any]:
    """The elements below ``parent`` with one of ``tags`` that are not inside another one of them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _IGNORED and child.tag != _TAB_STOPS:
            yield from _nearest(child, *tags)


if __name__ == "__main__":
    answer(paragraphs)
