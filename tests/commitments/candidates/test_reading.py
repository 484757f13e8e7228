"""The reader of texts: what is proposed, and what is not."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.candidates.reading import CandidateClass, Reading, read

PAIR = ("KH", "VN")


def quotes(reading: Reading, cls: CandidateClass = CandidateClass.COMMITMENT) -> list[str]:
    return [" ".join(each.quote.split()) for each in reading.candidates if each.cls == cls]


def test_each_undertaking_of_a_list_is_a_candidate_of_its_own() -> None:
    text = "The two sides agreed to open a second ferry line, extend the opening hours and train the crews."
    assert quotes(read(text, parties=PAIR)) == [
        "The two sides agreed to open a second ferry line",
        "extend the opening hours",
        "train the crews",
    ]


def test_a_quote_stands_at_its_place_in_the_text_as_given() -> None:
    text = "A note.\r\n\r\nHai bên nhất trí mở tuyến phà thứ hai.\r\n"
    [candidate] = read(text, parties=PAIR).candidates
    assert text[candidate.start : candidate.end] == candidate.quote == "Hai bên nhất trí mở tuyến phà thứ hai"


def test_places_count_code_points_of_a_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "Hai bên nhất trí mở tuyến phà thứ hai.")
    [candidate] = read(text, parties=PAIR).candidates
    assert text[candidate.start : candidate.end] == candidate.quote == text[:-1]


def test_slots_of_a_promise_of_one_side() -> None:
    text = "The talks were on 4 May 2026. Japan will provide Laos with 12 million USD for bridges by 2028."
    [candidate] = read(text, parties=("LA", "JP")).candidates
    assert (candidate.obligated, candidate.kind, candidate.modality) == (("JP",), "made", "will")
    assert candidate.nature == "support"
    assert candidate.deadline is not None
    assert (candidate.deadline.earliest, candidate.deadline.latest) == (None, dt.date(2028, 12, 31))
    assert candidate.figure is not None
    assert (candidate.figure.value, candidate.figure.unit) == (Decimal(12_000_000), "USD")


@pytest.mark.parametrize(
    "text",
    [
        "The two sides did not agree to open a second ferry line.",
        "The President expressed confidence that the two countries will reach new heights.",
        "In 1998 the two countries agreed to open embassies.",
        "The Prime Minister will visit the museum on Friday.",
        "Trade between the two countries will reach 4 billion USD.",
        "Ladies and gentlemen, I am glad to be here. We will always stand together.",
    ],
)
def test_what_is_no_undertaking_is_not_proposed(text: str) -> None:
    assert read(text, parties=PAIR).candidates == ()


def test_a_text_in_another_language_is_said_to_be_unread() -> None:
    text = "Les deux parties sont convenues de renforcer leur coopération dans la santé et les transports."
    reading = read(text, parties=PAIR)
    assert reading.candidates == ()
    assert [text[each.start : each.end] for each in reading.unread] == [text]


PIECES = st.sampled_from(
    [
        *(
            "The two sides agreed to ",
            "Viet Nam will ",
            "called on Cambodia to ",
            "it was agreed that ",
            "shall ",
        ),
        *(
            "open a ferry line",
            "hold the 3rd session",
            " in 2027",
            "; and ",
            ", ",
            ".\r\n",
            ":\n- ",
            "\n\n",
            "(a) ",
        ),
        *(
            "Hai bên nhất trí ",
            "tăng cường hợp tác",
            "Việt Nam sẽ ",
            "e\u0301",
            "\u200b",
            "𐍈",
            "ព្រៃ",
            "İ",
            "\u2028",
        ),
    ]
)


@pytest.mark.fuzz
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).map("".join))
def test_whatever_is_read_is_quoted_as_it_stands(text: str) -> None:
    reading = read(text, parties=PAIR)
    for each in reading.candidates:
        assert text[each.start : each.end] == each.quote
        assert set(each.obligated) <= set(PAIR)
    for part in reading.unread:
        assert 0 <= part.start < part.end <= len(text)
