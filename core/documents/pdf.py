"""The text of each page of a PDF, in the order of reading. Run in a process of its own."""

import ctypes
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import monotonic
from typing import Any

import pypdfium2
from pypdfium2 import raw

from core.documents.child import Extract, answer
from core.documents.limits import MAX_CHARACTERS, MAX_PAGES, SCAN_SECONDS, WALL_SECONDS
from core.documents.lines import Wrapping
from core.documents.old_fonts import is_old, refuse_old_fonts
from core.documents.pdf_layout import (
    Line,
    Note,
    Word,
    body_and_notes,
    in_reading_order,
    lines_of,
    running_lines,
    stand_side_by_side,
    text_of_lines,
    usual_spacing,
)
from core.documents.problems import Problem, Unreadable
from core.documents.recognition import is_installed, picture_of, words_in

_LOCKED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
_HYPHENS = {0xFFFE: "-", 0x02: "-", 0xAD: "-"}
"""What PDFium returns for a hyphen at the end of a line."""
_RAISED = 0.8
"""A digit after a word that is lower than this share of it is raised: the mark of a footnote."""
_TURNED = 0.1
"""Radians from which a text is turned, as a stamp or a watermark is."""
_LOOKED_AT, _STEP = 20_000, 7
"""Of the first so many characters, the font of each seventh one is looked at."""
_NEW_WORD = 0.25
"""A gap inside a word, or a step back, of this share of its height begins another one."""


def pages(content: bytes, first_page: int = 0) -> Extract:
    """The lines of each page, with an empty line between paragraphs, and what was left out.

    Pages without a text are read from their pictures, from ``first_page`` as far as the time reaches.

    Raises ``Unreadable``.
    """
    document = opened(content)
    if len(document) > MAX_PAGES:
        raise Unreadable(Problem.TOO_MANY_PAGES)
    found: list[list[Line]] = []
    scanned: list[int] = []
    turned: dict[str, None] = {}
    characters = old_letters = 0
    begun, reads_pictures = monotonic(), is_installed()
    for number in range(first_page, len(document)):
        page = document[number]
        textpage = page.get_textpage()
        words, aside = _words(textpage)
        old_letters += _old_letters(textpage) if characters < _LOOKED_AT else 0
        if not words and reads_pictures and next(page.get_objects(max_depth=1), None) is not None:
            if scanned and monotonic() - begun > SCAN_SECONDS:
                break
            try:
                words = words_in(picture_of(page), seconds=WALL_SECONDS - 1 - (monotonic() - begun))
            except TimeoutError as error:
                if not scanned:
                    raise Unreadable(Problem.TOO_SLOW) from error
                break
            scanned.append(len(found))
        page.close()
        characters += sum(len(word.text) for word in words)
        if characters > MAX_CHARACTERS:
            raise Unreadable(Problem.TOO_LONG)
        found.append(lines_of(words))
        if aside:
            turned.setdefault(" ".join(word.text for word in aside))
    refuse_old_fonts(old_letters)
    kept, left_out = running_lines(found)
    end = first_page + len(found)
    texts = list(_texts(kept, frozenset(scanned)))
    return Extract(
        tuple(each.text for each in texts),
        (*left_out, *turned),
        tuple(scanned),
        len(document),
        end if end < len(document) else 0,
        tuple((place, place + 1, each.columns) for place, each in enumerate(texts) if each.columns),
    )


def opened(content: bytes) -> pypdfium2.PdfDocument:
    """The document, which has at least one page. Raises ``Unreadable``."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Problem.ENCRYPTED if error.err_code in _LOCKED else Problem.DAMAGED) from error
    if not len(document):
        raise Unreadable(Problem.DAMAGED)
    return document


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, and its columns and footnotes each alone if some columns stand side by side."""

    text: str
    columns: tuple[str, ...] = ()


def _texts(found: list[list[Line]], scanned: frozenset[int]) -> Iterator[PageText]:
    """The text of each page. A picture has a scale of its own, so it is looked at alone."""
    others = texts_of([lines for number, lines in enumerate(found) if number not in scanned])
    for number, lines in enumerate(found):
        yield next(texts_of([lines])) if number in scanned else next(others)


