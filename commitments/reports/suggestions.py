"""Suggests the commitments that a paragraph may mention: same countries and matter, in any language."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from commitments.choices import Modality
from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.reports.agenda import between
from commitments.reports.modality import Wording, wording_of
from commitments.services.amounts import amounts_in
from commitments.services.glossary import glossary
from commitments.services.wording import stems_of, stems_of_folded
from core.text_language import language_of
from relations.services.sessions_in_text import sessions_in

MAX_SUGGESTIONS = 5
MAX_CANDIDATES = 1500
"""Only this many of the latest commitments between the countries are compared with a paragraph."""

_LENGTH_EXPONENT = 0.35
"""How strongly the length of a commitment lowers its score."""
_MENTIONED_FACTOR = 0.7
"""A commitment that the text mentions already is less likely to be mentioned again."""
_LOWEST_SCORE = 0.1
"""A lower score, such as one common word, is no suggestion."""
_TRANSLATED_FACTOR = 0.8
"""A translated stem says less than one that the paragraph itself has."""
_SYNONYM_FACTOR = 0.2
_NUMBER_FACTOR = 2
"""The number of a session and an amount say more than a word."""
_OTHER_AMOUNT = 0.5
"""A commitment to another amount than that which a paragraph reports."""
_TELLS = ("", Modality.WELCOMED, Modality.EXPECTED)
"""Modalities of paragraphs that tell how things stand: their amounts are no targets."""
_NO_HOLDERS: tuple[float, list[int]] = (0, [])


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The sessions and the amounts that a text names."""

    sessions: frozenset[int] = frozenset()
    amounts: frozenset[Decimal] = frozenset()

    @classmethod
    def of(cls, text: str) -> "_Numbers":
        return cls(frozenset(sessions_in(text)), amounts_in(text))

    @property
    def as_stems(self) -> frozenset[str]:
        """The numbers as keys of the index. No stem of a word has a space."""
        return frozenset(
            [
                *(f"session {number}" for number in self.sessions),
                *(f"amount {number}" for number in self.amounts),
            ]
        )


@dataclass(frozen=True, slots=True)
class SuggestionIndex:
    """An index of the words of commitments, to be compared with paragraphs.

    ``by_stem`` maps a stem to its weight and the primary keys of the commitments that contain it. ``lengths``
    holds the number of stems of each commitment, ``languages`` its language, ``numbers`` those that it names.
    """

    commitments: dict[int, Commitment] = field(default_factory=dict)
    by_stem: dict[str, tuple[float, list[int]]] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, _Numbers] = field(default_factory=dict)

    def for_paragraph(
        self,
        text: str,
        *,
        wording: Wording | None = None,
        exclude: Collection[int] = (),
        mentioned: Collection[int] = (),
    ) -> list[Commitment]:
        """At most five suggestions for ``text``, the best first; ``mentioned`` ones are ranked lower.

        ``wording`` is that of ``text``, if it is known. A courtesy gets no suggestion.
        """
        wording = wording or wording_of(text)
        if wording.is_courtesy or not self.commitments:
            return []
        stems, numbers = stems_of(text), _Numbers.of(text)
        scores: defaultdict[int, float] = defaultdict(float)
        for stem in stems:
            self._add(scores, stem, 1)
        for stem in numbers.as_stems:
            self._add(scores, stem, _NUMBER_FACTOR)
        related = glossary().related(text, wording.language)
        for stem, share in related.synonyms.items():
            self._add(scores, stem, _SYNONYM_FACTOR * share, known=stems)
        for stem, share in related.translated.items():
            self._add(scores, stem, _TRANSLATED_FACTOR * share, known=stems, outside=wording.language)
        norm = math.sqrt(len(stems) or 1)
        ranked = []
        for pk, score in scores.items():
            score *= (_MENTIONED_FACTOR if pk in mentioned else 1) / self.lengths[pk] ** _LENGTH_EXPONENT
            score *= self._agreement(pk, numbers, is_target=wording.modality not in _TELLS)
            if pk not in exclude and score / norm >= _LOWEST_SCORE:
                ranked.append((-score, pk))
        return [self.commitments[pk] for _score, pk in sorted(ranked)[:MAX_SUGGESTIONS]]

    def _add(
        self,
        scores: dict[int, float],
        stem: str,
        factor: float,
        *,
        known: Collection[str] = (),
        outside: str = "",
    ) -> None:
        """Add what ``stem`` says to the ``scores`` of its holders, unless it is ``known`` already.

        Those in the language ``outside`` are left out.
        """
        weight, holders = _NO_HOLDERS if stem in known else self.by_stem.get(stem, _NO_HOLDERS)
        for pk in holders:
            if not outside or self.languages[pk] != outside:
                scores[pk] += weight * factor

    def _agreement(self, pk: int, numbers: "_Numbers", *, is_target: bool) -> float:
        """A factor by the numbers of a paragraph and a commitment: 0 for another session or target."""
        own = self.numbers[pk]
        if own.sessions and numbers.sessions and not own.sessions & numbers.sessions:
            return 0
        if own.amounts and numbers.amounts and not own.amounts & numbers.amounts:
            return 0 if is_target else _OTHER_AMOUNT
        return 1


def suggestion_index(visible: CommitmentQuerySet, codes: Collection[str]) -> SuggestionIndex:
    """Index the commitments between the countries ``codes`` in one query; none without countries."""
    if not codes:
        return SuggestionIndex()
    latest = between(visible, codes).order_by("-pk")[:MAX_CANDIDATES]
    return _indexed(latest.only("reference", "title", "text", "status", "search_text"))


def _indexed(rows: Iterable[Commitment]) -> SuggestionIndex:
    commitments = {row.pk: row for row in rows}
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    lengths, languages, numbers = {}, {}, {}
    for pk, row in commitments.items():
        own = f"{row.title}\n{row.text}"
        stems = stems_of_folded(row.search_text)
        lengths[pk] = max(len(stems), 1)
        languages[pk] = language_of(own)
        numbers[pk] = _Numbers.of(own)
        for stem in stems | numbers[pk].as_stems:
            by_stem[stem].append(pk)
    total = len(commitments) + 1
    weights = {stem: (math.log(total / len(pks)), pks) for stem, pks in by_stem.items()}
    return SuggestionIndex(commitments, weights, lengths, languages, numbers)
