"""Fonts that show other letters than those that stand in the text: Khmer and Vietnamese before Unicode.

In a text of such a font the letters are Latin, and nothing in it tells which ones are meant.
"""

import re

from core.documents.problems import Problem, Unreadable

_OLD = re.compile(
    r"(?:[A-Z]{6}\+)?"
    r"(?:(?i:limon)(?:\b|[-_ ]?[A-Za-z]\d)|(?i:abc)[-_ ]?(?i:text|zoom|khmer)|\.Vn[A-Z]|VNI[-\s])"
)
_MOST = 20
"""So many letters may be in such a font: a sign, a heading that was pasted."""


def is_old(font: str) -> bool:
    """Whether the letters of ``font`` are not those of Unicode."""
    return _OLD.match(font) is not None


def refuse_old_fonts(letters: int) -> None:
    """Raise ``Unreadable`` if so many ``letters`` of a document are in such fonts."""
    if letters > _MOST:
        raise Unreadable(Problem.OLD_FONT)
