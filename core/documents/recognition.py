"""Reads the words in the picture of a page with Tesseract, within the limits of the process that it runs in.

https://tesseract-ocr.github.io/tessdoc/
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from statistics import median

import pypdfium2

from core.documents.pdf_layout import Word

PROGRAM = "tesseract"
LANGUAGES = ("vie", "eng", "khm")
"""The languages that are read, by Tesseract's codes. With the first one first, diacritics are read best."""

DOUBT_MARK = "(?)"
"""After a word that may be read wrongly."""

_UNSURE = 60
"""A word whose confidence, of 100, is lower may be read wrongly."""
_DOTS_PER_INCH = 300
_MOST_DOTS = 3600
"""The longest side of a picture, in pixels: A4 at 300 dots per inch has 3508."""
_PAGE_WIDTH = 595.0
"""The width of a page in points, to which every picture is scaled: A4."""
_USUAL_HEIGHTS = (0.7, 1.4)
"""Between these shares of the usual height a line is of the usual size: its letters are high or low."""
_LINE, _WORD = "4", "5"


def is_installed() -> bool:
    """Whether Tesseract is on this machine."""
    return shutil.which(PROGRAM) is not None


def installed_languages() -> tuple[str, ...]:
    """Those of ``LANGUAGES`` that Tesseract can read here."""
    if not is_installed():
        return ()
    told = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, check=False, timeout=10)  # noqa: S603, S607
    known = set(told.stdout.decode(errors="replace").split())
    return tuple(each for each in LANGUAGES if each in known)


def picture_of(page: pypdfium2.PdfPage) -> bytes:
    """``page`` in greys, as PGM (https://netpbm.sourceforge.net/doc/pgm.html)."""
    longest = max(page.get_size()) or 1
    bitmap = page.render(scale=min(_DOTS_PER_INCH / 72, _MOST_DOTS / longest), grayscale=True)
    pixels, stride, width = bytes(bitmap.buffer), bitmap.stride, bitmap.width
    rows = (pixels[start : start + width] for start in range(0, bitmap.height * stride, stride))
    return b"P5 %d %d 255\n" % (width, bitmap.height) + b"".join(rows)


def words_in(picture: bytes, *, seconds: float) -> list[Word]:
    """The words in ``picture``, the doubtful ones marked; none where it is no picture.

    Raises ``TimeoutError`` if it takes longer than ``seconds``.
    """
    languages = installed_languages()
    if not languages:
        return []
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command)
            [PROGRAM, "stdin", "stdout", "-l", "+".join(languages), "--psm", "3", "tsv"],  # noqa: S607
            input=picture,
            capture_output=True,
            check=False,
            timeout=max(seconds, 1),
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    rows = [line.split("\t") for line in done.stdout.decode(errors="replace").splitlines()[1:]]
    return _words([row for row in rows if len(row) == 12])  # noqa: PLR2004  (the columns of its table)


def _words(rows: list[list[str]]) -> list[Word]:
    if not rows:
        return []
    width, height = int(rows[0][8]), int(rows[0][9])
    unit = _PAGE_WIDTH / (width or 1)
    heights = [int(row[9]) for row in rows if row[0] == _LINE]
    return list(_in_points(rows, unit, height, median(heights) if heights else 1))


def _baselines(rows: list[list[str]]) -> dict[tuple[str, ...], float]:
    """Where the letters of each line stand, from the top: words with "g" or "p" reach below that."""
    bottoms: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        if row[0] == _WORD and sum(map(str.isalnum, row[11])) > 1:
            bottoms.setdefault(tuple(row[1:5]), []).append(int(row[7]) + int(row[9]))
    return {line: sorted(found)[len(found) // 4] for line, found in bottoms.items()}


def _in_points(rows: list[list[str]], unit: float, page: int, usual: float) -> Iterator[Word]:
    """The words in points. All of a line have its baseline and its height."""
    baselines = _baselines(rows)
    baseline, tall = 0.0, usual
    for level, *place, left, top, width, height, confidence, text in rows:
        if level == _LINE:
            low, high = _USUAL_HEIGHTS
            tall = usual if low < int(height) / usual < high else float(height)
            bottom = int(top) + int(height)
            baseline = float(page - baselines.get(tuple(place[:4]), bottom))
        elif level == _WORD and text.strip():
            mark = DOUBT_MARK if float(confidence) < _UNSURE else ""
            yield Word(
                f"{text.strip()}{mark}",
                int(left) * unit,
                (int(left) + int(width)) * unit,
                baseline * unit,
                tall * unit,
            )