def texts_of(found: list[list[Line]]) -> Iterator[PageText]:
    """The text of each page."""
    heights = [line.height for lines in found for line in lines]
    usual = median(heights) if heights else 0
    read: list[tuple[list[list[Line]], list[Note]]] = []
    for lines in found:
        body, notes = body_and_notes(lines, usual)
        read.append((in_reading_order(body), notes))
    spacing = usual_spacing(column for columns, _notes in read for column in columns)
    whole = "\n".join(line.text for lines in found for line in lines)
    wrapping = Wrapping(whole)
    counted = 0
    for columns, notes in read:
        marks = frozenset(note.number for note in notes)
        texts: list[str] = []
        for column in columns:
            longest = max(len(line.text) for line in column)
            blocks = text_of_lines(column, spacing, wrapping.in_column(longest), marks, usual)
            text = re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip()
            # Where each page counts its footnotes from 1, two pages would have the same mark.
            for note in notes:
                text = text.replace(f"[^{note.number}]", f"[^{counted + int(note.number)}]")
            texts.append(text)
        texts += [f"[^{counted + int(note.number)}] {note.text}" for note in notes]
        counted += max((int(note.number) for note in notes), default=0)
        texts = list(filter(None, texts))
        yield PageText("\n\n".join(texts), tuple(texts) if stand_side_by_side(columns) else ())


def _old_letters(textpage: Any) -> int:
    """About how many letters of a page are in fonts from before Unicode."""
    name = ctypes.create_string_buffer(200)
    flags = ctypes.c_int()
    found = 0
    for index in range(0, textpage.count_chars(), _STEP):
        raw.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
        found += _STEP * is_old(name.value.decode(errors="replace"))
    return found


def _words(textpage: pypdfium2.PdfTextPage) -> tuple[list[Word], list[Word]]:
    """The words of a page, and those that are turned."""
    words: list[Word] = []
    turned: list[Word] = []
    for text, left, right, first, height, is_raised, joins in _pieces(textpage):
        baseline, angle = _place(textpage, first)
        word = Word(text, left, right, baseline, height, is_raised=is_raised, joins=joins)
        (turned if _TURNED < angle < 2 * math.pi - _TURNED else words).append(word)
    return words, turned


def _place(textpage: Any, index: int) -> tuple[float, float]:
    x, baseline = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, baseline)
    return baseline.value, raw.FPDFText_GetCharAngle(textpage, index)


def _pieces(textpage: Any) -> Iterator[tuple[str, float, float, int, float, bool, bool]]:
    """The words as (text, left, right, index of the first character, height, is raised, joins)."""
    text, left, right, bottom, height, first = "", 0.0, 0.0, 0.0, 0.0, 0
    is_raised = joins = False
    box = raw.FS_RECTF()
    unit_before = 0
    # A document has up to two million characters: what is looked up here counts.
    handle, unicode_of, box_of = textpage.raw, raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    for index in range(textpage.count_chars()):
        unit = unicode_of(handle, index)
        if 0xD800 <= unit < 0xDC00:  # noqa: PLR2004  (half of a character)
            unit_before = unit
            continue
        if 0xDC00 <= unit < 0xE000 and unit_before:  # noqa: PLR2004
            unit = 0x10000 + ((unit_before - 0xD800) << 10) + (unit - 0xDC00)
        unit_before = 0
        character = _HYPHENS.get(unit) or (chr(unit) if unit else "")
        if not character or character.isspace():
            if text:
                yield text, left, right, first, height, is_raised, joins
            text, joins = "", False
            continue
        box_of(handle, index, box)
        tall = abs(box.top - box.bottom)
        if text:
            is_apart = (
                abs(box.bottom - bottom) > tall
                or box.left - right > _NEW_WORD * height
                or box.right < left - _NEW_WORD * height
            )
            is_smaller = character.isdecimal() and tall < _RAISED * height and box.bottom > bottom
            if is_apart or is_smaller or (is_raised and tall * _RAISED > height):
                yield text, left, right, first, height, is_raised, joins
                text, joins, is_raised = "", not is_apart, is_smaller and not is_apart
        else:
            is_raised = False
        if not text:
            left, right, bottom, height, first = box.left, box.right, box.bottom, tall, index
        text += character
        left, right = min(left, box.left), max(right, box.right)
    if text:
        yield text, left, right, first, height, is_raised, joins


if __name__ == "__main__":
    answer(partial(pages, first_page=int(sys.argv[1]) if len(sys.argv) > 1 else 0))
