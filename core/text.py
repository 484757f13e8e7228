"""Folding: one spelling for comparison, without diacritics, case or doubled spaces."""

import re
import unicodedata

_STROKES = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "’": "'", "–": "-", "—": "-"})
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """``text`` as it is compared: ``Lê Hoài Trung`` and ``le hoai trung`` fold to the same.

    Only the marks of Latin letters are dropped: the vowel signs of Khmer are letters, not decoration.
    """
    lowered = text.casefold().translate(_STROKES)
    kept: list[str] = []
    base_is_latin = False
    for char in unicodedata.normalize("NFD", lowered):
        if unicodedata.combining(char):
            if base_is_latin:
                continue
        else:
            base_is_latin = "LATIN" in unicodedata.name(char, "")
        kept.append(char)
    composed = unicodedata.normalize("NFC", "".join(kept))
    return _SPACES.sub(" ", composed.translate(_STROKES)).strip()
