"""``python -m bench.papers``: how many labels of papers are read as a person reads them, and in what time."""

import sys
import time
from collections import Counter

from bench.papers.annotated import Found, Verdict, judged, papers


def main() -> None:
    """Print each label that is not right, and the sums for each language and for all."""
    sums: dict[str, Counter[Verdict]] = {}
    start = time.perf_counter()
    results: list[tuple[str, str, list[Found]]] = [
        (each.language, each.kind, judged(each)) for each in papers()
    ]
    taken = time.perf_counter() - start
    for language, kind, found in results:
        for each in found:
            sums.setdefault(language, Counter())[each.verdict] += 1
            sums.setdefault("all", Counter())[each.verdict] += 1
            if each.verdict != Verdict.RIGHT:
                show(f"{each.verdict}: {language}, {kind}: {each.expected!r} was read as {each.read!r}")
    for language, counts in sums.items():
        show(
            f"{language}: {counts.total()} labels, {counts[Verdict.RIGHT]} right,"
            f" {counts[Verdict.FLAGGED]} flagged, {counts[Verdict.WRONG]} wrong"
        )
    show(f"{len(results)} papers in {taken * 1000:.0f} ms")


def show(text: str) -> None:
    """Print ``text``."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
