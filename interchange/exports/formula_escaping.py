"""Text cells that no spreadsheet takes for a formula."""

_BEGINS_FORMULA = frozenset("=+-@＝＋－＠")
_BEFORE_FORMULA = frozenset("\t\r\n")


def harmless(text: str) -> str:
    """``text``, with an apostrophe in front if a spreadsheet would take it for a formula.

    Only for text: numbers are written as numbers and keep their sign.
    """
    if text[:1] in _BEFORE_FORMULA or text.lstrip()[:1] in _BEGINS_FORMULA:
        return f"'{text}"
    return text
