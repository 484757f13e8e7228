"""Reads the text of a paper into paragraphs with the labels that they bear on the paper.

The text is plain. A line that begins with ``# `` is a heading, with ``¶ `` a paragraph. A block that begins
with ``[^1] `` is a footnote; ``[^1]`` in the text is its mark. Word documents and PDFs are read into this
form.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto

from core.documents.headings import (
    LONGEST_HEADING,
    MOST_HEADING_WORDS,
    bears_labels,
    is_capital_heading,
    is_in_capitals,
    is_numbered_heading,
    is_place_and_day,
    unit,
)
from core.documents.labels import BULLET, Label, LabelledLine, OpenList, Series, Style, after_999, labelled
from core.documents.lines import BEGINS_WITH_MONTH, Wrapping
from core.documents.recognition import DOUBT_MARK
from core.documents.sentences import sentence_ends
from relations.choices import ParagraphRole
from relations.services.email_quotes import without_quotes
from relations.services.paragraph_splitting import blocks_of, tidy

HEADING_MARK = "# "
PARAGRAPH_MARK = "¶ "
"""Before a paragraph that would be taken for a heading."""
CELL_MARK = " | "
"""Between the cells of a row of a table. Each row is a paragraph."""
SCAN_MARK = "≈ "
"""Before a paragraph that was read from a picture. ``DOUBT_MARK`` is after a word of it that may be wrong."""
_NOTE = re.compile(r"\[\^(\d{1,4})\]\s+")
_NOTE_MARK = re.compile(r"\[\^(\d{1,4})\]")
_LARGEST_JUMP = 60
_MOST_LEVELS = 9
"""As many as Word has. A list that would stand deeper is none."""
_LONGEST_LABEL = 60
_LONE_MARK = re.compile(
    r"((?:\A|\n\n|[.;:!?។៕៖]\n)\(?(?:\d{1,3}|[a-z]|[ivx]{2,4})[.)])\n{1,2}(?=[^\W\d_]|[\"“«])"
)
"""A label that stands alone above its text."""


class Doubt(StrEnum):
    """What a person should look at."""

    JUMP = auto()
    """Numbers are missing before this one."""
    AGAIN = auto()
    """The number stood before already."""
    RUN_IN = auto()
    """The next number seems to stand inside this paragraph."""


@dataclass(frozen=True, slots=True)
class PaperParagraph:
    """A paragraph as it stands on the paper.

    ``mark`` is its label as written, ``label`` what it is cited by. ``expected`` is the number that a
    ``JUMP`` passes over; ``split_at`` is where in ``text`` the next label of a ``RUN_IN`` stands.
    """

    text: str
    label: str = ""
    mark: str = ""
    role: ParagraphRole = ParagraphRole.PARAGRAPH
    doubt: Doubt | None = None
    expected: str = ""
    split_at: int = 0
    is_scanned: bool = False
    """Whether it was read from a picture. Doubtful words of it bear ``DOUBT_MARK``."""

    @property
    def recorded_text(self) -> str:
        """Its text as it is recorded: without the marks of doubtful words."""
        return self.text.replace(DOUBT_MARK, "") if self.is_scanned else self.text

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """Its text in pieces, and whether each is a word that may be read wrongly."""
        if not self.is_scanned:
            return [(self.text, False)]
        found = re.split(rf"(\S+?){re.escape(DOUBT_MARK)}", self.text)
        return [(text, place % 2 == 1) for place, text in enumerate(found) if text]

    @property
    def doubtful_words(self) -> int:
        """How many of its words may be read wrongly."""
        return self.text.count(DOUBT_MARK) if self.is_scanned else 0


def read_paper(text: str, *, has_labels: bool = True) -> list[PaperParagraph]:
    """The paragraphs of ``text``: headings, paragraphs with their labels, footnotes after their paragraph.

    A block without a label belongs to the paragraph before it, in a text that has labels. An item with a
    bullet belongs to its paragraph. Without ``has_labels`` each block is a paragraph, and its number is part
    of it.
    """
    text = without_quotes(tidy(text), paragraph_mark=PARAGRAPH_MARK)
    if not text:
        return []
    reader = _Reader(text, has_labels=has_labels)
    return list(_with_run_ins(_with_notes(reader.paragraphs(), reader.notes)))


@dataclass(slots=True)
class _Reader:
    """Reads the blocks of one text in order, with the lists that are open at each place."""

    text: str
    has_labels: bool
    notes: dict[str, str] = field(default_factory=dict)
    _levels: list[OpenList] = field(default_factory=list)
    _found: list[PaperParagraph] = field(default_factory=list)
    _heading: PaperParagraph | None = None
    _article: str = ""
    """The label of the article whose text has not begun."""
    _lines: list[tuple[str, bool]] = field(init=False)
    """The lines that may begin a paragraph, and whether it is certain that one begins there."""
    _last_places: dict[tuple[Style, Series, int], int] = field(default_factory=dict)
    """Where each number stands for the last time."""
    _labels: set[str] = field(default_factory=set)
    _scanned: set[int] = field(default_factory=set)
    """The lines that were read from a picture."""
    _more: list[str] = field(default_factory=list)
    """What continues the last paragraph."""

    def __post_init__(self) -> None:
        self.text = _LONE_MARK.sub(r"\1 ", self.text)
        wrapping = Wrapping(self.text)
        self._lines = []
        for block in blocks_of(self.text):
            is_scanned = block[0].startswith(SCAN_MARK)
            lines = list(wrapping.paragraphs([block[0].removeprefix(SCAN_MARK), *block[1:]]))
            self._scanned.update(range(len(self._lines), len(self._lines) + len(lines) if is_scanned else 0))
            self._lines += lines
        self.has_labels = self.has_labels and bears_labels(
            [line.removeprefix(HEADING_MARK) for line, _is_certain in self._lines]
        )
        if self.has_labels:
            self._last_places = {
                (each.style, each.series, each.value): place
                for place, (line, _is_certain) in enumerate(self._lines)
                if (found := labelled(line.removeprefix(HEADING_MARK)))
                for each in found.readings
            }

    def paragraphs(self) -> list[PaperParagraph]:
        for place, (line, is_certain) in enumerate(self._lines):
            self._read(line, place, is_certain=is_certain)
            if place in self._scanned and self._found:
                self._found[-1] = replace(self._found[-1], is_scanned=True)
        self._end_paragraph()
        return self._found

    def _read(self, line: str, place: int, *, is_certain: bool) -> None:
        if note := _NOTE.match(line):
            self.notes[note[1]] = line[note.end() :]
            return
        if line.startswith(HEADING_MARK):
            line = line.removeprefix(HEADING_MARK)
            found = labelled(line) if self.has_labels and not unit(line) else None
            if not (found and not is_numbered_heading(found) and self._add_counted_heading(found, place)):
                self._add_heading(line)
            return
        if CELL_MARK in line or line.startswith(PARAGRAPH_MARK):
            self._add_paragraph(line.removeprefix(PARAGRAPH_MARK))
            return
        found = labelled(line) or after_999(line, self._levels) if self.has_labels else None
        if self.has_labels and unit(line):
            self._add_heading(line)
            return
        if found and is_numbered_heading(found) and (is_certain or self._announces_list(line, place)):
            self._add_heading(line)
            return
        if found and is_capital_heading(found) and self._add_counted_heading(found, place):
            return
        if found and (label := self._accepted(found, place, is_certain=is_certain)):
            self._add(label)
            self._heading, self._article = None, ""
            return
        self._add_plain(line, place, is_certain=is_certain)

    def _add_counted_heading(self, line: LabelledLine, place: int) -> bool:
        """Add a heading with a number such as "2. FISHERIES", if that fits what stands before it."""
        accepted = self._accepted(line, place, is_certain=True, is_heading=True)
        if accepted:
            self._levels[-1].is_heading = True
            self._add(replace(accepted, role=ParagraphRole.HEADING))
            self._heading, self._article = None, ""
        return accepted is not None

    def _add_plain(self, line: str, place: int, *, is_certain: bool) -> None:
        """Add a line without a label."""
        current = self._found[-1] if self._found else None
        is_body = (
            current is not None and current.role == ParagraphRole.PARAGRAPH and CELL_MARK not in current.text
        )
        if is_certain and self._is_heading(line, place):
            self._add_heading(line)
        elif is_body and (BULLET.match(line) or not is_certain):
            self._continue(f"\n{line}")
        elif is_body and self._levels and self._heading is None:
            self._continue(f"\n\n{line}")
        else:
            self._add_paragraph(line)

    def _add_paragraph(self, text: str) -> None:
        """Add a paragraph without a number. The first one of an article is cited by that."""
        label, self._article = ("" if CELL_MARK in text else self._article), ""
        self._add(PaperParagraph(text, label))

    def _announces_list(self, line: str, place: int) -> bool:
        """Whether ``line`` stands after a sentence, and a list begins below it."""
        if not place or not sentence_ends(self._lines[place - 1][0]):
            return False
        following = labelled(self._lines[place + 1][0]) if place + 1 < len(self._lines) else None
        return is_in_capitals(line) or (
            following is not None and any(each.value == 1 for each in following.readings)
        )

    def _continue(self, text: str) -> None:
        self._more.append(text)

    def _add(self, paragraph: PaperParagraph) -> None:
        self._end_paragraph()
        self._found.append(paragraph)
        self._labels.add(paragraph.label)

    def _end_paragraph(self) -> None:
        """Put what continues the last paragraph into it: once, however much that is."""
        if self._more:
            self._found[-1] = replace(self._found[-1], text="".join((self._found[-1].text, *self._more)))
            self._more = []

    def _add_heading(self, line: str) -> None:
        found = labelled(line) if self.has_labels else None
        part = unit(line) if self.has_labels else None
        if found and is_numbered_heading(found):
            label = found.readings[0]
            heading = PaperParagraph(found.text, label.name, label.mark, ParagraphRole.HEADING)
        else:
            heading = PaperParagraph(line, part.label if part else "", role=ParagraphRole.HEADING)
        if heading.label:
            self._article = part.label if part and part.is_article else ""
        self._add(heading)
        # A second heading, such as a title below its number, does not hide the label of the first.
        if not (self._heading and self._heading.label and not heading.label):
            self._heading = heading

    def _is_heading(self, line: str, place: int) -> bool:
        """Whether ``line``, which has no label, is a heading, a title, or the line with place and date."""
        if sentence_ends(line) or BULLET.match(line):
            return is_place_and_day(line)
        if len(line) > LONGEST_HEADING or line[:1].islower():
            return False
        if is_in_capitals(line) or is_place_and_day(line) or unit(line):
            return True
        following = self._lines[place + 1][0] if place + 1 < len(self._lines) else ""
        if not following or len(line.split()) > MOST_HEADING_WORDS:
            return False
        if not self.has_labels:
            return sentence_ends(following) or not self._found
        if self._found and self._found[-1] is self._heading and self._heading.label:
            return True  # the title of a part
        return not self._levels or labelled(following) is not None

    # -- labels ------------------------------------------------------------------------------------------

    def _accepted(
        self, line: LabelledLine, place: int, *, is_certain: bool, is_heading: bool = False
    ) -> PaperParagraph | None:
        """The paragraph that ``line`` begins, if its label fits what stands before it."""
        return (
            self._next(line, is_heading=is_heading)
            or self._first(line, place, is_certain=is_certain)
            or (self._out_of_order(line, place) if is_certain else None)
        )

    def _next(self, line: LabelledLine, *, is_heading: bool) -> PaperParagraph | None:
        """A paragraph with the next number of an open list, the innermost first, headings after headings."""
        inwards = [*enumerate(self._levels)][::-1]
        for depth, level in sorted(inwards, key=lambda each: each[1].is_heading != is_heading):
            if label := next((label for label, ahead in level.values(line) if ahead == 1), None):
                del self._levels[depth + 1 :]
                self._goes_on(level)
                following = {each.series: each.value for each, ahead in level.values(line) if ahead == 1}
                return self._count(level, label, following, line.text)
        return None

    def _goes_on(self, level: OpenList) -> None:
        """Take the heading out of the labels of ``level``, where its numbers go on below another heading."""
        if not (self._heading and self._heading.label and level.above) or level is not self._levels[0]:
            return
        above = re.compile(rf"{re.escape(level.above)}(?:\.| (?=\())")
        shorter = [
            replace(each, label=above.sub("", each.label, count=1)) for each in self._found[level.begins :]
        ]
        labels = {each.label for each in shorter} - {each.label for each in self._found[level.begins :]}
        if level.is_kept or not self._labels.isdisjoint(labels):
            # The labels without the heading are those of another list.
            level.above, level.is_kept, level.begins = self._heading.label, True, len(self._found)
            return
        self._found[level.begins :] = shorter
        self._labels |= labels
        level.above = ""

    def _first(self, line: LabelledLine, place: int, *, is_certain: bool) -> PaperParagraph | None:
        """A paragraph that begins a list: below a heading, or nested below the paragraph before."""
        label = next((each for each in line.readings if each.value == 1), None)
        if label is None:
            return None
        if label.style == Style.NESTED:
            return self._open(line, label, label.above)
        if not self._levels:
            return self._open(line, label, self._heading.label if self._heading else "")
        if self._heading is not None:
            self._levels.clear()
            paragraph = self._open(line, label, self._heading.label)
            is_again = paragraph.label in self._labels
            return replace(paragraph, doubt=Doubt.AGAIN) if is_again else paragraph
        same = [
            ahead
            for level in self._levels
            for each, ahead in level.values(line)
            # "i" after "b" is the ninth letter only where no "ii" follows.
            if each.series == label.series or not self._comes_later(label, place)
        ]
        # After one item, another list begins below it more often than the list begins again.
        if self._more and label.series == Series.NUMBERS and self._levels[0].style == Style.BOTH:
            self._levels.clear()  # "… (b) noting the growth; have agreed: 1. …"
            return self._open(line, label, "")
        is_below = (
            self._levels[-1].is_heading or not same or same[-1] == 0 or self._last_line().endswith((":", "៖"))
        )
        if is_below and len(self._levels) < _MOST_LEVELS:
            return self._open(line, label, self._levels[-1].name)
        if is_certain and self._comes_later(label, place):
            self._levels.clear()
            return replace(self._open(line, label, ""), doubt=Doubt.AGAIN)
        return None

    def _out_of_order(self, line: LabelledLine, place: int) -> PaperParagraph | None:
        """A paragraph whose number passes over others, stands a second time, or begins the text above 1."""
        if not self._levels:
            label = next((each for each in line.readings if self._comes_later(each, place)), None)
            return self._open(line, label, self._heading.label if self._heading else "") if label else None
        found = [(level, *each) for level in self._levels for each in level.values(line)]
        if not found or BEGINS_WITH_MONTH.match(line.text):
            return None
        beyond = [each for each in found if 0 < each[2] <= _LARGEST_JUMP]
        level, label, ahead = min(beyond, key=lambda each: each[2]) if beyond else found[-1]
        expected = str(label.value - ahead + 1) if beyond and label.series == Series.NUMBERS else ""
        del self._levels[self._levels.index(level) + 1 :]
        paragraph = self._count(level, label, {label.series: label.value}, line.text)
        return replace(paragraph, doubt=Doubt.JUMP if beyond else Doubt.AGAIN, expected=expected)

    def _last_line(self) -> str:
        return self._more[-1] if self._more else self._found[-1].text

    def _open(self, line: LabelledLine, label: Label, above: str) -> PaperParagraph:
        """The paragraph of ``label``, the first of a list under ``above``."""
        level = OpenList(label.style, above, begins=len(self._found))
        del self._levels[_MOST_LEVELS - 1 :]
        self._levels.append(level)
        counts = {each.series: each.value for each in line.readings if each.value == 1 or each == label}
        return self._count(level, label, counts, line.text)

    def _count(self, level: OpenList, label: Label, counts: dict[Series, int], text: str) -> PaperParagraph:
        level.counts = counts
        level.name = _cited(level.above, label)
        return PaperParagraph(text, level.name, label.mark)

    def _comes_later(self, label: Label, place: int) -> bool:
        """Whether a later line has the number after ``label``, written in the same manner."""
        return self._last_places.get((label.style, label.series, label.value + 1), 0) > place


def _cited(above: str, label: Label) -> str:
    """What a paragraph is cited by: its own label, after that of what it stands under."""
    if not above or label.style in (Style.NESTED, Style.ARTICLE, Style.SECTION):
        return label.name
    cited = f"{above} ({label.name.strip('()')})" if label.style == Style.BOTH else f"{above}.{label.name}"
    return cited if len(cited) <= _LONGEST_LABEL else label.name


def _with_notes(paragraphs: list[PaperParagraph], notes: dict[str, str]) -> Iterator[PaperParagraph]:
    """``paragraphs`` without the marks of footnotes, each followed by its footnotes."""
    left = dict(notes)
    for paragraph in paragraphs:
        marks = _NOTE_MARK.findall(paragraph.text)
        yield replace(paragraph, text=_NOTE_MARK.sub("", paragraph.text)) if marks else paragraph
        for number in marks:
            if number in left:
                yield PaperParagraph(left.pop(number), role=ParagraphRole.NOTE)
    for text in left.values():
        yield PaperParagraph(text, role=ParagraphRole.NOTE)


def _with_run_ins(paragraphs: Iterator[PaperParagraph]) -> Iterator[PaperParagraph]:
    """``paragraphs``, marking each that seems to hold the next number: "… treaty. 3. They …"."""
    found = list(paragraphs)
    labels = {each.label for each in found}
    for paragraph in found:
        number = re.search(r"\d+$", paragraph.label)
        if number and not paragraph.doubt:
            expected = str(int(number[0]) + 1)
            label = f"{paragraph.label[: number.start()]}{expected}"
            run_in = re.search(rf"(?<=[.!?;:។])\s+(?={expected}[.)]\s+\S)", paragraph.text)
            if run_in and label not in labels:
                paragraph = replace(paragraph, doubt=Doubt.RUN_IN, expected=expected, split_at=run_in.end())
        yield paragraph
