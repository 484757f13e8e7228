"""The labels that paragraphs bear on paper: "3.", "(a)", "II.1", "§12", "Art. 4 (2)", "១-"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum, auto

_NUMBER = r"\d{1,3}"
_ROMAN = r"[IVXLC]{1,7}|[ivxlc]{1,7}"
_LETTER = r"[A-Za-zĐđ]|[\u1780-\u17a2]"
_ITEM = rf"(?P<value>{_NUMBER}|{_ROMAN}|{_LETTER})"
_ARTICLE = r"Article|Artículo|Artigo|Art\.|Clause|Cláusula|Điều|Khoản|មាត្រា|ប្រការ"
_ORDINAL = r"premier|première|primeiro|primeira|primero|1er|1re"
_ENDS_ORDINAL = r"[.:៖º°ª]"

BULLET = re.compile(r"[-–—•·*▪◦‣●○■□➢✓]\s+(?=\S)")
"""The mark of an item that has no number."""


class Style(StrEnum):
    """How a label is written. A list keeps one style."""

    DOT = auto()
    """``1.``, also directly before a word."""
    RIGHT = auto()
    """``1)``"""
    BOTH = auto()
    """``(1)``"""
    DASH = auto()
    """``1-`` or ``1 –``"""
    BARE = auto()
    """``1 WE``: a number before a word in capitals."""
    SQUARE = auto()
    """``[1]``"""
    DEGREE = auto()
    """``1°``"""
    SECTION = auto()
    """``§1``"""
    ARTICLE = auto()
    """``Art. 1``"""
    NESTED = auto()
    """``1.2`` or ``II.1``: the numbers of all levels."""


_PATTERNS = (
    (
        Style.ARTICLE,
        re.compile(
            rf"(?P<word>(?i:{_ARTICLE}))\s?(?P<value>(?i:{_ORDINAL})|{_NUMBER}|[IVXLC]{{1,7}}\b)"
            # "Article 5 of the treaty" is no label.
            rf"(?P<rest>\s?\(\d{{1,3}}\))?(?:{_ENDS_ORDINAL}+\s*[-–—]?\s*|\s*[-–—]\s*|\s+(?![a-zà-ỹ]))"
        ),
    ),
    (Style.SECTION, re.compile(rf"§\s?(?P<value>{_NUMBER})[.:)]?\s+")),
    (
        Style.NESTED,
        re.compile(rf"(?P<value>(?:{_NUMBER}|[IVXLC]{{1,7}}|[A-Z])(?:\.{_NUMBER}){{1,4}})(?:[.)]?\s+)(?=\S)"),
    ),
    (Style.BOTH, re.compile(rf"\({_ITEM}\)\s*(?=\S)")),
    (Style.SQUARE, re.compile(rf"\[(?P<value>{_NUMBER})\]\s+(?=\S)")),
    (Style.DEGREE, re.compile(rf"(?P<value>{_NUMBER})[°º]\)?\s+(?=[^\W\d_])")),
    (Style.RIGHT, re.compile(rf"{_ITEM}\)\s*(?=\S)")),
    (Style.DOT, re.compile(rf"{_ITEM}[.។](?:\s*[-–—]\s+|\s+)?(?:(?<=\s)(?=\S)|(?=[^\W\d_]{{2}}))")),
    (Style.DASH, re.compile(rf"{_ITEM}\s?[-–—]\s*(?=[^\W\d_])")),
    (Style.BARE, re.compile(rf"(?P<value>{_NUMBER})\s+(?=[^\W\d_a-zà-ỹ]{{2}})")),
)
_AFTER_999 = re.compile(r"(?P<value>[1-9]\d{3})(?P<end>[.)])\s+(?=\S)")
LARGEST_ROMAN = 3999
_ROMAN_LETTERS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VIETNAMESE_LETTERS = "abcdđeghiklmnopqrstuvxy"
_KHMER_LETTERS = "".join(map(chr, range(0x1780, 0x17A3)))


class Series(StrEnum):
    """What a list counts with."""

    NUMBERS = auto()
    ROMAN = auto()
    UPPER_ROMAN = auto()
    LETTERS = auto()
    UPPER_LETTERS = auto()
    VIETNAMESE = auto()
    KHMER = auto()


@dataclass(frozen=True, slots=True)
class Label:
    """One way to read a label: ``mark`` as written, with what it counts and its place in the series."""

    mark: str
    style: Style
    series: Series
    value: int
    name: str
    """What it is cited by: without the full stop, dash or bracket that only ends it."""
    above: str = ""
    """The labels of the levels above, of a ``NESTED`` one."""


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line that may begin with a label. ``readings`` has every way to read it, the likeliest first."""

    readings: tuple[Label, ...]
    text: str


