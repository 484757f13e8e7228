"""Reading the text of an uploaded paper: plain text, Word, or a PDF that holds text."""

import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every small irregularity of a file

MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 400
_MAX_UNPACKED = 60 * 1024 * 1024
_MAX_PARTS = 2000

_PDF, _ZIP, _RICH = b"%PDF-", b"PK\x03\x04", rb"{\rtf"
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|trang|ទំព័រ)?\s*\d{1,4}(?:\s*(?:/|of|của)\s*\d{1,4})?[-–—\s]*", re.I
)
_KHMER = re.compile("[\u1780-\u17ff]")
_ENDS = re.compile(r"[.!?:;…។][\"”’»)\]]*$")

# What a damaged file can make the two readers raise, beside their own errors.
_DAMAGE = (KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError, OSError, RecursionError)


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of a paper, a blank line between its paragraphs, and what must be checked by eye."""

    text: str
    cautions: tuple[str, ...] = ()


def read_document(name: str, content: bytes) -> ExtractedText:
    """The text of the file ``name``; raises ``ValidationError`` with a sentence that says what is wrong.

    The content must be what the name says it is.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _READERS:
        raise ValidationError(_("Give a .txt, .docx or .pdf file; “%(name)s” is none.") % {"name": name})
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("The file has %(size).1f MB; at most %(most)d MB are read.")
            % {"size": len(content) / 1024 / 1024, "most": MAX_BYTES // 1024 // 1024}
        )
    if not content.strip():
        raise ValidationError(_("The file is empty."))
    reading = _READERS[suffix](content)
    if not any(char.isalnum() for char in reading.text):
        raise ValidationError(_("The file holds no text."))
    return reading


# -- plain text ------------------------------------------------------------------------------------------


def _plain(content: bytes) -> ExtractedText:
    if content.startswith((_PDF, _ZIP, _OLD_WORD, _RICH)):
        raise ValidationError(_("It is named .txt but is no plain text."))
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _(
                "The text is not in UTF-8, so its letters cannot be told for certain. "
                "Save it as UTF-8, or paste it."
            )
        ) from error
    if _BINARY.search(text):
        raise ValidationError(_("It is named .txt but is no plain text."))
    return ExtractedText(text)


# -- Word ------------------------------------------------------------------------------------------------

_P, _TABLE, _ROW, _CELL, _BOX = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "txbxContent"))
_TEXT, _TAB, _BREAK, _RETURN, _HYPHEN = (qn(f"w:{tag}") for tag in ("t", "tab", "br", "cr", "noBreakHyphen"))
_CHARACTERS = {_TAB: " ", _BREAK: " ", _RETURN: " ", _HYPHEN: "-"}
# What was moved away or is a second copy for older programs; deleted text is an element of its own.
_NOT_THERE = {qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def _word(content: bytes) -> ExtractedText:
    if content.startswith(_OLD_WORD):
        raise ValidationError(
            _(
                "The document is protected by a password, or is of old Word. "
                "Save it as .docx without a password."
            )
        )
    if not content.startswith(_ZIP):
        raise ValidationError(_("It is named .docx but is no Word document."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise ValidationError(_("The document unpacks to too much. Paste its text instead."))
        blocks = list(_blocks(Document(BytesIO(content)).element.body))
    except ValidationError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, OpcError, SyntaxError, *_DAMAGE) as error:
        raise ValidationError(_("The Word document is damaged and cannot be read.")) from error
    return ExtractedText("\n\n".join(block for block in blocks if block))


def _blocks(parent: Any) -> Iterator[str]:
    """The paragraphs in ``parent`` in order, a row of a table as one; what wraps them is looked through."""
    for child in parent:
        if child.tag == _P:
            yield _wording(child)
            for box in child.iter(_BOX):
                if not _is_under(box, child, _NOT_THERE):
                    yield from _blocks(box)
        elif child.tag == _TABLE:
            for row in child.iter(_ROW):
                if next(row.iterancestors(_TABLE)) is child:
                    yield _row(row)
        elif child.tag not in _NOT_THERE:
            yield from _blocks(child)


def _row(row: Any) -> str:
    cells = [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
    return " | ".join(filter(None, (" ".join(filter(None, _blocks(cell))) for cell in cells)))


def _wording(paragraph: Any) -> str:
    """Its text as it reads with every change accepted; a text box in it is another paragraph."""
    parts = []
    for node in paragraph.iter(_TEXT, *_CHARACTERS):
        if not _is_under(node, paragraph, {*_NOT_THERE, _BOX, qn("w:tabs")}):
            parts.append(_CHARACTERS.get(node.tag) or node.text or "")
    return " ".join("".join(parts).split())


def _is_under(node: Any, top: Any, tags: set[str]) -> bool:
    for ancestor in node.iterancestors():
        if ancestor is top:
            return False
        if ancestor.tag in tags:
            return True
    return False


# -- PDF -------------------------------------------------------------------------------------------------


def _pdf(content: bytes) -> ExtractedText:
    if _PDF not in content[:1024]:
        raise ValidationError(_("It is named .pdf but is no PDF."))
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValidationError(_("The PDF is protected by a password. Give one without."))
        if len(reader.pages) > MAX_PAGES:
            raise ValidationError(_("The PDF has more than %(most)d pages.") % {"most": MAX_PAGES})
        pages = [_page(page) for page in reader.pages]
    except ValidationError:
        raise
    except (PyPdfError, DependencyError, NotImplementedError, *_DAMAGE) as error:
        raise ValidationError(_("The PDF is damaged and cannot be read.")) from error
    if not any(pages):
        raise ValidationError(
            _(
                "The PDF holds pictures of pages and no text. "
                "Have it read by a scanner's program, or type the text."
            )
        )
    return ExtractedText(_continued(pages), tuple(_cautions(pages)))


def _page(page: PageObject) -> str:
    """The lines of a page with its paragraphs apart, without a page number at its head or foot."""
    try:
        text = page.extract_text(extraction_mode="layout")
    except _DAMAGE:
        text = page.extract_text()
    lines = text.strip().split("\n")
    for end in (0, -1):
        if lines and _PAGE_NUMBER.fullmatch(lines[end]):
            lines.pop(end)
    return "\n".join(lines).strip()


def _continued(pages: list[str]) -> str:
    """The pages as one text: a sentence that runs over the turn of a page stays one."""
    text = ""
    for page in filter(None, pages):
        runs_on = not (page[0].isupper() or page[0].isdigit() or _ENDS.search(text))
        text = text + ("\n" if runs_on else "\n\n") + page if text else page
    return text


def _cautions(pages: list[str]) -> Iterator[str]:
    empty = [str(number) for number, page in enumerate(pages, start=1) if not page]
    if empty:
        yield _("No text was found on page %(pages)s.") % {"pages": ", ".join(empty)}
    if _KHMER.search("".join(pages)):
        yield _(
            "Khmer seldom comes out of a PDF unharmed: compare it with the paper, or paste it from a text."
        )


_READERS: dict[str, Callable[[bytes], ExtractedText]] = {".txt": _plain, ".docx": _word, ".pdf": _pdf}
