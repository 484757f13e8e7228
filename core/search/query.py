"""What a search asks for: words in any order, phrases in quotes, and words to be left out."""

import re
from dataclasses import dataclass
from functools import cached_property

SHORTEST = 3
"""Letters from which a word is found inside others; shorter, it must begin one."""

_TERM = re.compile(r'(?P<minus>-*)"(?P<phrase>[^"]*)"|(?P<less>-*)(?P<word>[^\s"-][^\s"]*)')
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese: words stand beside each other without spaces."""

_BEFORE_A_WORD = r"(^|[ \n!-/:-@\[-`{-~])"
"""The beginning, a space or a sign; all ASCII, since PostgreSQL finds no trigrams in a wider set."""


@dataclass(frozen=True)
class Term:
    """A word or a phrase, folded; ``excluded`` where it must not occur."""

    text: str
    excluded: bool = False

    @cached_property
    def is_anywhere(self) -> bool:
        """Whether it may stand inside a word; else it must begin one."""
        return len(self.text) >= SHORTEST or not self.text[0].isalnum() or bool(_UNSPACED.search(self.text))

    @cached_property
    def regex(self) -> str:
        """Where it stands in a folded text, in the words that Python and PostgreSQL share."""
        return re.escape(self.text) if self.is_anywhere else f"{_BEFORE_A_WORD}{re.escape(self.text)}"

    def is_in(self, folded: str) -> bool:
        """Whether it stands in ``folded``."""
        return self.text in folded and (self.is_anywhere or bool(re.search(self.regex, folded)))

    def places_in(self, folded: str) -> list[tuple[int, int]]:
        """Where it stands in ``folded``: begin and end of each place."""
        return [(match.end() - len(self.text), match.end()) for match in re.finditer(self.regex, folded)]


def terms_of(folded: str) -> tuple[Term, ...]:
    """The terms of a folded search, each once. Nothing but quotes, spaces and ``-`` has a meaning.

    A quote that is never closed counts as not written, and so does a ``-`` with nothing after it.
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
