"""Folding: which spellings are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.folding import fold, fold_in_place
from relations.names import fold_names, fold_names_in_place

WRITTEN = st.text(
    st.one_of(
        st.characters(max_codepoint=0x24F),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.characters(min_codepoint=0x1780, max_codepoint=0x17F9),
        st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.sampled_from(" \n\u00a0đĐ’–“ViệtNam"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)
"""Latin, combining marks, Khmer, Hangul jamo, Vietnamese, and any other text."""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lê Hoài Trung", "le hoai trung"),
        ("Đà Nẵng", "da nang"),
        ("  BIÊN   GIỚI ", "bien gioi"),
        ("Phạm Minh Chính", "pham minh chinh"),
        ("ព្រំដែន", "ព្រំដែន"),
        ("Tan Nam – Meun Chey", "tan nam - meun chey"),
        ("“Cầu” « nối » ‘hai’ bờ", '"cau" " noi " \'hai\' bo'),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("name", ["Viet Nam", "Vietnam", "Việt Nam", "VIỆT  NAM", "viet nam"])
def test_one_country_has_one_spelling(name: str) -> None:
    assert fold_names(f"to {name}-Cambodia") == "to vietnam-cambodia"


@given(WRITTEN)
def test_folding_in_place_is_folding(text: str) -> None:
    folded = fold_in_place(text)
    assert folded.text == fold(text)
    assert len(folded.begins) == len(folded.ends) == len(folded.text)
    assert list(folded.begins) == sorted(folded.begins)
    assert all(0 <= begin < end <= len(text) for begin, end in zip(folded.begins, folded.ends, strict=True))


@given(
    st.lists(st.sampled_from(["Việt", "Viet", "nam", " ", "  ", "\n", "-", "Vietnam", "x", "Đ"]), max_size=9)
)
def test_names_are_folded_alike_in_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert fold_names_in_place(text).text == fold_names(text)


@pytest.mark.parametrize(
    ("text", "word", "stretch"),
    [
        ("của Việt  Nam và", "vietnam", "Việt  Nam"),
        ("Đà Nẵng", "nang", "Nẵng"),
        ("die Straße dort", "strasse", "Straße"),
        ("Le\u0302 Hoa\u0300i", "hoai", "Hoa\u0300i"),
        ("កិច្ចប្រជុំព្រំដែន", "ព្រំដែន", "ព្រំដែន"),
    ],
)
def test_a_match_maps_back_to_the_original_text(text: str, word: str, stretch: str) -> None:
    folded = fold_names_in_place(text)
    at = folded.text.index(word)
    begin, end = folded.original(at, at + len(word))
    assert text[begin:end] == stretch
