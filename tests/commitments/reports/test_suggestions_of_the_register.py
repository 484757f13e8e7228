"""How often paragraphs of other languages find the entries of the shipped register that they restate."""

from collections import defaultdict

import pytest

from bench.suggestions.evaluation import Trial, restatements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_restatements_in_other_languages_find_their_entries() -> None:
    by_language: defaultdict[str, list[Trial]] = defaultdict(list)
    for trial in restatements():
        by_language[trial.group.rpartition(" ")[2]].append(trial)
    assert {language: len(trials) >= 10 for language, trials in by_language.items() if language != "es"} == {
        language: True for language in ("vi", "km", "fr", "pt")
    }
    for language, trials in by_language.items():
        assert sum(each.is_found for each in trials) >= 0.9 * len(trials), language
        assert sum(each.is_first for each in trials) >= 0.75 * len(trials), language
