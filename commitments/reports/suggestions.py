"""Which commitments a paragraph most likely speaks of: between the same countries, and in the same words."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.reports.agenda import between
from relations.names import fold_names

LIKELY = 5
MOST_CANDIDATES = 1500
"""The latest commitments between the countries are compared; the search finds every other."""

_STEM, _SHORTEST, _CLUSTER = 6, 3, 4
_LENGTH_WEIGHS = 0.35
_AGAIN = 0.7
"""One that was spoken of in this text already is less likely to come a second time."""
_LEAST = 0.1
"""One word in common that many use is no likeness; below this nothing is offered."""
_NOBODY: tuple[float, list[int]] = (0, [])
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_SAYS_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "the and for that this with from which their they them its are was were has have had been will would "
        "shall should not but also both other into more than who all any each such said two sides agreed "
        "countries cua cac cho voi trong nhung duoc hai ben nuoc vao den khong mot nay",
    )
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Commitments with the words in which they were spoken of, ready to be compared with paragraphs."""

    commitments: dict[int, Commitment]
    by_stem: dict[str, tuple[float, list[int]]]
    lengths: dict[int, int]

    def for_paragraph(
        self, text: str, *, without: Collection[int] = (), spoken: Collection[int] = ()
    ) -> list[Commitment]:
        """The likeliest for ``text``, at most five; ``without`` are left out, ``spoken`` ranked lower."""
        scores: defaultdict[int, float] = defaultdict(float)
        stems = stems_of(text)
        for stem in stems:
            weight, holders = self.by_stem.get(stem, _NOBODY)
            for pk in holders:
                scores[pk] += weight
        most = math.sqrt(len(stems) or 1)
        ranked = []
        for pk, score in scores.items():
            score *= (_AGAIN if pk in spoken else 1) / self.lengths[pk] ** _LENGTH_WEIGHS
            if pk not in without and score / most >= _LEAST:
                ranked.append((-score, pk))
        return [self.commitments[pk] for _score, pk in sorted(ranked)[:LIKELY]]


def likely_among(visible: CommitmentQuerySet, codes: Collection[str]) -> Suggestion:
    """Those that may be spoken of when ``codes`` meet; one query, whatever the number of paragraphs."""
    rows = between(visible, codes) if codes else visible
    latest = rows.order_by("-pk")[:MOST_CANDIDATES]
    return _indexed(latest.only("reference", "title", "status", "search_text"))


def _indexed(rows: Iterable[Commitment]) -> Suggestion:
    commitments = {row.pk: row for row in rows}
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    lengths = {}
    for pk, row in commitments.items():
        stems = _stems_of_folded(row.search_text)
        lengths[pk] = max(len(stems), 1)
        for stem in stems:
            by_stem[stem].append(pk)
    rarity = len(commitments) + 1
    weighed = {stem: (math.log(rarity / len(pks)), pks) for stem, pks in by_stem.items()}
    return Suggestion(commitments, weighed, lengths)


def stems_of(text: str) -> frozenset[str]:
    """The beginnings of the words of ``text`` that say something; of unspaced writing, its clusters."""
    return _stems_of_folded(fold_names(text))


def _stems_of_folded(text: str) -> frozenset[str]:
    stems = {
        word[:_STEM] for word in _WORD.findall(text) if len(word) >= _SHORTEST and word not in _SAYS_NOTHING
    }
    for run in _UNSPACED.findall(text):
        stems.update(run[n : n + _CLUSTER] for n in range(max(len(run) - _CLUSTER + 1, 1)))
    return frozenset(stems)
