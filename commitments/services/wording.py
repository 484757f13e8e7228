"""Reduces texts to the stems of their words, so that two wordings of one thing can be recognised."""

import re

from relations.names import fold_names

_STEM_LENGTH, _SHORTEST_WORD, _CLUSTER_LENGTH = 6, 3, 4
"""Lengths in characters: of a stem, of the shortest word that counts, of a stem of unspaced writing."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the and for that this with from which their they them its are was were has have had been will would "
        "shall should not but also both other into more than who all any each such said two sides agreed "
        "countries cua cac cho voi trong nhung duoc hai ben nuoc vao den khong mot nay",
    )
)


def stems_of(text: str) -> frozenset[str]:
    """The first letters of the words of ``text`` without stop words; of unspaced writing, runs of letters."""
    return stems_of_folded(fold_names(text))


def stems_of_folded(text: str) -> frozenset[str]:
    """``stems_of`` for a text that is folded already."""
    stems = {
        word[:_STEM_LENGTH]
        for word in _WORD.findall(text)
        if len(word) >= _SHORTEST_WORD and word not in _STOP_WORDS
    }
    for run in _UNSPACED.findall(text):
        stems.update(run[n : n + _CLUSTER_LENGTH] for n in range(max(len(run) - _CLUSTER_LENGTH + 1, 1)))
    return frozenset(stems)


def numbers_of(text: str) -> frozenset[str]:
    """The numbers in ``text``: years, sessions, kilometres."""
    return frozenset(_NUMBER.findall(fold_names(text)))