@dataclass(slots=True)
class OpenList:
    """A list that is open: how far it is, and the label of what it stands under.

    ``counts`` has each series that it may count with: after "i" the next is "ii" or "j".
    """

    style: Style
    above: str = ""
    counts: dict[Series, int] = field(default_factory=dict)
    name: str = ""
    begins: int = 0
    """How many paragraphs stand before it."""
    is_heading: bool = False
    """Whether its last item is a heading."""
    is_kept: bool = False
    """Whether its labels keep the heading, though its numbers go on below others."""

    def values(self, line: LabelledLine) -> Iterator[tuple[Label, int]]:
        """The readings of ``line`` in a series of this list, with how far each is beyond the last one."""
        for label in line.readings:
            is_beside = label.style != Style.NESTED or label.above == self.above
            if label.style == self.style and is_beside and label.series in self.counts:
                yield label, label.value - self.counts[label.series]


def labelled(line: str) -> LabelledLine | None:
    """``line`` as label and text, if it may begin with a label."""
    for style, pattern in _PATTERNS:
        match = pattern.match(line)
        if match and line[match.end() :].strip():
            readings = tuple(_readings(style, match))
            if readings:
                return LabelledLine(readings, line[match.end() :].strip())
    return None


def after_999(line: str, lists: Iterable[OpenList]) -> LabelledLine | None:
    """``line`` as label and text, if it goes on with one of ``lists`` beyond 999.

    Any other number of four digits is a year.
    """
    match = _AFTER_999.match(line)
    if match is None:
        return None
    style = Style.DOT if match["end"] == "." else Style.RIGHT
    label = Label(match[0].strip(), style, Series.NUMBERS, int(match["value"]), match["value"])
    found = LabelledLine((label,), line[match.end() :].strip())
    goes_on = any(ahead == 1 for each in lists for _label, ahead in each.values(found))
    return found if goes_on else None


def _readings(style: Style, match: re.Match[str]) -> Iterator[Label]:
    value, mark = match["value"], match[0].strip()
    if style == Style.NESTED:
        above, last = value.rsplit(".", 1)
        yield Label(mark, style, Series.NUMBERS, int(last), value, above)
        return
    name = value
    if style == Style.ARTICLE:
        number = "1" if value.casefold() in ("1er", "1re") else value
        name = f"{match['word']} {number}{match['rest'] or ''}"
    elif style == Style.BOTH and not value.isdecimal():
        name = f"({value})"
    for series, number in _places(value):
        yield Label(mark, style, series, number, name)


def _places(value: str) -> Iterator[tuple[Series, int]]:
    """What ``value`` may count: "i" is the first Roman number and the ninth letter."""
    if re.fullmatch(_ORDINAL, value, re.I):
        yield Series.NUMBERS, 1
        return
    if value.isdecimal():
        yield Series.NUMBERS, int(value)
        return
    is_upper, folded = value.isupper(), value.lower()
    if roman := from_roman(folded):
        yield (Series.UPPER_ROMAN if is_upper else Series.ROMAN), roman
    if len(value) == 1:
        if folded in _LATIN_LETTERS:
            series = Series.UPPER_LETTERS if is_upper else Series.LETTERS
            yield series, _LATIN_LETTERS.index(folded) + 1
        if folded in _VIETNAMESE_LETTERS and not is_upper:
            yield Series.VIETNAMESE, _VIETNAMESE_LETTERS.index(folded) + 1
        if folded in _KHMER_LETTERS:
            yield Series.KHMER, _KHMER_LETTERS.index(folded) + 1


def from_roman(value: str) -> int:
    """The number that ``value`` writes in small Roman letters, or 0 if it writes none."""
    if not value or any(char not in _ROMAN_VALUES for char in value):
        return 0
    numbers = [_ROMAN_VALUES[char] for char in value]
    total = sum(-n if n < max(numbers[i + 1 :], default=0) else n for i, n in enumerate(numbers))
    return total if to_roman(total) == value else 0


def to_roman(number: int) -> str:
    """``number``, from 1 to ``LARGEST_ROMAN``, in small Roman letters."""
    written = ""
    for value, letters in _ROMAN_LETTERS:
        written += letters * (number // value)
        number %= value
    return written
