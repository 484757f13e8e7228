"""Divides a text into sentences, headings and items of lists, each with its place in the text as given."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from commitments.candidates.countries import Named, countries_in
from core.documents.lines import Wrapping
from core.text_language import language_of

_SAME_LENGTH = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "–": "-",
        "—": "-",
        "\r": " ",
    }
)
"""Signs that are read alike. One for one, so that every place stays."""

_SPACES = str.maketrans("\n\t\f\v", "    ")
_LABEL = re.compile(
    r"[ \t]*(?:(?:[-–—•*▪●○+·‣]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zđ]|[ivxlc]{1,6})[.)]|[IVXLC]{1,6}[.)]|"
    r"[A-H][.)]|§ ?\d+\.?"
    r"|(?:article|điều|section|mục) \d+\s*[.:-]?)[ \t]+)+",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s+[\"'(\[]*(?P<next>\w)|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|no|st|vs|art|arts|para|prof|gen|col|lt|sen|h\.e|e\.g|i\.e|u\.s|u\.n|p\.m|a\.m|"
    r"ts|pgs|tp|ths|gs|u\.k|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:\bphoto\b ?[:/]|\(photo|\bảnh ?:|\(ảnh|source: ?vna|nguồn: ?)", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?:[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ'. ]{2,}(?:,[^\n-]{2,40})?(?:\([^)\n]{2,20}\))?|"
    r"\([A-ZĐ]{2,8}\))\s*-{1,2}\s+(?=\S*[a-zà-ỹ])"
)
"""The place and day before a press report: "PARIS, 3 May (agency) - "."""
_TERMINAL = re.compile(r"[.!?;:,…][\"')\]/.]*\s*$")
_LONGEST_HEADING = 22
_LONGEST_SENTENCE = 3_000
_READ = ("en", "vi")
"""The languages of which there are tables."""
_LONGEST_UNSURE = 25
"""A paragraph of so few words may be of the language of the whole text, if it cannot be told."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, a heading or an item of a list; ``start`` and ``end`` are places in ``Plain.text``."""

    start: int
    end: int
    paragraph: int
    is_heading: bool = False
    is_item: bool = False
    label_kind: str = ""
    """The shape of its label: "0." for "2.", "0.0." for "2.1.", "a)" for "b)"."""
    language: str = ""
    """"en", "vi", or "" for a language that is not read."""


@dataclass(slots=True)
class Plain:
    """A text in composed characters, with the places of its characters in the text as given."""

    given: str
    text: str
    lower: str
    _places: list[int] | None = field(repr=False)
    _countries: dict[str, list[Named]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, given: str) -> "Plain":
        """``given`` with one sign for each letter and one kind of quotation mark, dash and space."""
        text, places = given, None
        if not unicodedata.is_normalized("NFC", given):
            text, places = _composed(given)
        text = text.translate(_SAME_LENGTH)
        return cls(given, text, "".join(map(_lower, text)).translate(_SPACES), places)

    def countries(self, language: str, start: int = 0, end: int | None = None) -> list[Named]:
        """The countries that ``text[start:end]`` names, in its order."""
        if language not in self._countries:
            self._countries[language] = countries_in(self.text, language)
        named = self._countries[language]
        first = bisect_left(named, start, key=lambda each: each.start)
        last = bisect_left(named, len(self.text) if end is None else end, key=lambda each: each.start)
        return named[first:last]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The places in the text as given of ``text[start:end]``."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end]


def _composed(given: str) -> tuple[str, list[int]]:
    """The composed text, and where each of its characters begins in ``given``; one more for the end."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(given):
        until = at + 1
        while until < len(given) and unicodedata.combining(given[until]):
            until += 1
        piece = unicodedata.normalize("NFC", given[at:until])
        pieces.append(piece)
        places.extend([at] * len(piece))
        at = until
    return "".join(pieces), [*places, len(given)]


def _lower(char: str) -> str:
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


def passages_of(plain: Plain) -> list[Passage]:
    """The sentences, headings and items of lists, in the order of the text."""
    found: list[Passage] = []
    main = _main_language(plain)
    for number, (start, end, label) in enumerate(_paragraphs(plain.text)):
        wording = plain.text[start:end]
        if _CAPTION.search(wording) and len(wording.split()) <= 60:  # noqa: PLR2004  (the caption of a picture)
            continue
        if dateline := _DATELINE.match(wording):
            start += dateline.end()
            wording = plain.text[start:end]
        language = _language(wording, main)
        is_item = bool(label)
        if not is_item and _is_heading(wording):
            found.append(Passage(start, end, number, is_heading=True, language=language))
            continue
        for first, last in _sentences(wording):
            found.append(
                Passage(
                    start + first, start + last, number, is_item=is_item, label_kind=label, language=language
                )
            )
    return found


def _main_language(plain: Plain) -> str:
    """The language of most of the text; of a text of bare points in letters of English, that."""
    if language := language_of(plain.text):
        return language
    lengths: dict[str, int] = {}
    for start, end, _is_item in _paragraphs(plain.text):
        if language := language_of(plain.text[start:end]):
            lengths[language] = lengths.get(language, 0) + end - start
    most = max(lengths, key=lambda each: lengths[each], default="")
    return most or ("en" if plain.text.isascii() else "")


def _language(wording: str, main: str) -> str:
    """The language of a paragraph, if it is read; of a short one that cannot be told, that of the text."""
    language = language_of(wording, expected=main)
    if not language and len(wording.split()) <= _LONGEST_UNSURE:
        language = main
    return language if language in _READ else ""


def _paragraphs(text: str) -> Iterator[tuple[int, int, str]]:
    """Begin, end, and the shape of the label or bullet, which is left out."""
    wrapping = Wrapping(text or " ")
    start = end = -1
    before = ""
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        begins = at + len(line) - len(line.lstrip())
        at += len(line) + 1
        if not stripped:
            if start >= 0:
                yield from _labelled(text, start, end)
            start = -1
            continue
        if start >= 0 and (_LABEL.match(line) or wrapping.ends_paragraph(before, stripped)):
            yield from _labelled(text, start, end)
            start = -1
        if start < 0:
            start = begins
        end = begins + len(stripped)
        before = stripped
    if start >= 0:
        yield from _labelled(text, start, end)


def _labelled(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    label = _LABEL.match(text, start, end)
    begin = label.end() if label else start
    if begin < end:
        yield begin, end, _shape(label[0]) if label else ""


def _shape(label: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", " ".join(label.split())))


def _is_heading(wording: str) -> bool:
    return _TERMINAL.search(wording) is None and len(wording.split()) <= _LONGEST_HEADING


def _sentences(wording: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(wording):
        is_last = match["next"] is None
        is_abbreviated = _ABBREVIATION.search(wording, max(start, match.start() - 8), match.end()) is not None
        if not is_last and (is_abbreviated or match["next"].islower()):
            continue
        yield from _trimmed(wording, start, match.end())
        start = match.end()
    yield from _trimmed(wording, start, len(wording))


def _trimmed(wording: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST_SENTENCE:
        # No sentence is so long, but a damaged text may be. Its reading must not take for ever.
        cut = wording.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else start + _LONGEST_SENTENCE
        yield from _trimmed(wording, start, cut)
        start = cut
    part = wording[start:end]
    start += len(part) - len(part.lstrip())
    end -= len(part) - len(part.rstrip())
    if start < end:
        yield start, end
