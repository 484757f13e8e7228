"""The labels of papers in five languages: 95 in 100 are right, and the others are flagged."""

from collections import Counter

import pytest

from bench.papers.annotated import Found, Verdict, judged, papers


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return [each for paper in papers() for each in judged(paper)]


def test_the_set_has_400_labels_in_five_languages(found: list[Found]) -> None:
    assert len(found) >= 400
    assert {paper.language for paper in papers()} >= {"en", "fr", "km", "pt", "vi"}


def test_the_labels_are_right_or_flagged(found: list[Found]) -> None:
    counts = Counter(each.verdict for each in found)
    assert [each for each in found if each.verdict == Verdict.WRONG] == []
    assert counts[Verdict.RIGHT] >= 0.95 * len(found)
