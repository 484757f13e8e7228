"""Search results: matches marked in a text, and passages shown under the title of a row."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Commitment, Mention
from commitments.querysets import AsOf
from commitments.reports.citations import cite
from commitments.services.search import names_of
from core.lists import listed
from core.search.query import Term
from relations.models import Paragraph, Source
from relations.names import fold_names, fold_names_in_place

MOST_FINDINGS = 2
"""Largest number of passages that a row shows."""
TEXTS = ("text", "remarks")
"""Fields of a commitment that are read for passages, besides those that a list shows anyway."""

_BEFORE, _AFTER = 50, 110
_WORD_BREAK = 15
_LINE_BREAK = re.compile(r"(\s*\n\s*)")
_CITED_SOURCE = ("slug", "kind", "number", "published_on")
_CITED = ["paragraph__number", *(f"paragraph__source__{name}" for name in _CITED_SOURCE)]
_SUBSCRIPT = "\u17d2"
"""The Khmer sign coeng, which joins two consonants into one letter."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that contains words of the search, marked, and the place it comes from."""

    place: str
    passage: SafeString


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the texts that are searched. It is named and folded only when needed."""

    place: Callable[[], str]
    text: str

    def holds(self, term: Term) -> bool:
        return term.is_in(_folded(self.text))


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    """Cached: the rows of a page share paragraphs, agencies and people."""
    return fold_names(text)


def highlight(text: str, terms: Iterable[Term]) -> SafeString:
    """``text``, escaped, with every match of ``terms`` in a ``<mark>``.

    Matching ignores case and diacritics, as the search does: ``vietnam`` marks ``Việt Nam``.
    """
    return _marked(text, _spans(text, terms), 0, len(text))


def findings_in(
    commitments: Iterable[Commitment], terms: Iterable[Term], as_of: AsOf
) -> dict[int, tuple[Finding, ...]]:
    """For the rows of a page, with their ``TEXTS``: passages that contain the words which the title does not.

    The number of queries does not grow with the rows. Mentions after a past ``as_of`` are left out.
    """
    wanted, rows = _included(terms), list(commitments)
    if not wanted or not rows:
        return {}
    missing = {}
    for commitment in rows:
        title = _folded(commitment.title)
        if not_there := [term for term in wanted if not term.is_in(title)]:
            missing[commitment.pk] = not_there
    parts = _texts_of(commitment for commitment in rows if commitment.pk in missing)
    # Paragraphs and names are read only for commitments that have no text with all the missing words.
    for add in (_add_paragraphs, _add_names):
        if unfound := [
            key for key, terms in missing.items() if not any(_holds_all(p, terms) for p in parts[key])
        ]:
            add(parts, unfound, as_of)
    return {key: tuple(_best_findings(parts[key], terms, tuple(wanted))) for key, terms in missing.items()}


def _holds_all(part: _Part, terms: Iterable[Term]) -> bool:
    return all(part.holds(term) for term in terms)


# -- marking -----------------------------------------------------------------------------------------------


def _included(terms: Iterable[Term]) -> list[Term]:
    return [term for term in terms if not term.excluded]


def _spans(text: str, terms: Iterable[Term]) -> list[Span]:
    """Begin and end of each match of ``terms`` in ``text``, in order; adjacent matches are merged."""
    wanted = _included(terms)
    if not any(term.is_in(_folded(text)) for term in wanted):
        return []
    folded = fold_names_in_place(text)
    spans: list[Span] = []
    for begin, end in sorted(
        folded.original(*place) for term in wanted for place in term.places_in(folded.text)
    ):
        if spans and begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((begin, end))
    return spans


def _marked(text: str, spans: Sequence[Span], begin: int, end: int) -> SafeString:
    """``text[begin:end]``, escaped, with ``spans`` marked. A mark never spans a line break."""
    pieces: list[str] = []
    at = begin
    for first, last in spans:
        if first >= end or last <= begin:
            continue
        first, last = max(first, begin), min(last, end)
        pieces.append(text[at:first])
        for n, piece in enumerate(_LINE_BREAK.split(text[first:last])):
            pieces.append(piece if n % 2 else format_html("<mark>{}</mark>", piece))
        at = last
    pieces.append(text[at:end])
    return format_html_join("", "{}", ((piece,) for piece in pieces))


# -- passages ------------------------------------------------------------------------------------------------


def _best_findings(
    parts: Sequence[_Part], missing: list[Term], wanted: tuple[Term, ...]
) -> Iterator[Finding]:
    """The parts that contain most of the ``missing`` words, each cut to a passage."""
    for _n in range(MOST_FINDINGS):
        best = max(parts, key=lambda part: sum(map(part.holds, missing)))
        held = [term for term in missing if best.holds(term)]
        if not held:
            return
        yield Finding(best.place(), _passage(best.text, tuple(held), wanted))
        missing = [term for term in missing if term not in held]
        if not missing:
            return


@lru_cache(maxsize=512)
def _passage(text: str, terms: tuple[Term, ...], wanted: tuple[Term, ...]) -> SafeString:
    """``text`` around the first match of ``terms``, with every match of ``wanted`` in it marked."""
    spans = _spans(text, wanted)
    first, last = _spans(text, terms)[0]
    begin, end = _begin(text, first - _BEFORE), _end(text, max(last, first + _AFTER))
    return format_html(
        "{}{}{}", "… " if begin else "", _marked(text, spans, begin, end), " …" if end < len(text) else ""
    )


def _begin(text: str, at: int) -> int:
    """Where a passage can begin, at ``at`` or after it: after a space, else at a whole letter."""
    if at <= 0:
        return 0
    space = re.compile(r"\s").search(text, at, at + _WORD_BREAK)
    return space.end() if space else _letter_at(text, at)


def _end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = re.compile(r"\s").search(text, at, at + _WORD_BREAK)
    return space.start() if space else _letter_at(text, at)


def _letter_at(text: str, at: int) -> int:
    """The beginning of the letter at ``at``, before its marks and subscripts."""
    while at and (unicodedata.category(text[at])[0] == "M" or text[at - 1] == _SUBSCRIPT):
        at -= 1
    return at


_Parts = defaultdict[int, list[_Part]]
"""The texts that the search text of each commitment is made of, by primary key."""


def _texts_of(commitments: Iterable[Commitment]) -> _Parts:
    """The texts of the commitments themselves."""
    parts: _Parts = defaultdict(list)
    for one in commitments:
        parts[one.pk] += [
            _Part(lambda: pgettext("commitment", "Text"), one.text),
            _Part(lambda: _("Remarks"), one.remarks),
            _Part(lambda: _("Reference"), one.reference),
        ]
    return parts


def _add_paragraphs(parts: _Parts, pks: Sequence[int], as_of: AsOf) -> None:
    """Add the cited paragraphs."""
    mentions = Mention.objects.filter(as_of.happened("meeting__day"), commitment__in=pks)
    for pk, text, *cited in mentions.order_by("pk").values_list("commitment", "paragraph__text", *_CITED):
        parts[pk].append(_Part(partial(_place, *cited), text))


def _add_names(parts: _Parts, pks: Sequence[int], as_of: AsOf) -> None:
    """Add the names by which they are found."""
    for found in names_of(pks, as_of.happened("meeting__day")):
        place = partial(str, found.kind.label)
        parts[found.commitment].append(_Part(place, _with(found.name, found.others)))


def _place(number: int, *source_values: Any) -> str:
    """The short citation of a paragraph."""
    source = Source(**dict(zip(_CITED_SOURCE, source_values, strict=True)))
    return cite(Paragraph(number=number, source=source)).title


def _with(name: str, others: Iterable[str]) -> str:
    """A name with its other spellings in parentheses."""
    spellings = listed(filter(None, others))
    if not spellings:
        return name
    # Translators: as in "Ministry of Foreign Affairs (MOFA)" or "Le Hoai Trung (Lê Hoài Trung)".
    return pgettext("name and its other spellings", "%(name)s (%(others)s)") % {
        "name": name,
        "others": spellings,
    }
