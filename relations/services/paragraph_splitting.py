"""Finding the paragraphs of a text as it comes from a file, a mail or a web page."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from relations.models.source import split_paragraphs

NARROWEST, WIDEST = 40, 160
"""Lines whose longest lies between these may be one paragraph broken into lines; others are whole."""

_ENDS = re.compile(r"[.!?:;…។៕။。][\"”’»)\]]*$")
_LISTED = re.compile(r"(?:[-–—•·*▪◦]|\(?\d{1,3}[.)]|\(?[a-zđ][.)]|[ivx]{1,4}[.)])\s")
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]"
_NO_SPACE_BETWEEN = re.compile(f"{_UNSPACED}\n{_UNSPACED}")
_NOT_TEXT = {char: None for char in (*range(0x20), 0x7F, 0xAD, 0xFEFF) if chr(char) not in "\t\n\f\v\r"}
_NEW_LINES = str.maketrans({"\f": "\n\n", "\v": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n"})
_STARTS_NUMBERED = re.compile(r"1\.[ \t]")


def numbered(text: str, *, anew: bool = False) -> str:
    """``text`` as numbered paragraphs; its own numbers stay unless they are to be given ``anew``."""
    text = tidy(text)
    if is_numbered(text) and not anew:
        return f"{text}\n"
    return "\n\n".join(f"{n}. {block}" for n, block in enumerate(paragraphs_of(text), start=1)) + "\n"


def preview(text: str, *, anew: bool = False) -> list[tuple[int, str]]:
    """The paragraphs that ``text`` would be cut into, as (number, wording)."""
    return list(split_paragraphs(numbered(text, anew=anew)))


def is_numbered(text: str) -> bool:
    """Whether ``text`` comes with numbers of its own."""
    return _STARTS_NUMBERED.match(text) is not None


def plain_lines(text: str) -> str:
    """``text`` with its lines ended alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """``text`` without what no text holds, its accents composed and its lines ended alike."""
    text = unicodedata.normalize("NFC", plain_lines(text))
    text = text.translate(_NEW_LINES).translate(_NOT_TEXT).replace("\u00a0", " ")
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of tidy ``text``, each on one line.

    A blank line always ends one. A single new line does where the lines are too long, or too short, to have
    been broken by a machine; else where the line before was cut short of the others, or a list goes on.
    """
    lines = text.split("\n")
    longest = max(map(len, lines))
    broken = NARROWEST <= longest <= WIDEST
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        rows = block.split("\n")
        found.extend(_joined(rows, longest) if broken else rows)
    return [paragraph for paragraph in found if paragraph]


def _joined(rows: Sequence[str], longest: int) -> Iterator[str]:
    whole = rows[0]
    for before, row in zip(rows, rows[1:], strict=False):
        if _begins_anew(before, row, longest):
            yield whole
            whole = row
        elif _NO_SPACE_BETWEEN.fullmatch(f"{whole[-1:]}\n{row[:1]}") or before.endswith("-"):
            whole += row
        else:
            whole += f" {row}"
    yield whole


def _begins_anew(before: str, row: str, longest: int) -> bool:
    if _LISTED.match(row):
        return True
    if _ENDS.search(before):
        return len(before) < 0.85 * longest  # noqa: PLR2004  (a last line seldom fills the measure)
    return len(before) < 0.6 * longest and row[:1].isupper()  # noqa: PLR2004  (a heading)
