"""Suggests the commitments that a paragraph probably mentions: same countries, similar words."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.reports.agenda import between
from commitments.services.wording import stems_of, stems_of_folded

MAX_SUGGESTIONS = 5
MAX_CANDIDATES = 1500
"""Only this many of the latest commitments between the countries are compared with a paragraph."""

_LENGTH_EXPONENT = 0.35
"""How strongly the length of a commitment lowers its score."""
_MENTIONED_FACTOR = 0.7
"""A commitment that the text mentions already is less likely to be mentioned again."""
_LOWEST_SCORE = 0.1
"""A lower score, such as one common word, is no suggestion."""
_NO_HOLDERS: tuple[float, list[int]] = (0, [])


@dataclass(frozen=True, slots=True)
class SuggestionIndex:
    """An index of the words of commitments, to be compared with paragraphs.

    ``by_stem`` maps a stem to its weight and the primary keys of the commitments that contain it. ``lengths``
    holds the number of stems of each commitment.
    """

    commitments: dict[int, Commitment]
    by_stem: dict[str, tuple[float, list[int]]]
    lengths: dict[int, int]

    def for_paragraph(
        self, text: str, *, exclude: Collection[int] = (), mentioned: Collection[int] = ()
    ) -> list[Commitment]:
        """At most five suggestions for ``text``, the best first; ``mentioned`` ones are ranked lower."""
        scores: defaultdict[int, float] = defaultdict(float)
        stems = stems_of(text)
        for stem in stems:
            weight, holders = self.by_stem.get(stem, _NO_HOLDERS)
            for pk in holders:
                scores[pk] += weight
        norm = math.sqrt(len(stems) or 1)
        ranked = []
        for pk, score in scores.items():
            score *= (_MENTIONED_FACTOR if pk in mentioned else 1) / self.lengths[pk] ** _LENGTH_EXPONENT
            if pk not in exclude and score / norm >= _LOWEST_SCORE:
                ranked.append((-score, pk))
        return [self.commitments[pk] for _score, pk in sorted(ranked)[:MAX_SUGGESTIONS]]


def suggestion_index(visible: CommitmentQuerySet, codes: Collection[str]) -> SuggestionIndex:
    """Index the commitments between the countries ``codes`` (all where there are none) in one query."""
    rows = between(visible, codes) if codes else visible
    latest = rows.order_by("-pk")[:MAX_CANDIDATES]
    return _indexed(latest.only("reference", "title", "status", "search_text"))


def _indexed(rows: Iterable[Commitment]) -> SuggestionIndex:
    commitments = {row.pk: row for row in rows}
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    lengths = {}
    for pk, row in commitments.items():
        stems = stems_of_folded(row.search_text)
        lengths[pk] = max(len(stems), 1)
        for stem in stems:
            by_stem[stem].append(pk)
    total = len(commitments) + 1
    weights = {stem: (math.log(total / len(pks)), pks) for stem, pks in by_stem.items()}
    return SuggestionIndex(commitments, weights, lengths)
