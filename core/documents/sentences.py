"""Where sentences end, in the languages that the program reads."""

import re

_END = re.compile(r"[.!?:;…។៕៖][\"”’»)\]]*$")

_LOOKED_AT = 20


def sentence_ends(text: str) -> bool:
    """Whether ``text`` ends like a sentence, or like the words before a list."""
    return _END.search(text[-_LOOKED_AT:]) is not None
