"""Prepares a text from a file, an email or a web page: its characters, its blocks, its limits."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.texts import with_plain_lines

MAX_PARAGRAPHS = 10_000
"""The most paragraphs of a source. The page of a source shows all of them."""

_CONTROL_CHARACTERS = {
    char: None for char in (*range(0x20), 0x7F, 0xAD, 0xFEFF) if chr(char) not in "\t\n\f\v\r"
}
_NEW_LINES = str.maketrans({"\f": "\n\n", "\v": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n"})
_STARTS_NUMBERED = re.compile(r"1\.[ \t]")


P = TypeVar("P")


def refuse_many(paragraphs: Iterable[P]) -> list[P]:
    """``paragraphs`` as a list. Raises ``ValidationError`` if a page could not show so many."""
    found = list(islice(paragraphs, MAX_PARAGRAPHS + 1))
    if len(found) > MAX_PARAGRAPHS:
        raise ValidationError(
            _("The text has more than %(limit)s paragraphs. Split it into several sources.")
            % {"limit": number_format(MAX_PARAGRAPHS)}
        )
    return found


def is_numbered(text: str) -> bool:
    """Whether ``text`` has paragraph numbers of its own."""
    return _STARTS_NUMBERED.match(text) is not None


def tidy(text: str) -> str:
    """``text`` without control characters and repeated spaces, in NFC, with uniform line ends."""
    text = with_plain_lines(text).translate(_NEW_LINES).translate(_CONTROL_CHARACTERS).replace("\u00a0", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def blocks_of(text: str) -> list[list[str]]:
    """The lines of each block of a tidy ``text``. Blank lines are between blocks."""
    return [block.split("\n") for block in re.split(r"\n\s*\n", text)]
