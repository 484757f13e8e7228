"""Names of countries as they are compared: one country, one spelling."""

import re

from core.search.folding import Folded, fold, fold_in_place
from core.search.query import Term, terms_of

_APART = ("viet nam",)
"""Names that are also written as one word, which is how they are compared."""
_SPACED = re.compile(r"\b(" + "|".join(map(re.escape, _APART)) + r")\b")
_UNFINISHED = re.compile(
    r"\b("
    + "|".join(
        re.escape(name[:end]) for name in _APART for end in range(len(name) - 1, name.index(" ") + 1, -1)
    )
    + r")$"
)


def fold_names(text: str) -> str:
    """``text`` folded, with country names that are written apart or together brought to one spelling.

    ``Viet Nam``, ``Vietnam`` and ``Việt Nam`` all come out as ``vietnam``.
    """
    return _SPACED.sub(_joined, fold(text))


def fold_names_in_place(text: str) -> Folded:
    """``fold_names(text)``, and for each of its characters the stretch of ``text`` that it stands for."""
    folded = fold_in_place(text)
    spaces = frozenset(
        place
        for match in _SPACED.finditer(folded.text)
        for place in range(*match.span())
        if folded.text[place] == " "
    )
    return folded.without(spaces) if spaces else folded


def search_terms(words: str) -> tuple[Term, ...]:
    """What the search for ``words`` looks for, spelt as ``fold_names`` does.

    A name that is still being typed counts as begun: ``Viet Na`` finds what ``Viet Nam`` will.
    """
    return terms_of(_UNFINISHED.sub(_joined, fold_names(words)))


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")
