"""Text cells that no spreadsheet takes for a formula."""

_BEGINS_FORMULA = frozenset("=+-@＝＋－＠")
_BEFORE_FORMULA = frozenset("\t\r\n")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take ``text`` for a formula if it were typed into a cell."""
    return text[:1] in _BEFORE_FORMULA or text.lstrip()[:1] in _BEGINS_FORMULA


def harmless(text: str) -> str:
    """``text``, with an apostrophe in front if a spreadsheet would take it for a formula.

    Only for text in CSV, which has no types: numbers are written as numbers and keep their sign.
    """
    return f"'{text}" if looks_like_formula(text) else text
