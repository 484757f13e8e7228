"""Reads the text of an uploaded document: plain text, Word, or a PDF that contains text."""

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
from django.utils.translation import ngettext
from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from core.lists import listed

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every small irregularity of a file

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
_SENTENCE_END = re.compile(r"[.!?:;…។][\"”’»)\]]*$")

# Errors that the two libraries raise for damaged files, besides their own.
_DAMAGE = (KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError, OSError, RecursionError)


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of a document, with blank lines between paragraphs, and warnings for the user."""

    text: str
    cautions: tuple[str, ...] = ()


def read_document(name: str, content: bytes) -> ExtractedText:
    """The text of the file ``name``.

    Raises ``ValidationError`` where the file is too large, empty or damaged, where it has no text, or where
    its content does not match its name.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _READERS:
        raise ValidationError(_("Choose a .txt, .docx or .pdf file. “%(name)s” is not one.") % {"name": name})
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("The file has %(size).1f MB. The limit is %(most)d MB.")
            % {"size": len(content) / 1024 / 1024, "most": MAX_BYTES // 1024 // 1024}
        )
    if not content.strip():
        raise ValidationError(_("The file is empty."))
    extracted = _READERS[suffix](content)
    if not any(char.isalnum() for char in extracted.text):
        raise ValidationError(_("The file contains no text."))
    return extracted


# -- plain text ------------------------------------------------------------------------------------------


def _plain(content: bytes) -> ExtractedText:
    if content.startswith((_PDF, _ZIP, _OLD_WORD, _RICH)):
        raise ValidationError(_("The name ends in .txt, but the file is not plain text."))
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _(
                "The file is not in UTF-8, so its text cannot be read reliably. "
                "Save it as UTF-8, or paste the text."
            )
        ) from error
    if _BINARY.search(text):
        raise ValidationError(_("The name ends in .txt, but the file is not plain text."))
    return ExtractedText(text)


# -- Word ------------------------------------------------------------------------------------------------

_P, _TABLE, _ROW, _CELL, _BOX = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "txbxContent"))
_TEXT, _TAB, _BREAK, _RETURN, _HYPHEN = (qn(f"w:{tag}") for tag in ("t", "tab", "br", "cr", "noBreakHyphen"))
_CHARACTERS = {_TAB: " ", _BREAK: " ", _RETURN: " ", _HYPHEN: "-"}
# Text that was moved away, and copies for older programs. Deleted text has its own element.
_IGNORED = {qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def _word(content: bytes) -> ExtractedText:
    if content.startswith(_OLD_WORD):
        raise ValidationError(
            _(
                "The document is protected by a password or is in an old Word format. "
                "Save it as .docx without a password."
            )
        )
    if not content.startswith(_ZIP):
        raise ValidationError(_("The name ends in .docx, but the file is not a Word document."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise ValidationError(_("The document is too large when unpacked. Paste its text instead."))
        blocks = list(_blocks(Document(BytesIO(content)).element.body))
    except ValidationError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, OpcError, SyntaxError, *_DAMAGE) as error:
        raise ValidationError(_("The Word document is damaged and cannot be read.")) from error
    return ExtractedText("\n\n".join(block for block in blocks if block))


def _blocks(parent: Any) -> Iterator[str]:
    """The paragraphs in ``parent`` in order, at any depth. A row of a table is one paragraph."""
    for child in parent:
        if child.tag == _P:
            yield _wording(child)
            for box in child.iter(_BOX):
                if not _is_under(box, child, _IGNORED):
                    yield from _blocks(box)
        elif child.tag == _TABLE:
            for row in child.iter(_ROW):
                if next(row.iterancestors(_TABLE)) is child:
                    yield _row(row)
        elif child.tag not in _IGNORED:
            yield from _blocks(child)


def _row(row: Any) -> str:
    cells = [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
    return " | ".join(filter(None, (" ".join(filter(None, _blocks(cell))) for cell in cells)))


def _wording(paragraph: Any) -> str:
    """The text with all tracked changes accepted, without the text boxes in it."""
    parts = []
    for node in paragraph.iter(_TEXT, *_CHARACTERS):
        if not _is_under(node, paragraph, {*_IGNORED, _BOX, qn("w:tabs")}):
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
        raise ValidationError(_("The name ends in .pdf, but the file is not a PDF."))
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValidationError(_("The PDF is protected by a password. Choose one without a password."))
        if len(reader.pages) > MAX_PAGES:
            raise ValidationError(_("The PDF has more than %(most)d pages.") % {"most": MAX_PAGES})
        pages = [_page(page) for page in reader.pages]
    except ValidationError:
        raise
    except (PyPdfError, DependencyError, NotImplementedError, *_DAMAGE) as error:
        raise ValidationError(_("The PDF is damaged and cannot be read.")) from error
    if not any(pages):
        raise ValidationError(
            _("The PDF contains pictures of pages and no text. Use text recognition first, or type the text.")
        )
    return ExtractedText(_continued(pages), tuple(_cautions(pages)))


def _page(page: PageObject) -> str:
    """The lines of a page, without a page number in the first or last line."""
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
    """The pages as one text. A sentence that continues on the next page stays in one paragraph."""
    text = ""
    for page in filter(None, pages):
        continues = not (page[0].isupper() or page[0].isdigit() or _SENTENCE_END.search(text))
        text = text + ("\n" if continues else "\n\n") + page if text else page
    return text


def _cautions(pages: list[str]) -> Iterator[str]:
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    if empty:
        yield ngettext(
            "No text was found on page %(pages)s.", "No text was found on pages %(pages)s.", len(empty)
        ) % {"pages": listed(empty)}
    if _KHMER.search("".join(pages)):
        yield _(
            "Khmer text from a PDF often contains errors: compare it with the document, or paste the text."
        )


_READERS: dict[str, Callable[[bytes], ExtractedText]] = {".txt": _plain, ".docx": _word, ".pdf": _pdf}
