"""Compares what the reader of texts finds with what a person finds."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.reader.annotated import AnnotatedText, Expected, shipped_register
from commitments.candidates.reading import Candidate, CandidateClass, read

_OVERLAP = 0.5
"""So much of the shorter of two places must be common for them to be the same."""


@dataclass(slots=True)
class Figures:
    """The sums for some texts."""

    texts: int = 0
    expected: int = 0
    found: int = 0
    proposed: int = 0
    kind: int = 0
    obligated: int = 0
    deadlines: int = 0
    deadline: int = 0
    restated: int = 0
    first: int = 0
    among_five: int = 0
    in_empty: int = 0
    reports_in_empty: int = 0
    seconds: float = 0
    longest: float = 0
    misses: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The figures as text."""
        return [
            f"{self.texts} texts, {self.expected} undertakings, {self.proposed} proposed",
            f"recall {_share(self.found, self.expected)}, precision {_share(self.found, self.proposed)}",
            f"of those found: kind {_share(self.kind, self.found)}, who must act {_share(self.obligated, self.found)}, "
            f"latest day {_share(self.deadline, self.deadlines)}",
            f"known commitments: first {_share(self.first, self.restated)}, among five {_share(self.among_five, self.restated)}",
            f"in texts without undertakings: {self.in_empty} candidates, {self.reports_in_empty} reports",
            f"{self.seconds * 1000:.0f} ms, the slowest text {self.longest * 1000:.0f} ms",
        ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part} of {whole})" if whole else "–"


def measured(texts: Iterable[AnnotatedText]) -> Figures:
    """Read ``texts`` and compare."""
    figures = Figures()
    index, people = shipped_register()
    for each in texts:
        start = time.perf_counter()
        is_known = set(each.parties) <= {"KH", "VN", "LA"} and {"KH", "VN"} <= set(each.parties)
        reading = read(
            each.text, parties=each.parties, known=index if is_known else (), on=each.on, people=people
        )
        taken = time.perf_counter() - start
        figures.seconds += taken
        figures.longest = max(figures.longest, taken)
        _compare(figures, each, reading.candidates)
    return figures


def _compare(figures: Figures, text: AnnotatedText, candidates: Iterable[Candidate]) -> None:
    commitments = [each for each in candidates if each.cls == CandidateClass.COMMITMENT]
    figures.texts += 1
    figures.expected += len(text.expected)
    figures.proposed += len(commitments)
    if not text.expected:
        figures.in_empty += len(commitments)
        figures.reports_in_empty += sum(each.cls == CandidateClass.REPORT for each in candidates)
    pairs = sorted(
        (
            (_common(one, other), n, m)
            for n, one in enumerate(text.expected)
            for m, other in enumerate(commitments)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for common, n, m in pairs:
        if common >= _OVERLAP and n not in taken and m not in taken.values():
            taken[n] = m
    for n, expected in enumerate(text.expected):
        if n not in taken:
            figures.misses.append(f"missed ({text.name}): {_brief(text.text[expected.start : expected.end])}")
            continue
        _judge(figures, text, expected, commitments[taken[n]])
    for m, each in enumerate(commitments):
        if m not in taken.values():
            figures.misses.append(f"false ({text.name}) <{each.cue}>: {_brief(each.quote)}")


def _judge(figures: Figures, text: AnnotatedText, expected: Expected, found: Candidate) -> None:
    figures.found += 1
    figures.kind += found.kind == expected.kind
    if found.kind != expected.kind:
        figures.misses.append(f"kind ({text.name}) {expected.kind}, read {found.kind}: {_brief(found.quote)}")
    figures.obligated += found.obligated == expected.obligated
    if found.obligated != expected.obligated:
        figures.misses.append(
            f"who ({text.name}) {expected.obligated}, read {found.obligated}: {_brief(found.quote)}"
        )
    if expected.latest:
        latest = found.deadline.latest if found.deadline else None
        figures.deadlines += 1
        figures.deadline += latest == expected.latest
        if latest != expected.latest:
            figures.misses.append(
                f"day ({text.name}) {expected.latest}, read {found.deadline}: {_brief(found.quote)}"
            )
    if expected.reference:
        references = [match.reference for match in found.matches]
        figures.restated += 1
        figures.first += references[:1] == [expected.reference]
        figures.among_five += expected.reference in references
        if expected.reference not in references:
            figures.misses.append(
                f"known ({text.name}) {expected.reference}, read {references}: {_brief(found.quote)}"
            )


def _common(one: Expected, other: Candidate) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / min(one.end - one.start, other.end - other.start)


def _brief(text: str) -> str:
    return " ".join(text.split())[:110]
