"""A language for tests: every message that gettext is asked for comes out in accented letters.

A page read in it shows at once which words never went through gettext: those in plain letters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings
from django.utils.translation import trans_real

CODE = "en-xa"
"""The code that CLDR keeps for this purpose. Formats of dates and numbers are those of English."""

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
_LETTERS = str.maketrans(_PLAIN, _ACCENTED)
_KEPT = re.compile(
    r"""
      %%                                              # a percent sign
    | %(?:\([^()]*\))?[#0\-+]*\d*(?:\.\d+)?[sdiufrx]   # %(name)s, %s, %d
    | \{[^{}]*\}                                      # {name}
    | <[^<>]*>                                        # a tag
    | &(?:\#\d+|\w+);                                 # an entity
    """,
    re.VERBOSE,
)
_CONTEXT = trans_real.CONTEXT_SEPARATOR


def accented(message: str) -> str:
    """``message`` in look-alikes of its letters; placeholders, tags and entities stay as they are."""
    parts, at = [], 0
    for kept in _KEPT.finditer(message):
        parts += [message[at : kept.start()].translate(_LETTERS), kept[0]]
        at = kept.end()
    return "".join([*parts, message[at:].translate(_LETTERS)])


class Pseudo(trans_real.DjangoTranslation):
    """Django's own English catalogue, with every answer accented."""

    def gettext(self, message: str) -> str:
        """The message without its context, accented."""
        return accented(super().gettext(message).rpartition(_CONTEXT)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for ``n`` without its context, accented."""
        return accented(super().ngettext(msgid1, msgid2, n).rpartition(_CONTEXT)[2])


@contextmanager
def spoken() -> Iterator[None]:
    """Let the site speak the pseudo language."""
    with override_settings(LANGUAGE_CODE=CODE):
        trans_real._translations[CODE] = Pseudo(CODE)  # type: ignore[attr-defined]
        try:
            yield
        finally:
            del trans_real._translations[CODE]  # type: ignore[attr-defined]
