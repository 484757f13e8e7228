"""Guesses from the wording of a paragraph: its modality, the kind of mention, and a title."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.utils.text import Truncator

from commitments.choices import MentionKind, Modality
from commitments.formulas import COURTESIES, FORMULAS, NEGATIONS, NOT_FORMULAS, REPORTS
from core.text_language import language_of
from relations.names import fold_names

ONE_SIDED = frozenset({Modality.SUGGESTED, Modality.REQUESTED, Modality.CALLED_ON, Modality.HOPED})
"""Modalities of one side alone: a request, not yet a commitment."""
JOINT = frozenset({Modality.COMMITTED, Modality.AGREED, Modality.VOWED, Modality.AFFIRMED})
"""Modalities of all sides together: each of them is responsible."""

_WITH_MARKS = frozenset({"vi", "fr", "pt", "es"})
"""Languages in which marks distinguish words."""
_UNSPACED = frozenset({"km"})
_WHAT = re.compile(
    r"\b(?:agreed|committed(?: themselves)?|vowed|pledged|affirmed|stressed|suggested|proposed|hoped|expected"
    r"|decided|undertook|promised)(?: on| again| also| both)?\s+(?:to|that)\s+(?P<what>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE = 120


_REPORT, _COURTESY, _NEITHER = "report", "courtesy", "neither"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the wording of a paragraph tells. What it does not tell is "" or false."""

    language: str = ""
    modality: str = ""
    is_report: bool = False
    is_courtesy: bool = False

    @property
    def kind(self) -> str:
        """The most probable kind of mention of a recorded commitment in the paragraph."""
        if self.modality in ONE_SIDED:
            return MentionKind.REQUESTED
        is_progress = self.is_report or self.modality == Modality.WELCOMED
        return MentionKind.PROGRESS if is_progress else MentionKind.REAFFIRMED


def wording_of(text: str, *, language: str = "") -> Wording:
    """The language of ``text`` and what its formulas tell; nothing if the language has no formulas.

    ``language`` is that of the source, which is asked only if the text does not tell.
    """
    language = language_of(text, expected=language)
    if language not in FORMULAS:
        return Wording(language)
    has_marks = language in _WITH_MARKS and not text.isascii()
    patterns = _patterns(language, has_marks=has_marks)
    compared = _compared(text, has_marks=has_marks)
    modality, tells = "", set()
    for found in patterns.formula.finditer(compared):
        group = patterns.groups[(found.lastindex or 1) - 1]
        if group == _NEITHER or patterns.negation.search(compared[: found.start()]):
            continue
        if group in Modality:
            modality = modality or group
        else:
            tells.add(group)
    is_courtesy = _COURTESY in tells and modality in ("", Modality.WELCOMED, Modality.HOPED)
    return Wording(language, modality, is_report=_REPORT in tells, is_courtesy=is_courtesy)


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


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What to look for in a language. ``groups`` says what each group of the pattern ``formula`` tells."""

    formula: re.Pattern[str]
    groups: tuple[str, ...]
    negation: re.Pattern[str]


@cache
def _patterns(language: str, *, has_marks: bool) -> _Patterns:
    tables = (
        *FORMULAS[language].items(),
        (_REPORT, REPORTS[language]),
        (_COURTESY, COURTESIES[language]),
        (_NEITHER, NOT_FORMULAS[language]),
    )
    named = [
        (str(group), formula)
        for group, formulas in tables
        for formula in _split(formulas)
        # Without its marks, the ending of a tense is that of many other words.
        if has_marks or formula.isascii() or not formula.startswith("*")
    ]
    # Of two formulas at one place, the longer one is found.
    named.sort(key=lambda each: -len(each[1].strip("*")))
    boundary = "" if language in _UNSPACED else r"\b"

    def pattern(formulas: list[str], end: str) -> re.Pattern[str]:
        expressions = [
            re.escape(_compared(each, has_marks=has_marks)).replace(r"\*", r"\w*") for each in formulas
        ]
        return re.compile(boundary + "(?:" + "|".join(f"({each})" for each in expressions) + ")" + end)

    return _Patterns(
        pattern([formula for _group, formula in named], boundary),
        tuple(group for group, _formula in named),
        pattern(_split(NEGATIONS[language]), r"\s*$"),
    )


def _split(formulas: str) -> list[str]:
    return [formula for formula in formulas.split(", ") if formula]


def _compared(text: str, *, has_marks: bool) -> str:
    """``text`` in the form in which it is compared with formulas."""
    if not has_marks:
        return fold_names(text)
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).lower().replace("’", "'"))
    return " ".join(visible.split())
