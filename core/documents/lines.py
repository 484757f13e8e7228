"""Joins the lines of a text that was wrapped: from a file, an email or a web page."""

import re
from collections.abc import Iterator, Sequence
from copy import copy

from core.documents.labels import BULLET, labelled

MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 40, 160
"""Lengths of the longest line of a text that was wrapped. Outside them, each line is a paragraph."""

_SENTENCE_END = re.compile(r"[.!?:;…។៕។][\"”’»)\]]*$")
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]"
_NO_SPACE_BETWEEN = re.compile(f"{_UNSPACED}\n{_UNSPACED}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PARTED = re.compile(r"([^\W\d_]+)-$")

_MAY_PRECEDE_AN_ITEM = re.compile(r"(?:[.!?:;,…។៕][\"”’»)\]]*|\b(?:and|or|và|hoặc|et|ou|e|y|o|និង|ឬ))$", re.I)
BEGINS_WITH_MONTH = re.compile(r"[^\W\d_]+,?\s+\d{4}\b")
"""A word and a year. After a number and a full stop, it is a date: "2. July 2024"."""

_LONGEST_WORD = 100
"""How far back from the end of a line its last word is looked for."""

_OFTEN_BEFORE_A_HYPHEN = frozenset(
    """
    all anti bi by co counter cross cyber de double east eco eight eleven even ex extra far fast few fifth
    first five follow four fourth free fresh full fully future good government great half hand hard heavy
    high ill in inter intra joint land large last late left less like long low lower macro medium mega mid
    micro military mine mini multi mutual near new newly nine non north northern off old on one open out
    over part people person pilot politico post pre pro public quasi re right round second self semi seven
    short single six small socio soft south state sub super ten third three time trans tri twenty thirty
    forty fifty sixty seventy eighty ninety two ultra under up upper vice visa warm water well west whole
    wide win world year zero
    """.split()  # noqa: SIM905  (a list of a hundred lines)
)
"""The first parts of words that keep their hyphen at the end of a line: "well-known", "long-standing"."""


class _Pieces:
    """A text that grows line by line, put together once: a long one is not copied with each of its lines."""

    def __init__(self, text: str) -> None:
        self._pieces = [text]
        self.end = text[-_LONGEST_WORD:]

    def __str__(self) -> str:
        return "".join(self._pieces)

    def add(self, line: str, seam: str, without_hyphen: bool) -> None:  # noqa: FBT001  (as ``_seam`` answers)
        """Append ``line`` after ``seam``, in place of the last character if that is the hyphen of a word."""
        if without_hyphen:
            self._pieces[-1], self.end = self._pieces[-1][:-1], self.end[:-1]
        if piece := f"{seam}{line}":
            self._pieces.append(piece)
            self.end = f"{self.end}{piece}"[-_LONGEST_WORD:]


class Wrapping:
    """How the lines of one text are wrapped, and the words that it uses."""

    def __init__(self, text: str) -> None:
        self.longest = max(map(len, text.split("\n")))
        self.is_wrapped = MIN_WRAP_WIDTH <= self.longest <= MAX_WRAP_WIDTH
        self._words = frozenset(word.casefold() for word in _WORD.findall(text))

    def in_column(self, longest: int) -> "Wrapping":
        """The same for a column whose longest line has ``longest`` characters."""
        column = copy(self)
        column.longest, column.is_wrapped = longest, True
        return column

    def ends_paragraph(self, before: str, line: str) -> bool:
        """Whether ``line`` begins a paragraph after the line ``before``, in one block without labels."""
        if not self.is_wrapped:
            return True
        if _SENTENCE_END.search(before):
            return len(before) < 0.85 * self.longest  # noqa: PLR2004  (the last line of a paragraph is shorter)
        is_short = len(before) < 0.6 * self.longest  # noqa: PLR2004  (a heading)
        return is_short and (line[:1].isupper() or _begins_list(line))

    def paragraphs(self, lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """The lines that may begin a paragraph, each with the wrapped lines that continue it.

        The flag says whether a blank line before it, or the wrapping, shows that a paragraph begins there.
        Without it, the line only begins like an item of a list.
        """
        text, is_certain, before = _Pieces(lines[0]), True, lines[0]
        for line in lines[1:]:
            starts = self.ends_paragraph(before, line)
            if starts or _may_be_item(before, line):
                yield str(text), is_certain
                text, is_certain = _Pieces(line), starts
            else:
                text.add(line, *self._seam(text.end, line))
            before = line
        yield str(text), is_certain

    def join(self, text: str, line: str) -> str:
        """``text`` continued by ``line``. A word parted at the end of a line is one word again."""
        joined = _Pieces(text)
        joined.add(line, *self._seam(joined.end, line))
        return str(joined)

    def _seam(self, end: str, line: str) -> tuple[str, bool]:
        """What stands between a text with this ``end`` and ``line``, and whether its last hyphen goes."""
        if parted := _PARTED.search(end):
            return "", self._is_one_word(parted[1], line)
        if end.endswith("-") or _NO_SPACE_BETWEEN.fullmatch(f"{end[-1:]}\n{line[:1]}"):
            return "", False
        return " ", False

    def _is_one_word(self, first: str, line: str) -> bool:
        """Whether the hyphen after ``first`` only parts a word. What the text itself writes decides."""
        match = _WORD.match(line)
        if not match or not match[0][0].islower():
            return False
        first, second = first.casefold(), match[0].casefold()
        if f"{first}{second}" in self._words:
            return True
        return f"{first}-{second}" not in self._words and first not in _OFTEN_BEFORE_A_HYPHEN


def sentence_ends(text: str) -> bool:
    """Whether ``text`` ends like a sentence, or like the words before a list."""
    return _SENTENCE_END.search(text) is not None


def _begins_list(line: str) -> bool:
    found = labelled(line)
    if found is None or BEGINS_WITH_MONTH.match(found.text):
        return False
    return any(label.value == 1 for label in found.readings)


def _may_be_item(before: str, line: str) -> bool:
    if BULLET.match(line):
        return True
    if not _MAY_PRECEDE_AN_ITEM.search(before):
        return False
    found = labelled(line)
    return found is not None and not BEGINS_WITH_MONTH.match(found.text)
