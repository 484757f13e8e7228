"""The glossary of diplomatic terms, by which texts in different languages are compared.

``commitments/glossary.csv`` has a column for each language and a row for each term. The first form in a cell
is the translation. What follows it, separated by ``;``, is recognised too. The setting ``GLOSSARY`` is the
path of another file of this form, with the terms of a desk (docs/glossary.md).
"""

import csv
import logging
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from commitments.services.wording import stems_of
from core.search.folding import fold
from core.text_language import is_stop_word
from relations.names import fold_names

LANGUAGES = ("en", "vi", "km", "fr", "pt", "es")
SHIPPED = Path(__file__).parent.parent / "glossary.csv"

_log = logging.getLogger(__name__)
_WORD = re.compile(r"[^\W_]+")
_STEM_LENGTH, _MOST_WORDS_BETWEEN = 8, 2
_VARIANT = 0.6
"""How much a stem says that only variants of a term have."""
_KHMER_SIGNS = "\u17b6-\u17d3"
"""Signs that belong to the letter before them."""


class GlossaryError(ValueError):
    """A file that is no glossary. The message names the line."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its forms in each language that has it, the translation first."""

    forms: dict[str, tuple[str, ...]]

    def stems(self, languages: Collection[str]) -> dict[str, float]:
        """The stems of its forms in ``languages``: 1, or less if no translation has the stem."""
        forms = [self.forms[language] for language in languages if language in self.forms]
        stems = dict.fromkeys((stem for each in forms for form in each for stem in stems_of(form)), _VARIANT)
        return stems | dict.fromkeys((stem for each in forms for stem in stems_of(each[0])), 1)


class Related(NamedTuple):
    """Stems of the terms of a text, with how much each says: in its own language, and in the others."""

    synonyms: dict[str, float]
    translated: dict[str, float]


class Glossary:
    """The terms, to be found in texts."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._forms = {language: _forms_of(self.terms, language) for language in LANGUAGES}
        self._own = {each: [term.stems([each]) for term in self.terms] for each in LANGUAGES}
        self._outside = {
            each: [term.stems([other for other in LANGUAGES if other != each]) for term in self.terms]
            for each in LANGUAGES
        }

    def terms_in(self, text: str, language: str) -> frozenset[int]:
        """The indexes in ``terms`` of those that ``text`` uses."""
        return _FINDERS.get(language, _by_stems)(text, self._forms.get(language, []))

    def related(self, text: str, language: str) -> Related:
        """The stems of the terms that ``text`` uses. If its ``language`` is "", all languages are tried."""
        related = Related({}, {})
        for each in (language,) if language else LANGUAGES:
            for n in self.terms_in(text, each):
                _add_greater(related.synonyms, self._own[each][n])
                _add_greater(related.translated, self._outside[each][n])
        return related


def _add_greater(weights: dict[str, float], more: dict[str, float]) -> None:
    for stem, weight in more.items():
        weights[stem] = max(weight, weights.get(stem, 0))


_Forms = list[tuple[int, str]]


def _forms_of(terms: Iterable[Term], language: str) -> _Forms:
    return [(n, form) for n, term in enumerate(terms) for form in term.forms.get(language, ())]


def _by_stems(text: str, forms: _Forms) -> frozenset[int]:
    """Forms whose words stand near each other, with any endings."""
    stems = _word_stems(text)
    known = frozenset(stems)
    return frozenset(
        n for n, form in forms if (wanted := _form_stems(form)) <= known and _is_near(wanted, stems)
    )


def _word_stems(text: str) -> list[str]:
    words = _WORD.findall(fold_names(text))
    return [word.rstrip("s")[:_STEM_LENGTH] for word in words if len(word) > 1 and not is_stop_word(word)]


@cache
def _form_stems(form: str) -> frozenset[str]:
    return frozenset(_word_stems(form))


def _is_near(wanted: frozenset[str], stems: list[str]) -> bool:
    width = len(wanted) + _MOST_WORDS_BETWEEN
    return any(
        wanted <= frozenset(stems[start : start + width])
        for start, stem in enumerate(stems)
        if stem in wanted
    )


def _by_syllables(text: str, forms: _Forms) -> frozenset[int]:
    """Vietnamese forms. Without marks, one syllable is that of many words."""
    if text.isascii():
        syllables = f" {_without_marks(text)} "
        return frozenset(
            n
            for n, form in forms
            if (" " in form or form.isascii()) and f" {_without_marks(form)} " in syllables
        )
    syllables = f" {_syllables(text)} "
    return frozenset(n for n, form in forms if f" {_form_syllables(form)} " in syllables)


def _syllables(text: str) -> str:
    """The syllables of ``text``, each as letters and then marks: the mark of *hòa* has two places."""
    return " ".join(map(_syllable, _WORD.findall(unicodedata.normalize("NFC", text).lower())))


@lru_cache(maxsize=4096)
def _without_marks(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


@cache
def _form_syllables(form: str) -> str:
    return _syllables(form)


def _syllable(syllable: str) -> str:
    chars = unicodedata.normalize("NFD", syllable)
    marks = sorted(filter(unicodedata.combining, chars))
    return "".join((*(char for char in chars if not unicodedata.combining(char)), *marks))


def _by_letters(text: str, forms: _Forms) -> frozenset[int]:
    """Khmer forms, anywhere in a text without spaces."""
    folded = fold(text).replace(" ", "")
    return frozenset(n for n, form in forms if _form_letters(form).search(folded))


@cache
def _form_letters(form: str) -> re.Pattern[str]:
    return re.compile(re.escape(fold(form).replace(" ", "")) + f"(?![{_KHMER_SIGNS}])")


_FINDERS = {"vi": _by_syllables, "km": _by_letters}


def read_glossary(path: Path) -> Iterator[Term]:
    """The terms of the file at ``path``; ``GlossaryError`` if it is no glossary."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _terms(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        # Translators: the reason is that of the system.
        raise GlossaryError(_("The glossary cannot be read: %(reason)s") % {"reason": error}) from error


def _terms(lines: Iterator[list[str]]) -> Iterator[Term]:
    languages = next(lines, [])
    if not languages:
        raise GlossaryError(_("The glossary has no line with the languages."))
    if unknown := [each for each in languages if each not in LANGUAGES]:
        raise GlossaryError(
            _("Line 1: “%(column)s” is no language of a glossary. They are: %(languages)s.")
            % {"column": unknown[0], "languages": ", ".join(LANGUAGES)}
        )
    for number, cells in enumerate(lines, start=2):
        if len(cells) > len(languages):
            raise GlossaryError(_("Line %(number)s has more cells than the first line.") % {"number": number})
        forms = {
            language: tuple(filter(None, map(str.strip, cell.split(";"))))
            for language, cell in zip(languages, cells, strict=False)
        }
        if forms := {language: each for language, each in forms.items() if each}:
            yield Term(forms)


@cache
def glossary() -> Glossary:
    """The shipped terms and those of the desk. If the file of the desk is none, it is left out."""
    terms = list(read_glossary(SHIPPED))
    try:
        terms += desk_terms()
    except GlossaryError as error:
        _log.error("GLOSSARY: %s", error)
    return Glossary(terms)


def desk_terms() -> list[Term]:
    """The terms of the file that ``GLOSSARY`` names; ``GlossaryError`` if it is no glossary."""
    return list(read_glossary(Path(settings.GLOSSARY))) if settings.GLOSSARY else []
