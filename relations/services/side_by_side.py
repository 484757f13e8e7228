"""Parts a paper whose columns are in several languages, such as a treaty, into the text of each language."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.documents.reading import Document
from core.text_language import language_of

_SHARE = 0.5
"""A paper has its text in several languages if so much of it stands in columns of different ones."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A document with columns of several ``languages``, by their codes, in the order of the columns.

    ``texts`` are its parts in each language. What is in none of them, such as a number, is in all.
    """

    languages: tuple[str, ...]
    texts: dict[str, tuple[str, ...]]


def side_by_side(document: Document) -> SideBySide | None:
    """The texts of ``document`` by language; ``None`` if it is in one language, or not in columns."""
    columns: dict[int, tuple[int, list[tuple[str, str]]]] = {}
    length = 0
    for start, end, texts in document.beside:
        told = [(language_of(text), text) for text in texts]
        if len({language for language, _text in told} - {""}) > 1:
            columns[start] = (end, told)
            length += sum(map(len, texts))
    if not columns or length < _SHARE * sum(map(len, document.parts)):
        return None
    named = [language for _end, told in columns.values() for language, _text in told if language]
    languages = tuple(dict.fromkeys(named))
    return SideBySide(languages, {each: tuple(_parts(document, columns, each)) for each in languages})


def _parts(
    document: Document, columns: dict[int, tuple[int, list[tuple[str, str]]]], wanted: str
) -> Iterator[str]:
    """The parts in the language ``wanted``, as many as before of a document in pages."""
    place = 0
    while place < len(document.parts):
        if place in columns:
            place, told = columns[place]
            yield "\n\n".join(text for language, text in told if language in ("", wanted))
            continue
        part = document.parts[place]
        yield part if language_of(part) in ("", wanted) else ""
        place += 1
