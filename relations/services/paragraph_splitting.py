"""Splits a text from a file, an email or a web page into paragraphs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.texts import with_plain_lines
from relations.models.source import split_paragraphs

MAX_PARAGRAPHS = 10_000
"""The most paragraphs of a source. The page of a source shows all of them."""

MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 40, 160
"""Lengths of the longest line of a text that was wrapped. Outside them, each line is a paragraph."""

_SENTENCE_END = re.compile(r"[.!?:;…។៕။。][\"”’»)\]]*$")
_LIST_ITEM = re.compile(r"(?:[-–—•·*▪◦]|\(?\d{1,3}[.)]|\(?[a-zđ][.)]|[ivx]{1,4}[.)])\s")
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]"
_NO_SPACE_BETWEEN = re.compile(f"{_UNSPACED}\n{_UNSPACED}")
_CONTROL_CHARACTERS = {
    char: None for char in (*range(0x20), 0x7F, 0xAD, 0xFEFF) if chr(char) not in "\t\n\f\v\r"
}
_NEW_LINES = str.maketrans({"\f": "\n\n", "\v": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n"})
_STARTS_NUMBERED = re.compile(r"1\.[ \t]")


def numbered(text: str, *, renumber: bool = False) -> str:
    """``text`` as numbered paragraphs. Its own numbers stay unless ``renumber`` is set."""
    text = tidy(text)
    if is_numbered(text) and not renumber:
        return f"{text}\n"
    return "\n\n".join(f"{n}. {block}" for n, block in enumerate(paragraphs_of(text), start=1)) + "\n"


def preview(text: str, *, renumber: bool = False) -> list[tuple[int, str]]:
    """The paragraphs that ``text`` would be split into, as (number, wording). Raises ``ValidationError``."""
    return refuse_many(split_paragraphs(numbered(text, renumber=renumber)))


def refuse_many(paragraphs: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """``paragraphs`` as a list. Raises ``ValidationError`` if a page could not show so many."""
    found = list(islice(paragraphs, MAX_PARAGRAPHS + 1))
    if len(found) > MAX_PARAGRAPHS:
        raise ValidationError(
            _("The text has more than %(limit)d paragraphs. Split it into several sources.")
            % {"limit": MAX_PARAGRAPHS}
        )
    return found


def is_numbered(text: str) -> bool:
    """Whether ``text`` has paragraph numbers of its own."""
    return _STARTS_NUMBERED.match(text) is not None


def tidy(text: str) -> str:
    """``text`` without control characters and repeated spaces, in NFC, with uniform line ends."""
    text = with_plain_lines(text).translate(_NEW_LINES).translate(_CONTROL_CHARACTERS).replace("\u00a0", " ")
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a tidy ``text``, each on one line.

    A blank line always ends a paragraph. A single line break ends one where the lines are too long or too
    short to be wrapped; in a wrapped text, after a line that is shorter than the others, and before an item
    of a list.
    """
    lines = text.split("\n")
    longest = max(map(len, lines))
    is_wrapped = MIN_WRAP_WIDTH <= longest <= MAX_WRAP_WIDTH
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        rows = block.split("\n")
        found.extend(_joined(rows, longest) if is_wrapped else rows)
    return [paragraph for paragraph in found if paragraph]


def _joined(rows: Sequence[str], longest: int) -> Iterator[str]:
    paragraph = rows[0]
    for before, row in zip(rows, rows[1:], strict=False):
        if _starts_paragraph(before, row, longest):
            yield paragraph
            paragraph = row
        elif _NO_SPACE_BETWEEN.fullmatch(f"{paragraph[-1:]}\n{row[:1]}") or before.endswith("-"):
            paragraph += row
        else:
            paragraph += f" {row}"
    yield paragraph


def _starts_paragraph(before: str, row: str, longest: int) -> bool:
    if _LIST_ITEM.match(row):
        return True
    if _SENTENCE_END.search(before):
        return len(before) < 0.85 * longest  # noqa: PLR2004  (the last line of a paragraph is shorter)
    return len(before) < 0.6 * longest and row[:1].isupper()  # noqa: PLR2004  (a heading)
