"""The days that a text names, as its language writes them."""

import datetime as dt

import pytest

from relations.services.dates_in_text import days_in


def day(year: int, month: int, number: int) -> dt.date:
    return dt.date(year, month, number)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Phnom Penh, 12 July 2024.", day(2024, 7, 12), day(2024, 7, 12)),
        ("on the 3rd of March, 2025", day(2025, 3, 3), day(2025, 3, 3)),
        ("held on 8–9 December 2025 in Tay Ninh", day(2025, 12, 8), day(2025, 12, 9)),
        ("from 8 to 9 December 2025", day(2025, 12, 8), day(2025, 12, 9)),
        ("July 12-13, 2024", day(2024, 7, 12), day(2024, 7, 13)),
        ("on 5 Sept. 2025", day(2025, 9, 5), day(2025, 9, 5)),
        ("ngày 12 tháng 7 năm 2024", day(2024, 7, 12), day(2024, 7, 12)),
        ("từ ngày 12 đến ngày 13 tháng 7 năm 2024", day(2024, 7, 12), day(2024, 7, 13)),
        ("ngày 03/04/2025", day(2025, 4, 3), day(2025, 4, 3)),
        ("dated 2025-04-03", day(2025, 4, 3), day(2025, 4, 3)),
        ("ថ្ងៃទី១២ ខែកក្កដា ឆ្នាំ២០២៤", day(2024, 7, 12), day(2024, 7, 12)),
    ],
)
def test_days_in_the_languages_of_the_register(text: str, first: dt.date, last: dt.date) -> None:
    [found] = days_in(text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["03/04/2025", "31 February 2025", "in 2026", "12 May", "5 Foo 2025", "ngày 40 tháng 7 năm 2024", ""],
)
def test_what_is_no_day_or_could_be_two_is_left_out(text: str) -> None:
    assert days_in(text) == []


def test_days_come_in_the_order_of_the_text() -> None:
    found = days_in("ngày 2 tháng 1 năm 2025, then 1 January 2024, then 2023-01-01")
    assert [each.first.year for each in found] == [2025, 2024, 2023]
