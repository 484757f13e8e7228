"""Reads large amounts in a text: "USD 20 billion", "20 tỷ USD", "20 mil milhões de dólares"."""

import re
from decimal import Decimal

from core.search.folding import fold

_SCALES = {
    3: "thousand nghin ngan ពាន់ mille mil",
    6: "million millions mn trieu លាន milhao milhoes millon millones",
    9: "billion billions bn ty ti ពាន់លាន milliard milliards bilhao bilhoes mil-milhoes mil-millones",
    12: "trillion trillions nghin-ty ngan-ty trilhao trilhoes billones",
}
"""Powers of ten, with their words, folded. ``-`` is a space in a text."""
_POWERS = {word.replace("-", " "): power for power, words in _SCALES.items() for word in words.split()}
_NUMBER = r"\d{1,3}(?:[ .,]\d{3})+(?![\d.,]*\d)|\d+(?:[.,]\d+)?"
_AMOUNT = re.compile(
    rf"(?<![\d.,])({_NUMBER})\s?({'|'.join(sorted(_POWERS, key=len, reverse=True))})(?![a-z])"
)
_SEPARATED = re.compile(r"\d{1,3}(?:[ .,]\d{3})+")


def amounts_in(text: str) -> frozenset[Decimal]:
    """The amounts that ``text`` writes with a word, such as *billion*, without their units."""
    return frozenset(
        _number(match[1]).scaleb(_POWERS[match[2]]).normalize() for match in _AMOUNT.finditer(fold(text))
    )


def _number(written: str) -> Decimal:
    """A number with a point or a comma; before three digits it separates thousands."""
    if _SEPARATED.fullmatch(written):
        return Decimal(re.sub(r"\D", "", written))
    return Decimal(written.replace(",", "."))
