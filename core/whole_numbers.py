"""Whole numbers in what a request sends: keys, positions and counts."""

LARGEST = 10**18 - 1
"""It fits into every column for numbers that the database has."""


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` writes in the digits 0 to 9, or None. A larger one is ``LARGEST``.

    ``str.isdigit`` alone does not tell: “²” is a digit that ``int`` refuses, as it refuses very many digits.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) < len(str(LARGEST)) else LARGEST
