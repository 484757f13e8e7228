"""Folds text for comparison, with one spelling for each country."""

import re

from core.search.folding import Folded, fold, fold_in_place
from core.search.query import Term, terms_of, words_of

_TWO_WORD_NAMES = ("viet nam",)
"""Names that are also written as one word, the form in which they are compared."""
_SPACED = re.compile(r"\b(" + "|".join(map(re.escape, _TWO_WORD_NAMES)) + r")\b")
_UNFINISHED = re.compile(
    r"\b("
    + "|".join(
        re.escape(name[:end])
        for name in _TWO_WORD_NAMES
        for end in range(len(name) - 1, name.index(" ") + 1, -1)
    )
    + r")$"
)


def fold_names(text: str) -> str:
    """Fold ``text``, with country names in one word.

    ``Viet Nam``, ``Vietnam`` and ``Việt Nam`` all become ``vietnam``.
    """
    return _SPACED.sub(_joined, fold(text))


def fold_names_in_place(text: str) -> Folded:
    """``fold_names(text)``, with the part of ``text`` that each of its characters came from."""
    folded = fold_in_place(text)
    spaces = frozenset(
        place
        for match in _SPACED.finditer(folded.text)
        for place in range(*match.span())
        if folded.text[place] == " "
    )
    return folded.without(spaces) if spaces else folded


def search_terms(words: str) -> tuple[Term, ...]:
    """The terms of a search for ``words``, folded by ``fold_names``.

    An incomplete name matches too: ``Viet Na`` finds what ``Viet Nam`` finds.
    """
    return terms_of(_UNFINISHED.sub(_joined, fold_names(words)))


def words_in(text: str) -> list[str]:
    """The words of ``text``, folded by ``fold_names``, without the signs beside them."""
    return words_of(fold_names(text))


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")
