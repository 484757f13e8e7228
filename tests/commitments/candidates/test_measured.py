"""The floors of the reader of texts on the annotated texts (``python -m bench.reader``)."""

import pytest

from bench.reader.annotated import FRESH, TUNED, annotated_texts
from bench.reader.measuring import measured


@pytest.mark.parametrize("files", [TUNED, FRESH])
def test_the_floors_hold(files: tuple[str, ...]) -> None:
    figures = measured(annotated_texts(*files))
    assert figures.found / figures.expected >= 0.95, figures.misses
    assert figures.found / figures.proposed >= 0.95, figures.misses
    assert figures.kind / figures.found >= 0.9, figures.misses
    assert figures.obligated / figures.found >= 0.95, figures.misses
    assert figures.among_five / figures.restated >= 0.9, figures.misses


def test_nothing_is_proposed_where_nothing_is_undertaken() -> None:
    figures = measured(annotated_texts("empty"))
    assert figures.texts >= 20
    assert (figures.in_empty, figures.reports_in_empty) == (0, 0), figures.misses


def test_each_text_is_between_the_countries_that_it_is_said_to_be() -> None:
    for text in annotated_texts(*TUNED, *FRESH):
        for expected in text.expected:
            assert set(expected.obligated) <= set(text.parties), text.name
