"""Large amounts in a text."""

from decimal import Decimal

import pytest

from commitments.services.amounts import amounts_in


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("USD 20 billion", "2e10"),
        ("US$20bn", "2e10"),
        ("20 tỷ USD", "2e10"),
        ("10,4 tỷ USD", "1.04e10"),
        ("20 milliards de dollars", "2e10"),
        ("20 mil milhões de dólares", "2e10"),
        ("20 bilhões de dólares", "2e10"),
        ("20 000 millones de dólares", "2e10"),
        ("20.000 millones de dólares", "2e10"),
        ("២០ពាន់លានដុល្លារ", "2e10"),
        ("2 nghìn tỷ đồng", "2e12"),
        ("1,200 million", "1.2e9"),
    ],
)
def test_amounts_are_the_same_in_every_language(text: str, amount: str) -> None:
    assert amounts_in(text) == {Decimal(amount)}


def test_what_has_no_word_of_scale_is_no_amount() -> None:
    assert amounts_in("21 sessions in 2026, 100 scholarships, 3 milestones, 5 tin tuc") == frozenset()
