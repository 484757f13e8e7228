"""Search queries: words in any order, phrases in quotes, and excluded words."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

SHORTEST = 3
"""Shortest word that matches inside other words. Shorter ones match only the beginning of a word."""

_TERM = re.compile(r'(?P<minus>-*)"(?P<phrase>[^"]*)"|(?P<less>-*)(?P<word>[^\s"-][^\s"]*)')
_UNSPACED_LETTERS = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_UNSPACED_LETTERS}]")
"""Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese, which have no spaces between words."""

_PART_OF_A_WORD = frozenset("%*_@#\\§‰")
"""Punctuation that belongs to the word beside it, as in ``50%``."""

_BEFORE_A_WORD = r"(^|[ \n!-/:-@\[-`{-~])"
"""The beginning, a space or punctuation. ASCII only: PostgreSQL extracts no trigrams from a wider set."""
_BEFORE_A_NUMBER = rf"({_BEFORE_A_WORD}|[{_UNSPACED_LETTERS}])"
"""A number can also follow a letter of a script without spaces, whose digits are folded."""


@dataclass(frozen=True)
class Term:
    """A word or a phrase, folded. ``excluded`` if it must not occur."""

    text: str
    excluded: bool = False

    @cached_property
    def is_anywhere(self) -> bool:
        """Whether it matches inside words; else only at the beginning of a word."""
        return len(self.text) >= SHORTEST or not self.text[0].isalnum() or bool(_UNSPACED.search(self.text))

    @cached_property
    def regex(self) -> str:
        """A regular expression for a folded text, valid for Python and for PostgreSQL."""
        if self.is_anywhere:
            return re.escape(self.text)
        return f"{_BEFORE_A_NUMBER if self.text.isdigit() else _BEFORE_A_WORD}{re.escape(self.text)}"

    def is_in(self, folded: str) -> bool:
        """Whether ``folded`` contains it."""
        return self.text in folded and (self.is_anywhere or bool(re.search(self.regex, folded)))

    def places_in(self, folded: str) -> list[tuple[int, int]]:
        """Begin and end of each match in ``folded``."""
        return [(match.end() - len(self.text), match.end()) for match in re.finditer(self.regex, folded)]


def terms_of(folded: str) -> tuple[Term, ...]:
    """The terms of a folded search, without duplicates. Only quotes, spaces and ``-`` have a meaning.

    An unclosed quote is ignored, and so is a ``-`` with nothing after it. Signs beside a word are left out:
    ``manet, (border).`` has the terms ``manet`` and ``border``.
    """
    if folded.count('"') % 2:
        before, _quote, after = folded.rpartition('"')
        folded = f"{before}{after}" if before.endswith("-") else f"{before} {after}"
    found = []
    for match in _TERM.finditer(folded):
        minus, wording = match["minus"] or match["less"], match["phrase"] or match["word"] or ""
        if wording := wording.strip():
            found.append((wording, bool(minus)))
    terms = [Term(bare, minus) for wording, minus in found if (bare := _without_signs(wording))]
    return tuple(dict.fromkeys(terms or (Term(*each) for each in found)))


def words_of(folded: str) -> list[str]:
    """The words of a folded text without the signs beside them, for searches that know no terms."""
    words = folded.split()
    return [bare for word in words if (bare := _without_signs(word))] or words


def _without_signs(wording: str) -> str:
    """``wording`` without punctuation at its ends; "" if it consists of nothing else."""
    begin, end = 0, len(wording)
    while begin < end and _is_sign(wording[begin]):
        begin += 1
    while end > begin and _is_sign(wording[end - 1]):
        end -= 1
    return wording[begin:end]


def _is_sign(char: str) -> bool:
    return char == " " or (unicodedata.category(char)[0] == "P" and char not in _PART_OF_A_WORD)
