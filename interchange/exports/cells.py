"""What may stand in a cell: nothing that a spreadsheet would take for a formula."""

_BEGINS_FORMULA = frozenset("=+-@＝＋－＠")
_BEFORE_FORMULA = frozenset("\t\r\n")


def harmless(text: str) -> str:
    """``text``, with an apostrophe before it where a spreadsheet would calculate instead of showing it.

    Only for texts: a number is written as a number and keeps its sign.
    """
    if text[:1] in _BEFORE_FORMULA or text.lstrip()[:1] in _BEGINS_FORMULA:
        return f"'{text}"
    return text
