"""The text of each page of a PDF. Run in a process of its own."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

import pypdfium2
from pypdfium2 import raw

from core.documents.child import answer
from core.documents.limits import MAX_CHARACTERS, MAX_PAGES
from core.documents.problems import Problem, Unreadable

_LOCKED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
_HYPHEN = "\ufffe"
"""What PDFium returns for a hyphen at the end of a line, in place of the hyphen and the line end."""

_LINE = re.compile(rf"[^\s{_HYPHEN}][^\r\n{_HYPHEN}]*{_HYPHEN}?")
_FEW_LINES = 5
_SPACING = 1.6
"""The usual distance of two lines, in heights of a line, where there are too few lines to measure it."""
_GAP = 1.3
"""A line that is this many times as far away as usual begins a paragraph."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its baseline, in points from the bottom of the page, and its height in points."""

    text: str
    baseline: float
    height: float


def pages(content: bytes) -> list[str]:
    """The lines of each page, with an empty line between paragraphs. Raises ``Unreadable``."""
    document = opened(content)
    if len(document) > MAX_PAGES:
        raise Unreadable(Problem.TOO_MANY_PAGES)
    found: list[list[Line]] = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        found.append(list(_lines(page.get_textpage())))
        page.close()
        characters += sum(len(line.text) for line in found[-1])
        if characters > MAX_CHARACTERS:
            raise Unreadable(Problem.TOO_LONG)
    spacing = _usual_spacing(found)
    return ["\n".join(_with_gaps(lines, spacing)) for lines in found]


def opened(content: bytes) -> pypdfium2.PdfDocument:
    """The document, which has at least one page. Raises ``Unreadable``."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Problem.ENCRYPTED if error.err_code in _LOCKED else Problem.DAMAGED) from error
    if not len(document):
        raise Unreadable(Problem.DAMAGED)
    return document


def _lines(textpage: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """The lines of a page that have text."""
    for match in _LINE.finditer(textpage.get_text_range()):
        text = match[0].replace(_HYPHEN, "-").replace("\x00", "").rstrip()
        if text:
            yield _line(textpage, match.start(), text)


def _line(textpage: pypdfium2.PdfTextPage, start: int, text: str) -> Line:
    index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, start)
    x, baseline, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    raw.FPDFText_GetCharOrigin(textpage, index, x, baseline)
    raw.FPDFText_GetLooseCharBox(textpage, index, box)
    return Line(text, baseline.value, abs(box.top - box.bottom))


def _usual_spacing(found: list[list[Line]]) -> float:
    """The distance of two lines of a paragraph in this document, in heights of a line."""
    distances = [each for lines in found for each in _distances(lines) if each > 0]
    if len(distances) < _FEW_LINES:
        return min([*distances, _SPACING])
    return quantiles(distances)[0]


def _distances(lines: list[Line]) -> Iterator[float]:
    for above, below in pairwise(lines):
        yield (above.baseline - below.baseline) / (below.height or 1)


def _with_gaps(lines: list[Line], spacing: float) -> Iterator[str]:
    distances = [0.0, *_distances(lines)]
    for line, distance in zip(lines, distances, strict=False):
        if distance > spacing * _GAP:
            yield ""
        yield line.text


if __name__ == "__main__":
    answer(pages)
