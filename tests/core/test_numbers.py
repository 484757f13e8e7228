"""Typed numbers are read in the format of the language, and shown back where they have two meanings."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.numbers import NumberField, read_number, written


@pytest.mark.parametrize(
    ("language", "typed", "number", "is_sure"),
    [
        ("en", "20", "20", True),
        ("en", "-20.5", "-20.5", True),
        ("en", "0.125", "0.125", True),
        ("en", "1500.000", "1500", True),
        ("en", "1,500.25", "1500.25", True),
        ("en", "1,500,000", "1500000", True),
        ("en", "20 000", "20000", True),
        ("en", "20.000", "20", False),
        ("en", "20,000", "20000", False),
        ("en", "20,5", "20.5", False),
        ("en", "1.500,25", "1500.25", False),
        ("vi", "20,5", "20.5", True),
        ("vi", "1.500.000", "1500000", True),
        ("vi", "20.000", "20000", False),
        ("vi", "20.5", "20.5", False),
    ],
)
def test_a_number_is_read_in_the_format_of_the_language(
    language: str, typed: str, number: str, is_sure: bool
) -> None:
    with translation.override(language):
        assert read_number(typed) == (Decimal(number), is_sure)
        assert read_number(written(Decimal(number))) == (Decimal(number), True)


@pytest.mark.parametrize("typed", ["", "x", "1.2.3", "1,50,0", "1e5", "NaN", "--1", "1.", "2 5"])
def test_what_is_no_number_is_not_read(typed: str) -> None:
    assert read_number(typed)[0] is None


@pytest.mark.parametrize(("number", "text"), [("20.000000", "20"), ("20.125", "20.1250"), ("0.125", "0.125")])
def test_a_number_is_written_with_one_meaning(number: str, text: str) -> None:
    assert written(Decimal(number)) == text


def test_a_number_with_two_meanings_is_refused_and_shown_as_it_was_read() -> None:
    field = NumberField(max_digits=24, decimal_places=6)
    with pytest.raises(ValidationError, match="“20.000” was read as 20"):
        field.clean("20.000")
    shown = field.prepare_value(field.bound_data("20.000", None))
    assert (shown, field.clean(shown)) == ("20", Decimal(20))
    assert field.prepare_value(field.bound_data("20 ants", None)) == "20 ants"
    assert not field.has_changed(Decimal("20.000000"), "20")
