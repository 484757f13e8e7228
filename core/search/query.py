"""Search queries: words in any order, phrases in quotes, and excluded words."""

import re
from dataclasses import dataclass
from functools import cached_property

SHORTEST = 3
"""Shortest word that matches inside other words. Shorter ones match only the beginning of a word."""

_TERM = re.compile(r'(?P<minus>-*)"(?P<phrase>[^"]*)"|(?P<less>-*)(?P<word>[^\s"-][^\s"]*)')
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese, which have no spaces between words."""

_BEFORE_A_WORD = r"(^|[ \n!-/:-@\[-`{-~])"
"""The beginning, a space or punctuation. ASCII only: PostgreSQL extracts no trigrams from a wider set."""


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
        return re.escape(self.text) if self.is_anywhere else f"{_BEFORE_A_WORD}{re.escape(self.text)}"

    def is_in(self, folded: str) -> bool:
        """Whether ``folded`` contains it."""
        return self.text in folded and (self.is_anywhere or bool(re.search(self.regex, folded)))

    def places_in(self, folded: str) -> list[tuple[int, int]]:
        """Begin and end of each match in ``folded``."""
        return [(match.end() - len(self.text), match.end()) for match in re.finditer(self.regex, folded)]


def terms_of(folded: str) -> tuple[Term, ...]:
    """The terms of a folded search, without duplicates. Only quotes, spaces and ``-`` have a meaning.

    An unclosed quote is ignored, and so is a ``-`` with nothing after it.
    """
    if folded.count('"') % 2:
        before, _quote, after = folded.rpartition('"')
        folded = f"{before}{after}" if before.endswith("-") else f"{before} {after}"
    found = []
    for match in _TERM.finditer(folded):
        minus, wording = match["minus"] or match["less"], match["phrase"] or match["word"] or ""
        if wording := wording.strip():
            found.append(Term(wording, excluded=bool(minus)))
    return tuple(dict.fromkeys(found))
