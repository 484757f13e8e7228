"""Joins the lines of a text that was wrapped: from a file, an email or a web page."""

import re
from collections.abc import Iterator, Sequence
from copy import copy

from core.documents.headings import is_in_capitals, unit
from core.documents.labels import BULLET, labelled
from core.documents.sentences import sentence_ends

MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 40, 160
"""Lengths of the longest line of a text that was wrapped. Outside them, each line is a paragraph."""

_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]"
_NO_SPACE_BETWEEN = re.compile(f"{_UNSPACED}\n{_UNSPACED}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PARTED = re.compile(r"([^\W\d_]+)-$")

_LONGEST_WORD = 80

_MAY_PRECEDE_AN_ITEM = re.compile(r"(?:[.!?:;,…។៕៖][\"”’»)\]]*|\b(?:and|or|và|hoặc|et|ou|e|y|o|និង|ឬ))$", re.I)
BEGINS_WITH_MONTH = re.compile(r"[^\W\d_]+,?\s+\d{4}\b")
"""A word and a year. After a number and a full stop, it is a date: "2. July 2024"."""

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
        if sentence_ends(before):
            return len(before) < 0.85 * self.longest  # noqa: PLR2004  (the last line of a paragraph is shorter)
        if _is_labelled(line):  # a label is short: it would stand at the end of the line before
            return len(before) + len(line.split(maxsplit=1)[0]) < 0.85 * self.longest  # noqa: PLR2004
        return len(before) < 0.6 * self.longest and _begins_sentence(line)  # noqa: PLR2004  (a heading)

    def paragraphs(self, lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """The lines that may begin a paragraph, each with the wrapped lines that continue it.

        The flag says whether a blank line before it, or the wrapping, shows that a paragraph begins there.
        Without it, the line only begins like an item of a list.
        """
        # Only the line before decides how one is joined: a long paragraph costs no more than its lines.
        pieces, is_certain, before = [lines[0]], True, lines[0]
        for line in lines[1:]:
            starts = self.ends_paragraph(before, line)
            if starts or _may_be_item(before, line):
                yield "".join(pieces), is_certain
                pieces, is_certain = [line], starts
            else:
                pieces[-1], between = self._joint(pieces[-1], line)
                pieces += [between, line]
            before = line
        yield "".join(pieces), is_certain

    def join(self, text: str, line: str) -> str:
        """``text`` continued by ``line``. A word parted at the end of a line is one word again."""
        return "".join((*self._joint(text, line), line))

    def _joint(self, text: str, line: str) -> tuple[str, str]:
        """``text`` as it stands before ``line``, and what stands between them."""
        parted = _PARTED.search(text[-_LONGEST_WORD:])
        if parted:
            return (text[:-1] if self._is_one_word(parted[1], line) else text), ""
        if text.endswith("-") or _NO_SPACE_BETWEEN.fullmatch(f"{text[-1:]}\n{line[:1]}"):
            return text, ""
        return text, " "

    def _is_one_word(self, first: str, line: str) -> bool:
        """Whether the hyphen after ``first`` only parts a word. What the text itself writes decides."""
        match = _WORD.match(line)
        if not match or not match[0][0].islower():
            return False
        first, second = first.casefold(), match[0].casefold()
        if f"{first}{second}" in self._words:
            return True
        return f"{first}-{second}" not in self._words and first not in _OFTEN_BEFORE_A_HYPHEN


def _begins_sentence(line: str) -> bool:
    """Whether ``line`` begins with a capital, or with a letter of a script that has none."""
    return line[:1].isalpha() and not line[:1].islower()


def _is_labelled(line: str) -> bool:
    found = labelled(line)
    return found is not None and not BEGINS_WITH_MONTH.match(found.text)


def _may_be_item(before: str, line: str) -> bool:
    if BULLET.match(line) or (sentence_ends(before) and (unit(line) or is_in_capitals(line))):
        return True
    return _MAY_PRECEDE_AN_ITEM.search(before[-_LONGEST_WORD:]) is not None and _is_labelled(line)
