"""Guesses from the verb of a paragraph: its modality, the kind of mention, and a title."""

import re

from django.utils.text import Truncator

from commitments.choices import MentionKind, Modality
from relations.names import fold_names

VERBS: dict[Modality, tuple[str, ...]] = {
    Modality.COMMITTED: ("committed", "commit", "commits", "cam ket"),
    Modality.AGREED: ("agreed", "agree", "agrees", "nhat tri", "thong nhat", "thoa thuan", "យល់ព្រម", "ឯកភាព"),
    Modality.VOWED: ("vowed", "vow", "pledged", "pledge"),
    Modality.AFFIRMED: (
        "affirmed",
        "reaffirmed",
        "stressed",
        "underlined",
        "emphasised",
        "emphasized",
        "khang dinh",
        "nhan manh",
        "បញ្ជាក់",
    ),
    Modality.WILL: ("will", "would", "shall", "se", "នឹង"),
    Modality.STANDS_READY: ("stands ready", "stand ready", "stood ready", "ready to", "san sang", "ត្រៀមខ្លួន"),
    Modality.EXPECTED: ("expected", "expects", "expect", "looked forward", "trusted", "ky vong", "រំពឹង"),
    Modality.WELCOMED: (
        "welcomed",
        "valued",
        "appreciated",
        "praised",
        "thanked",
        "noted",
        "hoan nghenh",
        "danh gia cao",
        "cam on",
        "ស្វាគមន៍",
        "វាយតម្លៃខ្ពស់",
    ),
    Modality.SUGGESTED: ("suggested", "proposed", "suggests", "proposes", "de xuat", "de nghi", "ស្នើ"),
    Modality.REQUESTED: ("requested", "asked", "requests", "asks", "yeu cau"),
    Modality.CALLED_ON: ("called on", "calls on", "urged", "keu goi", "អំពាវនាវ"),
    Modality.HOPED: ("hoped", "hopes", "hope", "wished", "wishes", "seeks", "mong", "hy vong", "សង្ឃឹម"),
}
"""The verbs of each modality in English, Vietnamese and Khmer."""

ONE_SIDED = frozenset({Modality.SUGGESTED, Modality.REQUESTED, Modality.CALLED_ON, Modality.HOPED})
"""Modalities of one side alone: a request, not yet a commitment."""
JOINT = frozenset({Modality.COMMITTED, Modality.AGREED, Modality.VOWED, Modality.AFFIRMED})
"""Modalities of all sides together: each of them is responsible."""

_MODALITIES = {fold_names(verb): modality for modality, verbs in VERBS.items() for verb in verbs}


def _any_of(verbs: list[str]) -> str:
    return "|".join(re.escape(verb) for verb in sorted(verbs, key=len, reverse=True))


# Khmer has no spaces between words, so word boundaries are not checked there.
_VERB = re.compile(
    rf"\b(?:{_any_of([verb for verb in _MODALITIES if verb.isascii()])})\b"
    rf"|(?:{_any_of([verb for verb in _MODALITIES if not verb.isascii()])})"
)
_WHAT = re.compile(
    r"\b(?:agreed|committed(?: themselves)?|vowed|pledged|affirmed|stressed|suggested|proposed|hoped|expected"
    r"|decided|undertook|promised)(?: on| again| also| both)?\s+(?:to|that)\s+(?P<what>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE = 120


def modality_of(text: str) -> str:
    """The modality of the first known verb in ``text``, or ""."""
    found = _VERB.search(fold_names(text))
    return _MODALITIES[found[0]] if found else ""


def kind_of(modality: str) -> str:
    """The most probable kind of mention of a recorded commitment in a paragraph of this modality."""
    if modality in ONE_SIDED:
        return MentionKind.REQUESTED
    return MentionKind.PROGRESS if modality == Modality.WELCOMED else MentionKind.REAFFIRMED


def title_of(text: str) -> str:
    """A first title for a commitment agreed in ``text``: what was agreed, without the parties.

    A single line break inside a paragraph is a wrap and counts as a space; an empty line ends the title.
    """
    found = _WHAT.search(text)
    what = found["what"] if found else text
    sentence = re.split(r"(?<=[^\s.]{3})[.;។]\s|\n\s*\n", what.strip())[0]
    first = " ".join(sentence.split()).rstrip(".;។ ")
    short: str = Truncator(first).chars(_LONGEST_TITLE, truncate="…")
    return short[:1].upper() + short[1:]
