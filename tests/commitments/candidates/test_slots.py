"""What the reader of texts reads from an undertaking: who must act, until when, what kind it is."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments.candidates.deadlines import deadline_in
from commitments.candidates.reading import Candidate, read
from commitments.candidates.slots import figure_in, nature_of
from commitments.choices import Nature

ON = dt.date(2026, 11, 30)


def only(text: str, *parties: str) -> Candidate:
    [candidate] = read(text, parties=parties, on=ON).candidates
    return candidate


@pytest.mark.parametrize(
    ("text", "obligated"),
    [
        ("The Lao side will train 20 clerks of the Thai customs.", "LA"),
        ("Tokyo pledged to send two ferries to Laos.", "JP"),
        ("The two ministers agreed to open a ferry line.", "JP LA"),
        ("Laos and Japan will open a ferry line for both countries.", "JP LA"),
        (
            "Foreign Minister Aiko Mori of Japan visited Laos. Ms Mori promised to send two ferries to Laos.",
            "JP",
        ),
        ("The Lao side requested that Japan send two ferries.", "JP"),
        ("The Lao side called on the country to send two ferries.", "JP"),
        ("They agreed that the Japanese side would send two ferries.", "JP"),
        ("Ferries were discussed. It was agreed that a survey will be carried out by Japan.", "JP"),
        ("Phía Lào sẽ cử chuyên gia sang Nhật Bản.", "LA"),
        ("Hai bên nhất trí mở tuyến phà thứ hai.", "JP LA"),
        ("Lào đề nghị Nhật Bản cung cấp hai chiếc phà.", "JP"),
    ],
)
def test_who_must_act(text: str, obligated: str) -> None:
    parties = ("LA", "TH") if "Thai" in text else ("JP", "LA")
    assert only(text, *parties).obligated == tuple(obligated.split())


def test_sides_are_those_that_a_text_names_most_often() -> None:
    text = "Kenya and Rwanda agreed to open a ferry line. Rwanda and Kenya met without Uganda."
    assert read(text).parties == ("KE", "RW")


@pytest.mark.parametrize(
    ("language", "wording", "earliest", "latest"),
    [
        ("en", "in the first half of next year", "2027-01-01", "2027-06-30"),
        ("en", "by year-end", None, "2026-12-31"),
        ("en", "before the end of June", None, "2027-06-30"),
        ("en", "within six months", None, "2027-05-30"),
        ("en", "within 90 days of signature", None, None),
        ("en", "in March", "2027-03-01", "2027-03-31"),
        ("en", "soon", None, None),
        ("vi", "trong quý II năm tới", "2027-04-01", "2027-06-30"),
        ("vi", "trước ngày 30/6/2027", None, "2027-06-29"),
        ("vi", "đến năm 2030", None, "2030-12-31"),
    ],
)
def test_deadlines_are_counted_from_the_day_of_the_text(
    language: str, wording: str, earliest: str | None, latest: str | None
) -> None:
    text = f"open a ferry line {wording}"
    found = deadline_in(text, text.lower(), language, ON)
    assert found is not None
    assert found.wording == wording
    assert [day and day.isoformat() for day in (found.earliest, found.latest)] == [earliest, latest]


def test_what_was_over_is_no_deadline() -> None:
    text = "carry out the plan of 2019, in force until 2024"
    assert deadline_in(text, text, "en", ON) is None


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("sign an agreement on ferries", Nature.INSTRUMENT_TO_CONCLUDE),
        ("carry out the agreement on ferries", Nature.INSTRUMENT_TO_IMPLEMENT),
        ("hold the third session", Nature.EVENT),
        ("raise trade to 3 billion usd", Nature.TARGET),
        ("never allow hostile forces on their soil", Nature.PRINCIPLE),
        ("work together on ferries", Nature.COOPERATION),
        ("tổ chức kỳ họp lần thứ ba", Nature.EVENT),
        ("ký kết hiệp định về phà", Nature.INSTRUMENT_TO_CONCLUDE),
    ],
)
def test_nature(text: str, nature: Nature) -> None:
    assert nature_of(text, has_figure="3" in text, is_one_sided=False) == nature


def test_help_of_one_side_is_support() -> None:
    assert nature_of("provide two ferries", has_figure=False, is_one_sided=True) == Nature.SUPPORT


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "US$2.5 billion", 2_500_000_000, "USD"),
        ("en", "1,200 scholarships", 1200, "scholarships"),
        ("en", "15 per cent", 15, "%"),
        ("vi", "2,5 tỷ USD", 2_500_000_000, "USD"),
        ("vi", "1.200 học bổng", 1200, "học bổng"),
    ],
)
def test_figures_are_read_as_the_language_writes_them(
    language: str, text: str, value: int, unit: str
) -> None:
    figure = figure_in(text, text.lower(), language)
    assert figure is not None
    assert (figure.value, figure.unit) == (Decimal(value), unit)
