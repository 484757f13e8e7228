"""Sentences that the program itself stores among what people write, such as the reason of a change.

They are stored in English, whoever caused them, and told in the language of the reader.
"""

import re
from typing import Any

from django.utils.translation import gettext

_known: list["StoredSentence"] = []


class StoredSentence:
    """A sentence with placeholders, such as “Handed over from %(person)s.”. Mark it with ``gettext_noop``."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        parts = re.split(r"%\((\w+)\)s", sentence)
        pattern = "".join(f"(?P<{each}>.+)" if n % 2 else re.escape(each) for n, each in enumerate(parts))
        self._pattern = re.compile(pattern, re.DOTALL)
        _known.append(self)

    def stored(self, **values: Any) -> str:
        """The sentence as it is stored."""
        return self.sentence % values

    def told(self, text: str) -> str | None:
        """The sentence in the language of the reader, if ``text`` is it."""
        found = self._pattern.fullmatch(text)
        return gettext(self.sentence) % found.groupdict() if found else None


def told(text: str) -> str:
    """``text`` as a reader is shown it: a sentence of ours in the reader's language, any other as it is."""
    return next((said for each in _known if (said := each.told(text)) is not None), text)
