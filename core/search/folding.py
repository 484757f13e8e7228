"""Folding: text for comparison, without diacritics, case, invisible characters or repeated spaces.

Each character is folded by itself, which is a variant of Unicode's NFKC_Casefold. A letter and its marks are
then folded as a whole. A change of the result needs another ``FOLDING``.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.normal_forms import normalized

FOLDING = 2
"""The version of the result. Stored search texts of another version are rebuilt by ``migrate``."""

_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "œ": "oe", "æ": "ae"}
    # Letters that Arabic, Persian and Urdu keyboards write differently, and the stretching of a line.
    | {"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ـ": ""}
    | dict.fromkeys("‘’‚‛ʼʻ′´`", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("\u2212\u2043", "-")
    | {"\u2044": "/"}
)
"""Letters and signs that are the same for a reader, but not in Unicode, where the minus is no dash either."""

_UNMARKED = ("LATIN", "GREEK", "ARABIC", "HEBREW")
"""Scripts whose marks are no letters. The vowel signs of Khmer are letters and stay."""
_CYRILLIC_IE, _DIAERESIS = "\u0435", "\u0308"

_COENG = "\u17d2"
"""The Khmer sign that makes a subscript of the next consonant."""
_KHMER_RO, _KHMER_DA, _KHMER_TA = "\u179a", "\u178a", "\u178f"
_SHIFTER, _VOWEL_U = "\u17c9", "\u17bb"
_SHIFTERS = frozenset("\u17c9\u17ca")
_VOWELS = frozenset(map(chr, range(0x17B6, 0x17C6)))
_VOWELS_ABOVE = frozenset("\u17b7\u17b8\u17b9\u17ba\u17be")
_VOWELS_OF_TWO_PARTS = {"\u17b8\u17c1": "\u17be", "\u17b6\u17c1": "\u17c4"}


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
    """Fold ``text`` for comparison: ``Lê Hoài Trung`` and ``le hoai trung`` give the same."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join(filter(None, map(_word, text.split())))


def fold_in_place(text: str) -> Folded:
    """``fold(text)`` with the position in ``text`` of each of its characters."""
    chars: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at, last = 0, 0
    for word in text.split():
        at = text.index(word, at)
        letters = list(_letters(word))
        if letters and chars:
            chars.append(" ")
            begins.append(last)
            ends.append(at)
        for begin, end, folded in letters:
            chars.extend(folded)
            begins.extend([at + begin] * len(folded))
            ends.extend([at + end] * len(folded))
        at += len(word)
        last = at if letters else last
    return Folded("".join(chars), tuple(begins), tuple(ends))


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    if word.isascii():
        return word.lower().replace("`", "'")
    return "".join(folded for _begin, _end, folded in _letters(word))


def _letters(word: str) -> Iterator[tuple[int, int, str]]:
    """Each letter of ``word`` with its marks: (begin, end, folded). Empty ones are left out."""
    begin = end = 0
    letter = ""
    for n, char in enumerate(word):
        folded, is_joined = _character(char)
        if not folded:
            continue
        if letter and not is_joined and letter[-1] != _COENG:
            yield begin, end, _marks_folded(letter)
            letter = ""
        if not letter:
            begin = n
        letter += folded
        end = n + 1
    if letter:
        yield begin, end, _marks_folded(letter)


@lru_cache(maxsize=8192)
def _character(char: str) -> tuple[str, bool]:
    """A character folded by itself and decomposed, and whether it belongs to the letter before it."""
    if _is_ignored(char):
        return "", False
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char)), False
    if category == "Pd":
        return "-", False
    if (own := char.translate(_LETTERS)) != char:
        return own, False
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    if any(map(str.isspace, folded)):
        # A mark that stands alone, or a phrase in one character: its parts would be separate words.
        folded = char.casefold()
    folded = folded.translate(_LETTERS)
    is_jamo_in_a_syllable = "\u1160" <= folded[:1] <= "\u11ff"
    return folded, is_jamo_in_a_syllable or unicodedata.category(folded[:1] or char)[0] == "M"


def _is_ignored(char: str) -> bool:
    """Whether a character is invisible: soft hyphens, joiners, zero width spaces, marks of direction."""
    return (
        unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0000" <= char <= "\U000e0fff"
        or char in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    )


@lru_cache(maxsize=8192)
def _marks_folded(letter: str) -> str:
    """A decomposed letter, folded with its marks."""
    if letter.isascii():
        return letter
    base = letter[0]
    if "\u1780" <= base <= "\u17ff":
        return _khmer(letter)
    if unicodedata.name(base, "").startswith(_UNMARKED):
        letter = "".join(char for char in letter if not unicodedata.combining(char))
    elif base == _CYRILLIC_IE:
        letter = letter.replace(_DIAERESIS, "")
    return normalized("NFC", letter)


def _khmer(syllable: str) -> str:
    """A Khmer syllable in one spelling: several orders and letters look the same, and all are written.

    The order is: base, subscripts (``ro`` last), shifter, vowels, other signs.
    """
    subscripts: list[str] = []
    marks: set[str] = set()
    base = syllable[0]
    for before, char in pairwise(syllable):
        if char == _COENG:
            continue
        if before == _COENG:
            subscripts.append(_KHMER_TA if char == _KHMER_DA else char)
        else:
            marks.add(char)
    subscripts.sort(key=_KHMER_RO.__eq__)
    shifters = "".join(sorted(marks & _SHIFTERS))
    vowels = "".join(sorted(marks & _VOWELS))
    signs = "".join(sorted(marks - _SHIFTERS - _VOWELS))
    for parts, whole in _VOWELS_OF_TWO_PARTS.items():
        vowels = vowels.replace(parts, whole)
    if _VOWELS_ABOVE & set(vowels) and (shifters or _VOWEL_U in vowels):
        # Below a vowel that is written above, both shifters look like the vowel u.
        shifters, vowels = _SHIFTER, vowels.replace(_VOWEL_U, "")
    return base + "".join(_COENG + each for each in subscripts) + shifters + vowels + signs
