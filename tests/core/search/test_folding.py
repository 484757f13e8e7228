"""Folding: which spellings are the same."""

import unicodedata

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
        ("a\u200bb \u200b c\u2060d\ufeff", "ab cd"),
        ("scho\u00adlarships", "scholarships"),
        ("\u202bKHVN\u200f\u202c", "khvn"),
        (
            "KHVN\u20112025\u2010014 a\u2012b\u2013c\u2014d\u2212e\u2043f\ufe63g",
            "khvn-2025-014 a-b-c-d-e-f-g",
        ),
        ("ﬁnance oﬃce", "finance office"),
        ("Œuvre cæsar", "oeuvre caesar"),
        ("ΣΟΦΟΣ σοφός", "σοφοσ σοφοσ"),
        ("Пётр петр й", "петр петр й"),
        ("مُحَمَّد أحمد إسلام آمن ٱلله", "محمد احمد اسلام امن الله"),
        ("مكتبة على هیئت", "مكتبه علي هييت"),
        ("مـــصر", "مصر"),
        ("שָׁלוֹם", "שלום"),
        ("٢٠٢٥ ២០២៥ ๒๐๒๕ ２０２５", "2025 2025 2025 2025"),
        ("㎡ x² ½", "m2 x2 1/2"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u179f\u17d2\u178f\u17d2\u179a\u17b8", "\u179f\u17d2\u178a\u17d2\u179a\u17b8"),
        ("\u179f\u17d2\u178f\u17d2\u179a\u17b8", "\u179f\u17d2\u179a\u17d2\u178f\u17b8"),
        ("\u1780\u17be", "\u1780\u17c1\u17b8"),
        ("\u1780\u17c4", "\u1780\u17b6\u17c1"),
        ("\u1794\u17c9\u17b8", "\u1794\u17bb\u17b8"),
        ("\u179f\u17ca\u17b8", "\u179f\u17b8\u17bb"),
        ("\u1787\u17bb\u17c6", "\u1787\u17c6\u17bb"),
        ("\u1780\u17d2\u179a\u17b6", "\u1780\u17b6\u17d2\u179a"),
        ("\u1780\u17b7", "\u1780\u17b7\u17b7"),
        ("\u1780\u17d2\u179a", "\u1780\u17b5\u17d2\u200b\u179a"),
    ],
    ids=[
        "da",
        "ro first",
        "oe",
        "oo",
        "u above",
        "u last",
        "nikahit",
        "subscript last",
        "twice",
        "invisible",
    ],
)
def test_khmer_that_looks_alike_is_the_same(one: str, other: str) -> None:
    assert one != other
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ខែ", "ខេ"), ("ប៉ា", "ប៊ា"), ("កុំ", "កំ"), ("ដ", "ត"), ("មុំ", "ម៉ំ"), ("й", "и")]
)
def test_letters_that_differ_for_a_reader_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(WRITTEN)
def test_canonically_equivalent_texts_are_folded_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


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
        ("son œuvre!", "oeuvre", "œuvre"),
        ("the scho\u00adlar\u00ad here", "scholar", "scho\u00adlar"),
        ("a\u200b \u200b\u2060 ﬁn", "fin", "ﬁn"),
        ("ព្រំ\u200bដែន", "ព្រំដែន", "ព្រំ\u200bដែន"),
        ("ប្រជុំកេីត!", "កើត", "កេីត"),
        ("ថ្ងៃទី២៥", "25", "២៥"),
        ("وزارة الخَارِجِيَّة", "الخارجيه", "الخَارِجِيَّة"),
    ],
)
def test_a_match_maps_back_to_the_original_text(text: str, word: str, stretch: str) -> None:
    folded = fold_names_in_place(text)
    at = folded.text.index(word)
    begin, end = folded.original(at, at + len(word))
    assert text[begin:end] == stretch
