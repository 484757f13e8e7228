"""Spans of days in words."""

import datetime as dt

import pytest

from core.days import span_of_days


@pytest.mark.parametrize(
    ("first", "last", "short", "long"),
    [
        ((2026, 10, 16), None, "16 Oct 2026", "16 October 2026"),
        ((2026, 10, 16), (2026, 10, 16), "16 Oct 2026", "16 October 2026"),
        ((2026, 10, 16), (2026, 10, 17), "16–17 Oct 2026", "16–17 October 2026"),
        ((2026, 9, 30), (2026, 10, 2), "30 Sep – 2 Oct 2026", "30 September – 2 October 2026"),
        ((2026, 12, 30), (2027, 1, 2), "30 Dec 2026 – 2 Jan 2027", "30 December 2026 – 2 January 2027"),
    ],
)
def test_a_span_says_no_part_twice(first: tuple, last: tuple | None, short: str, long: str) -> None:
    days = dt.date(*first), dt.date(*last) if last else None
    assert span_of_days(*days) == short
    assert span_of_days(*days, long=True) == long
