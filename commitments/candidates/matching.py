"""Recognises known commitments in passages by concepts, words and numbers, the rarer the heavier."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from commitments.candidates.concepts import concepts_in, lowered, stems_in
from core.english_words import ORDINALS

MOST_MATCHES = 5
RESTATED = 0.4
"""From this score on, a passage is taken to restate the commitment (``python -m bench.reader``)."""
_LOWEST = 0.12
_CONCEPT_WEIGHT = 1.6
_QUOTE_WEIGHT = 0.5
_MOST_SHARED = 6
_SAME = 0.04
_ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b|(?:lần thứ|khóa|thứ)\s+(\d{1,3})\b")
_WORDED_ORDINAL = re.compile(
    r"\b(twenty-)?("
    + "|".join(ORDINALS)
    + r")\b(?= (?:[\w-]+ ){0,4}(?:session|meeting|round|conference|edition))"
)
_MONEY = re.compile(r"(?:us\$|usd|\$)\s?(\d[\d.,]*)|(\d[\d.,]*)\s*(?:billion|million|tỷ|triệu)")


@dataclass(frozen=True, slots=True)
class KnownCommitment:
    """A commitment of the register, as far as the reader compares it."""

    reference: str
    title: str
    text: str = ""
    quotes: tuple[str, ...] = ()
    """Paragraphs that mention it."""
    theme: str = ""
    nature: str = ""
    obligated: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Match:
    """A known commitment that a passage may restate. ``score`` is from 0 to 1."""

    reference: str
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    known: KnownCommitment
    features: dict[str, float]
    norm: float
    sessions: frozenset[str]
    money: frozenset[str]


@dataclass(slots=True)
class KnownIndex:
    """Known commitments, prepared for the comparison with many passages."""

    entries: list[_Entry] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    holders: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, known: Iterable[KnownCommitment]) -> "KnownIndex":
        """Index ``known``."""
        index = cls()
        raw = [(each, _features_of(each)) for each in known]
        counts: defaultdict[str, int] = defaultdict(int)
        for _each, features in raw:
            for name in features:
                counts[name] += 1
        total = len(raw) + 1
        index.weights = {name: math.log(1 + total / count) for name, count in counts.items()}
        for each, features in raw:
            for name in features:
                index.holders[name].append(len(index.entries))
            weighted = {name: strength * index._weight(name) for name, strength in features.items()}
            norm = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
            whole = lowered(f"{each.title} {each.text}")
            index.entries.append(
                _Entry(each, weighted, norm, sessions_in(lowered(each.title)), _money_in(whole))
            )
        return index

    def _weight(self, name: str) -> float:
        unknown = math.log(2 + len(self.entries))
        weight = self.weights.get(name, unknown)
        return weight * (_CONCEPT_WEIGHT if name.startswith("=") else 1.0)

    def nearest(
        self, text: str, language: str, *, theme: str = "", nature: str = "", obligated: tuple[str, ...] = ()
    ) -> tuple[Match, ...]:
        """The five known commitments nearest to ``text``, the nearest first."""
        lower = lowered(text)
        names = _names_in(lower, language)
        if language != "en":
            # Words of another language than the register's say nothing but what a concept says for them.
            names = frozenset(name for name in names if name.startswith("=") or name in self.holders)
        features = {name: self._weight(name) for name in names}
        norm = math.sqrt(sum(weight * weight for weight in features.values())) or 1.0
        sessions, money = sessions_in(lower), _money_in(lower)
        found = []
        for number in {n for name in features for n in self.holders.get(name, ())}:
            entry = self.entries[number]
            if sessions and entry.sessions and not sessions & entry.sessions:
                continue  # the 17th session is not the 21st
            common = features.keys() & entry.features.keys()
            score = sum(features[name] * entry.features[name] for name in common) / (norm * entry.norm)
            if money and entry.money:
                score += 0.15 if money & entry.money else -0.2
            score += _SAME * (bool(theme) and theme == entry.known.theme) + _SAME * (
                bool(nature) and nature == entry.known.nature
            )
            score += _SAME * (bool(obligated) and set(obligated) == set(entry.known.obligated))
            if score >= _LOWEST:
                shared = sorted(common, key=lambda name: (-features[name] * entry.features[name], name))[
                    :_MOST_SHARED
                ]
                found.append((score, entry.known.reference, _shown(shared, lower)))
        found.sort(key=lambda each: (-each[0], each[1]))
        return tuple(
            Match(reference, round(min(score, 1.0), 3), shared)
            for score, reference, shared in found[:MOST_MATCHES]
        )


def _features_of(known: KnownCommitment) -> dict[str, float]:
    features: dict[str, float] = {}
    for text, strength in [
        (known.title, 1.0),
        (known.text, 0.7),
        *((quote, _QUOTE_WEIGHT) for quote in known.quotes),
    ]:
        for name in _names_in(lowered(text), known.language):
            features[name] = max(features.get(name, 0.0), strength)
    return features


def _names_in(lower: str, language: str) -> frozenset[str]:
    return stems_in(lower) | {f"={name}" for name in concepts_in(lower, language)}


def sessions_in(lower: str) -> frozenset[str]:
    """The numbers of sessions: "21st", "khóa 21", "twenty-first session"."""
    found = {one or other for one, other in _ORDINAL.findall(lower)}
    for match in _WORDED_ORDINAL.finditer(lower):
        found.add(str(ORDINALS[match[2]] + (20 if match[1] else 0)))
    return frozenset(found)


def _money_in(lower: str) -> frozenset[str]:
    return frozenset((one or other).rstrip(".,").replace(",", ".") for one, other in _MONEY.findall(lower))


def _shown(names: list[str], lower: str) -> tuple[str, ...]:
    """The features as words: the concept, or the word of the passage with that beginning."""
    shown: dict[str, None] = {}
    for name in names:
        if name.startswith("="):
            shown[name[1:].replace("_", " ")] = None
        else:
            match = re.search(rf"\b{re.escape(name)}\w*", lower)
            shown[match[0] if match else name] = None
    return tuple(shown)
