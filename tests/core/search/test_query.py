"""The terms of search queries."""

import pytest

from core.search.query import Term, terms_of
from relations.names import search_terms


def found(words: str) -> list[str]:
    """The terms, an excluded one with its minus."""
    return [("-" if term.excluded else "") + term.text for term in terms_of(words)]


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("border gate", ["border", "gate"]),
        ("gate gate", ["gate"]),
        ('"border gate" river', ["border gate", "river"]),
        ("mekong -united", ["mekong", "-united"]),
        ('-"border gate" river', ["-border gate", "river"]),
        ("--united", ["-united"]),
        ("land-border", ["land-border"]),
        ("vietnam - cambodia", ["vietnam", "cambodia"]),
        ('"border gate', ["border", "gate"]),
        ('border gate"', ["border", "gate"]),
        ('river "border gate" "soon', ["river", "border gate", "soon"]),
        ('-"border gate', ["-border", "gate"]),
        ('border"gate', ["border", "gate"]),
        ('"" - -"" "  "', []),
        ('"', []),
        ("", []),
        ("% _ * ^ and or near", ["%", "_", "*", "^", "and", "or", "near"]),
        ("near(border {gate} a:b", ["near(border", "gate", "a:b"]),
        ("hun manet, border", ["hun", "manet", "border"]),
        ("scholarships.", ["scholarships"]),
        ("(khvn-2025-014).", ["khvn-2025-014"]),
        ("-(united), mekong;", ["-united", "mekong"]),
        ('"border gate." -"the sea,"', ["border gate", "-the sea"]),
        ("border , ... / & ! gate", ["border", "gate"]),
        ("parties' o'brien", ["parties", "o'brien"]),
        ("50% #3 3.5 -", ["50%", "#3", "3.5"]),
        ("¿border? 「gate」 ព្រំដែន។", ["border", "gate", "ព្រំដែន"]),
        (". ,", [".", ","]),
    ],
)
def test_nothing_but_quotes_spaces_and_minus_has_a_meaning(words: str, terms: list[str]) -> None:
    assert found(words) == terms


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("“Việt Nam” –lào", [Term("vietnam"), Term("lao", excluded=True)]),
        ("-Viet Nam", [Term("vietnam", excluded=True)]),
        ("gate VIET N", [Term("gate"), Term("vietn")]),
        ("gate Viet Na", [Term("gate"), Term("vietna")]),
        ("soviet na", [Term("soviet"), Term("na")]),
        ("viet minh", [Term("viet"), Term("minh")]),
    ],
)
def test_words_are_spelt_as_they_are_stored(words: str, terms: list[Term]) -> None:
    assert list(search_terms(words)) == terms


@pytest.mark.parametrize(
    ("term", "text", "places"),
    [
        ("ate", "gate late", [(1, 4), (6, 9)]),
        ("ga", "gate agate (gait", [(0, 2), (12, 14)]),
        ("ga", "x (gate \n gas", [(3, 5), (10, 12)]),
        ("ga", "a-gate/gas", [(2, 4), (7, 9)]),
        ("g", "gate edge", [(0, 1)]),
        ("02", "2025-023", [(5, 7)]),
        ("25", "ថ្ងៃទី25 125", [(6, 8)]),
        ("%", "50% %", [(2, 3), (4, 5)]),
        (".*", "a.*b", [(1, 3)]),
        ("ខែ", "ប្រចាំខែនេះ", [(6, 8)]),
    ],
)
def test_a_short_word_begins_a_word_unless_words_are_not_spaced(
    term: str, text: str, places: list[tuple[int, int]]
) -> None:
    assert Term(term).places_in(text) == places
