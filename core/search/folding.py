"""Folding: text for comparison, without diacritics, case or repeated spaces."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.normal_forms import normalized

_STROKES = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i"}
    | dict.fromkeys("‘’‚‛", "'")
    | dict.fromkeys("“”„‟«»", '"')
    | dict.fromkeys("–—", "-")
)
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, begin and end of the original text it stands for."""

    text: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, begin: int, end: int) -> tuple[int, int]:
        """Begin and end, in the original text, of ``text[begin:end]``, which must not be empty."""
        return self.begins[begin], self.ends[end - 1]

    def without(self, places: frozenset[int]) -> "Folded":
        """A copy without the characters at ``places``."""
        remaining = [n for n in range(len(self.text)) if n not in places]
        return Folded(
            "".join(self.text[n] for n in remaining),
            tuple(self.begins[n] for n in remaining),
            tuple(self.ends[n] for n in remaining),
        )


def fold(text: str) -> str:
    """Fold ``text`` for comparison: ``Lê Hoài Trung`` and ``le hoai trung`` give the same.

    Only diacritics of Latin letters are removed; the vowel signs of Khmer are letters and stay.
    """
    return _SPACES.sub(" ", _letters(text)).strip()


def fold_in_place(text: str) -> Folded:
    """``fold(text)`` with the position in ``text`` of each of its characters."""
    chars: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for begin, end, letters in _clusters(text):
        for char in letters:
            if not char.isspace():
                chars.append(char)
            elif chars and chars[-1] == " ":
                ends[-1] = end
                continue
            elif chars:
                chars.append(" ")
            else:
                continue
            begins.append(begin)
            ends.append(end)
    if chars and chars[-1] == " ":
        del chars[-1], begins[-1], ends[-1]
    return Folded("".join(chars), tuple(begins), tuple(ends))


def _letters(text: str) -> str:
    """``text`` without case and without diacritics of Latin letters. Spaces stay unchanged."""
    lowered = text.casefold().translate(_STROKES)
    if lowered.isascii():
        return lowered
    return _WORD.sub(lambda word: _without_marks(word[0]), lowered)


@lru_cache(maxsize=8192)
def _without_marks(word: str) -> str:
    if word.isascii():
        return word
    chars: list[str] = []
    base_is_latin = False
    for char in normalized("NFD", word):
        if not unicodedata.combining(char):
            base_is_latin = _is_latin(char)
        elif base_is_latin:
            continue
        chars.append(char)
    return unicodedata.normalize("NFC", "".join(chars)).translate(_STROKES)


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """The pieces of ``text`` that can be folded independently: (begin, end, folded letters)."""
    begin, letters, is_whole = 0, "", True
    for n, char in enumerate(text):
        own, is_mark = _alone(char)
        if n == begin:
            letters = own
            continue
        if not is_mark:
            letters = letters if is_whole else _letters(text[begin:n])
            if own.isascii() or letters.isascii() or unicodedata.is_normalized("NFC", letters + own):
                yield begin, n, letters
                begin, letters, is_whole = n, own, True
                continue
        is_whole = False
    if text:
        yield begin, len(text), letters if is_whole else _letters(text[begin:])


@lru_cache(maxsize=4096)
def _alone(char: str) -> tuple[str, bool]:
    """A character folded by itself, and whether it combines with the one before it."""
    return _letters(char), unicodedata.combining(unicodedata.normalize("NFD", char.casefold())[0]) != 0


@lru_cache(maxsize=4096)
def _is_latin(char: str) -> bool:
    return "LATIN" in unicodedata.name(char, "")
