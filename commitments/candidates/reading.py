"""Reads a text and proposes candidates: passages that may make, ask for or report on an undertaking.

A candidate is a proposal to a person. Nothing here writes anything or reads a database.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commitments.candidates.actors import actors_of
from commitments.candidates.concepts import theme_of
from commitments.candidates.deadlines import Deadline, deadline_in
from commitments.candidates.finding import LANGUAGES, Finder
from commitments.candidates.languages import Takes
from commitments.candidates.matching import RESTATED, KnownCommitment, KnownIndex, Match
from commitments.candidates.passages import Passage, Plain, passages_of
from commitments.candidates.slots import Figure, figure_in, nature_of
from commitments.candidates.undertakings import Find
from commitments.choices import MentionKind, Modality
from relations.services.dates_in_text import days_in

_HEAD = 3_000
_REQUESTS = frozenset({Modality.SUGGESTED, Modality.REQUESTED, Modality.CALLED_ON, Modality.HOPED})
_YEARS_BACK = 3


class CandidateClass(StrEnum):
    """What a candidate is."""

    COMMITMENT = "commitment"
    """It makes, repeats or asks for an undertaking."""
    REPORT = "report"
    """It reports on one, or stresses its importance. A fainter class."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate is one, or why a slot has its value: the slot, and the words that say so."""

    slot: str
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the reader proposes.

    ``start`` and ``end`` count Unicode code points of the text as given, and ``quote`` is what stands there.
    ``cue`` has the words that made it a candidate. ``kind``, ``modality`` and ``nature`` are values of
    ``MentionKind``, ``Modality`` and ``Nature``; ``theme`` is a key of a theme or "". ``obligated`` has the
    codes of the countries that must act, in alphabetical order. ``matches`` are the nearest known
    commitments, at most five, the nearest first.
    """

    start: int
    end: int
    quote: str
    cls: CandidateClass
    cue: str
    kind: str
    modality: str
    obligated: tuple[str, ...]
    deadline: Deadline | None
    nature: str
    theme: str
    figure: Figure | None
    reasons: tuple[Reason, ...]
    matches: tuple[Match, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the text in a language that is not read; places as in ``Candidate``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the candidates in the order of the text, and what was not read.

    ``parties`` are the sides that were given, or those that the text names most often. ``on`` is the day from
    which a wording such as "next year" was counted.
    """

    candidates: tuple[Candidate, ...]
    parties: tuple[str, ...]
    languages: tuple[str, ...]
    unread: tuple[Unread, ...]
    on: dt.date | None


def read(
    text: str,
    *,
    parties: Sequence[str] = (),
    known: Iterable[KnownCommitment] | KnownIndex = (),
    on: dt.date | None = None,
    people: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> Reading:
    """Read ``text``, a paper between the countries ``parties`` (ISO codes; any country, also of no register).

    ``known`` are the commitments that may be restated. For many texts, give a ``KnownIndex``. ``on`` is the
    day of the text; without it, the first day that the text names. ``people`` maps names to codes of
    countries, for officials whose country the text does not tell. Without a day of the text, what lies more
    than three years before ``today`` is the past.
    """
    plain = Plain.of(text)
    passages = passages_of(plain)
    index = known if isinstance(known, KnownIndex) else KnownIndex.of(known)
    day = on or _day_of(plain.text)
    main = _main_language(passages)
    actors = actors_of(plain, main, [code.upper() for code in parties], people or {})
    finder = Finder(plain, passages, actors, _year(day, today))
    candidates = _kept([_candidate(plain, find, index, day) for find in finder.finds()])
    unread = tuple(Unread(*plain.span(each.start, each.end)) for each in passages if not each.language)
    languages = tuple(dict.fromkeys(each.language for each in passages if each.language))
    return Reading(tuple(candidates), actors.parties, languages, unread, day)


def _year(day: dt.date | None, today: dt.date | None) -> int | None:
    """The year before which everything is the past."""
    if day is None and today is not None:
        return today.year - _YEARS_BACK
    return day.year if day else None


def _day_of(text: str) -> dt.date | None:
    found = days_in(text[:_HEAD])
    return found[0].first if found else None


def _main_language(passages: Sequence[Passage]) -> str:
    lengths = {
        code: sum(each.end - each.start for each in passages if each.language == code) for code in LANGUAGES
    }
    return max(lengths, key=lambda code: lengths[code])


def _candidate(plain: Plain, find: Find, index: KnownIndex, on: dt.date | None) -> Candidate:
    start, end = plain.span(find.start, find.end)
    quote, lower = plain.text[find.start : find.end], plain.lower[find.start : find.end]
    language = find.passage.language
    codes = tuple(sorted(find.subject.codes))
    figure = figure_in(quote, lower, language)
    nature = nature_of(lower, has_figure=figure is not None, is_one_sided=len(codes) == 1)
    theme = theme_of(lower, language)
    deadline = None if find.is_report else deadline_in(quote, lower, language, on)
    matches = index.nearest(quote, language, theme=theme, nature=nature, obligated=codes)
    kind = _kind(find, lower, matches)
    reasons = [Reason("cue", find.words)]
    if deadline:
        reasons.append(Reason("deadline", deadline.wording))
    if figure:
        reasons.append(Reason("figure", figure.wording))
    return Candidate(
        start=start,
        end=end,
        quote=plain.given[start:end],
        cls=CandidateClass.REPORT if find.is_report else CandidateClass.COMMITMENT,
        cue=find.words,
        kind=kind,
        modality=_modality(find),
        obligated=codes,
        deadline=deadline,
        nature=nature,
        theme=theme,
        figure=figure,
        reasons=tuple(reasons),
        matches=matches,
        language=language,
    )


def _modality(find: Find) -> str:
    if find.cue.modality == Modality.COMMITTED and re.search(r"\b(?:readiness|willingness)\b", find.words):
        return Modality.STANDS_READY
    return find.cue.modality


def _kind(find: Find, lower: str, matches: Sequence[Match]) -> str:
    """What the mention does: asks, reports, repeats, or makes."""
    language = LANGUAGES[find.passage.language]
    if find.cue.modality in _REQUESTS and not find.cue.is_joint:
        return MentionKind.REQUESTED
    if find.is_report:
        if find.cue.kind == MentionKind.PROGRESS and language.completed.search(lower):
            return MentionKind.FULFILLED
        return find.cue.kind or MentionKind.PROGRESS
    if find.cue.kind:
        return find.cue.kind
    return MentionKind.REAFFIRMED if matches and matches[0].score >= RESTATED else MentionKind.MADE


def _kept(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without repetitions. A report is kept where something is agreed too, or where a known one is near."""
    seen: set[str] = set()
    has_commitment = any(each.cls == CandidateClass.COMMITMENT for each in candidates)
    kept = []
    for each in sorted(candidates, key=lambda each: (each.start, each.end)):
        wording = " ".join(each.quote.split()).casefold()
        is_known = bool(each.matches) and each.matches[0].score >= RESTATED
        if wording in seen or (each.cls == CandidateClass.REPORT and not (has_commitment or is_known)):
            continue
        seen.add(wording)
        kept.append(each)
    return kept


__all__ = [
    "Candidate",
    "CandidateClass",
    "KnownCommitment",
    "KnownIndex",
    "Reading",
    "Reason",
    "Takes",
    "Unread",
    "read",
]
