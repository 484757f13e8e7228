"""The order in which a reader expects names: the Vietnamese alphabet, whatever the case and the database.

The letters are a, ă, â, b, c, d, đ, e, ê and so on. Other diacritics, tones among them, only decide between
names with the same letters. Signs do not count. Other scripts come after Latin, in the order of Unicode.
A change of the result needs another ``SORTING``.
"""

import re
import unicodedata
from functools import lru_cache

from core.search.folding import fold

SORTING = 1
"""The version of the result. Stored keys of another version are rebuilt by ``migrate``."""

_NEXT, _LAST = "\U0010fffd", "\U0010fffe"
"""Behind a base letter, these come after everything else that can be there."""
_OWN_LETTERS = {
    "a\u0306": _NEXT,
    "a\u0302": _LAST,
    "e\u0302": _NEXT,
    "o\u0302": _NEXT,
    "o\u031b": _LAST,
    "u\u031b": _NEXT,
}
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The tones in the order of Vietnamese dictionaries."""
_MARKED = re.compile("([a-z])([\u0300-\u036f]+)")


@lru_cache(maxsize=4096)
def sort_key(text: str) -> bytes:
    """The key of ``text``. Keys are compared byte by byte, as Python and both databases do."""
    tones: list[str] = []

    def letter(match: re.Match[str]) -> str:
        base, marks = match.groups()
        for mark in marks:
            if base + mark not in _OWN_LETTERS:
                rank = _TONES.find(mark) + 1 or ord(mark)
                # The first tone decides, and one that comes earlier is greater than none.
                tones.append(f"{0xFFFF - match.start():04x}{rank:04x}")
        return base + "".join(_OWN_LETTERS.get(base + mark, "") for mark in marks)

    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d" + _NEXT)
    letters = fold(_MARKED.sub(letter, decomposed))
    words = "".join(" " if unicodedata.category(char)[0] in "PSZ" else char for char in letters).split()
    return f"{' '.join(words)}\0{''.join(tones)}\0{text}".encode()
