"""The glossary: the shipped file, the file of a desk, and how terms are found in texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from commitments.services.glossary import LANGUAGES, SHIPPED, GlossaryError, glossary, read_glossary


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    glossary.cache_clear()
    yield
    glossary.cache_clear()


def terms(text: str, language: str) -> set[str]:
    known = glossary()
    return {known.terms[n].forms["en"][0] for n in known.terms_in(text, language)}


def test_every_shipped_term_has_one_translation_in_each_language() -> None:
    shipped = list(read_glossary(SHIPPED))
    assert len(shipped) > 200
    assert all(set(term.forms) == set(LANGUAGES) for term in shipped)
    english = [term.forms["en"][0].casefold() for term in shipped]
    assert sorted(english) == sorted(set(english))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_found_in_itself(language: str) -> None:
    known = glossary()
    for n, term in enumerate(known.terms):
        for form in term.forms[language]:
            assert n in known.terms_in(f"{form} 1", language), form


@pytest.mark.parametrize(
    ("language", "text", "term"),
    [
        ("en", "They signed two memoranda; the MoUs are on scholarships.", "scholarship"),
        ("vi", "Hai bên ký bản ghi nhớ.", "memorandum of understanding"),
        ("vi", "uỷ ban hỗn hợp", "joint committee"),
        ("vi", "hoà bình", "peace"),
        ("km", "ភាគីទាំងពីរបានចុះហត្ថលេខាលើអនុស្សរណៈនៃការយោគយល់គ្នា", "memorandum of understanding"),
        ("fr", "la démarcation de leur frontière", "border demarcation"),
        ("pt", "as comissões mistas", "cooperation"),
    ],
)
def test_terms_are_found_with_endings_and_spellings(language: str, text: str, term: str) -> None:
    assert (term in terms(text, language)) == (term != "cooperation")


def test_one_syllable_without_marks_is_no_term() -> None:
    assert "Laos" in terms("Hai bên hợp tác với Lào.", "vi")
    assert "Laos" not in terms("Hai bên nói về lao động.", "vi")
    assert "Laos" not in terms("hai ben noi ve lao dong", "vi")


def test_the_file_of_a_desk_adds_terms(tmp_path: Path, settings: Any) -> None:
    desk = tmp_path / "desk.csv"
    desk.write_text('en,km\n"Tonle Sap; Great Lake",ទន្លេសាប\n', encoding="utf-8")
    settings.GLOSSARY = str(desk)
    assert "Tonle Sap" in terms("បឹងទន្លេសាប", "km")
    assert glossary().related("ទន្លេសាប", "km").translated == {"tonle": 1, "sap": 1, "great": 0.6, "lake": 0.6}
    assert run_checks(tags=["commitments"]) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("en,xx\na,b\n", "Line 1: “xx” is no language of a glossary."),
        ("en,vi\na,b\nc,d,e\n", "Line 3 has more cells than the first line."),
        ("", "has no line with the languages"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_the_shipped_terms_stay(
    tmp_path: Path, settings: Any, content: str, message: str
) -> None:
    desk = tmp_path / "desk.csv"
    desk.write_text(content, encoding="utf-8")
    with pytest.raises(GlossaryError, match=message):
        list(read_glossary(desk))
    settings.GLOSSARY = str(desk)
    assert len(glossary().terms) == len(list(read_glossary(SHIPPED)))
    (found,) = run_checks(tags=["commitments"])
    assert (found.id, message in found.msg) == ("commitments.E001", True)


def test_a_missing_file_is_named(settings: Any, tmp_path: Path) -> None:
    settings.GLOSSARY = str(tmp_path / "no.csv")
    (found,) = run_checks(tags=["commitments"])
    assert "no.csv" in found.msg
