"""What an undertaking is about, in any wording and in both languages: ``data/concepts.txt`` as patterns."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "concepts.txt"
_WORD = re.compile(r"[^\W_]+")
_ENGLISH_STEM, _SHORTEST = 6, 3
_STOP = frozenset(
    """
    the and for that this with from which their they them its are was were has have had been will would
    shall should not but also both other into more than who all any each such said two sides agreed
    countries between these those further including well strengthen promote enhance cooperation continue
    viet nam vietnam cambodia side parties bilateral year new out under over của các cho với trong những
    được hai bên nước vào đến không một này sẽ và về cùng nhất trí tiếp tục tăng cường thúc đẩy hợp tác
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Concept:
    name: str
    theme: str
    english: re.Pattern[str]
    vietnamese: re.Pattern[str]


@cache
def _concepts() -> tuple[_Concept, ...]:
    rows = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, theme, english, vietnamese = line.split("|")
            rows.append(_Concept(name, theme, _any(english, r"\b(?:{})"), _any(vietnamese, r"\b(?:{})\b")))
    return tuple(rows)


def _any(words: str, form: str) -> re.Pattern[str]:
    parts = [re.escape(word.strip()).replace(r"\ ", r"\s+") for word in words.split(",") if word.strip()]
    return re.compile(form.format("|".join(parts)))


def lowered(text: str) -> str:
    """``text`` in composed small letters, as the patterns expect it."""
    return unicodedata.normalize("NFC", text).lower().replace("’", "'")


def concepts_in(lower: str, language: str) -> frozenset[str]:
    """The names of the concepts in a text in small letters."""
    return frozenset(
        each.name
        for each in _concepts()
        if (each.vietnamese if language == "vi" else each.english).search(lower)
    )


def stems_in(lower: str) -> frozenset[str]:
    """The beginnings of the words that are neither frequent nor short."""
    return frozenset(
        word[:_ENGLISH_STEM] for word in _WORD.findall(lower) if len(word) >= _SHORTEST and word not in _STOP
    )


def theme_of(lower: str, language: str) -> str:
    """The theme of most concepts; of equal ones, that of the concept that is named first. "" for none."""
    counts: Counter[str] = Counter()
    places: dict[str, int] = {}
    for each in _concepts():
        match = (each.vietnamese if language == "vi" else each.english).search(lower)
        if match and each.theme:
            counts[each.theme] += 1
            places[each.theme] = min(places.get(each.theme, len(lower)), match.start())
    return min(counts, key=lambda theme: (-counts[theme], places[theme]), default="")
