"""Unicode normal forms of text that anybody may have sent."""

import re
import unicodedata
from typing import Literal

MAX_MARKS = 30
"""The most combining marks after a letter: Unicode's limit for text that is processed as a stream."""


def normalized(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """``text`` in a normal form, with at most ``MAX_MARKS`` combining marks in a row.

    A character that becomes marks only when it is decomposed, such as U+0F73, is a mark.

    Marks are sorted, in a time that grows with the square of their number: without the limit, a text of
    100 kB takes minutes.
    """
    if text.isascii():
        return text
    decomposed: Literal["NFD", "NFKD"] = "NFKD" if form == "NFKC" else "NFD"
    marks = "".join(
        char for char in set(text) if unicodedata.combining(unicodedata.normalize(decomposed, char)[0])
    )
    if marks:
        run = f"[{re.escape(marks)}]"
        text = re.sub(f"({run}{{{MAX_MARKS}}}){run}+", r"\1", text)
    return unicodedata.normalize(form, text)
