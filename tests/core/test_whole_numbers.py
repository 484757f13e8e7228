"""Whole numbers in what a request sends."""

import pytest

from core.whole_numbers import LARGEST, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("999999999999999999", 999999999999999999),
        ("1" + "0" * 18, LARGEST),
        ("9" * 5000, LARGEST),
        *((text, None) for text in ("", "²", "٣", "-1", "+1", " 1", "1_0", "1.0", "x")),
    ],
)
def test_only_the_digits_0_to_9_are_a_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number
