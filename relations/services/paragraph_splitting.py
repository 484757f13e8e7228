"""Splits a text from a file, an email or a web page into paragraphs."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.documents.lines import Wrapping
from relations.services.paper_structure import blocks_of, tidy

MAX_PARAGRAPHS = 10_000
"""The most paragraphs of a source. The page of a source shows all of them."""

_STARTS_NUMBERED = re.compile(r"1\.[ \t]")


def numbered(text: str) -> str:
    """``text`` as numbered paragraphs. Its own numbers stay if it begins with 1."""
    text = tidy(text)
    if is_numbered(text):
        return f"{text}\n"
    return "\n\n".join(f"{n}. {block}" for n, block in enumerate(paragraphs_of(text), start=1)) + "\n"


P = TypeVar("P")


def refuse_many(paragraphs: Iterable[P]) -> list[P]:
    """``paragraphs`` as a list. Raises ``ValidationError`` if a page could not show so many."""
    found = list(islice(paragraphs, MAX_PARAGRAPHS + 1))
    if len(found) > MAX_PARAGRAPHS:
        raise ValidationError(
            _("The text has more than %(limit)d paragraphs. Split it into several sources.")
            % {"limit": MAX_PARAGRAPHS}
        )
    return found


def is_numbered(text: str) -> bool:
    """Whether ``text`` has paragraph numbers of its own."""
    return _STARTS_NUMBERED.match(text) is not None


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a tidy ``text``, each on one line.

    A blank line always ends a paragraph. A single line break ends one where the lines are too long or too
    short to be wrapped; in a wrapped text, after a line that is shorter than the others, and before an item
    of a list.
    """
    wrapping = Wrapping(text)
    found = (line for block in blocks_of(text) for line, _is_certain in wrapping.paragraphs(block))
    return [paragraph for paragraph in found if paragraph]
