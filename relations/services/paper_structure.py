"""Reads the text of a paper into paragraphs with the labels that they bear on the paper.

The text is plain. A line that begins with ``# `` is a heading, with ``¶ `` a paragraph. A block that begins
with ``[^1] `` is a footnote; ``[^1]`` in the text is its mark. Word documents and PDFs are read into this
form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from functools import cached_property

from core.documents.labels import BULLET, Label, LabelledLine, Series, Style, labelled
from core.documents.lines import BEGINS_WITH_MONTH, Wrapping, sentence_ends
from core.texts import with_plain_lines
from relations.choices import ParagraphRole

HEADING_MARK = "# "
PARAGRAPH_MARK = "¶ "
"""Before a paragraph that would be taken for a heading."""
CELL_MARK = " | "
"""Between the cells of a row of a table. Each row is a paragraph."""
_NOTE = re.compile(r"\[\^(\d{1,4})\]\s+")
_NOTE_MARK = re.compile(r"\[\^(\d{1,4})\]")
_LONGEST_HEADING = 120
_MOST_HEADING_WORDS = 14
_LARGEST_JUMP = 60
_MOST_LEVELS = 9
"""As many as Word has. A list that would stand deeper is none."""
_LONGEST_LABEL = 60  # the length of the column
_ANNEX = re.compile(
    r"(?:Annex|Annexe|Anexo|Appendix|Phụ lục|ឧបសម្ព័ន្ធ)(?:\s+(?:\d{1,2}|[IVX]{1,4}|[A-Z]))?\b", re.I
)
_PLACE_AND_DAY = re.compile(
    r"(?:(?:Done|Signed|Issued) (?:at|in)|Làm tại|Fait à|Feito em|Hecho en|ធ្វើនៅ)\b", re.I
)

_CONTROL_CHARACTERS = {
    char: None for char in (*range(0x20), 0x7F, 0xAD, 0xFEFF) if chr(char) not in "\t\n\f\v\r"
}
_NEW_LINES = str.maketrans({"\f": "\n\n", "\v": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n"})
_QUOTED = re.compile(r"(?:>[ \t]?)+")


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


@dataclass(slots=True)
class _Level:
    """A list that is open: how far it is, and the label of what it stands under.

    ``counts`` has each series that it may count with: after "i" the next is "ii" or "j".
    """

    style: Style
    above: str = ""
    counts: dict[Series, int] = field(default_factory=dict)
    name: str = ""

    def values(self, line: LabelledLine) -> Iterator[tuple[Label, int]]:
        """The readings of ``line`` in a series of this list, with how far each is beyond the last one."""
        for label in line.readings:
            is_beside = label.style != Style.NESTED or label.above == self.above
            if label.style == self.style and is_beside and label.series in self.counts:
                yield label, label.value - self.counts[label.series]


def read_paper(text: str, *, has_labels: bool = True) -> list[PaperParagraph]:
    """The paragraphs of ``text``: headings, paragraphs with their labels, footnotes after their paragraph.

    A block without a label belongs to the paragraph before it, in a text that has labels. An item with a
    bullet belongs to its paragraph. Without ``has_labels`` each block is a paragraph, and its number is part
    of it.
    """
    text = tidy(text)
    if not text:
        return []
    reader = _Reader(text, has_labels=has_labels)
    return list(_with_run_ins(_with_notes(reader.paragraphs(), reader.notes)))


def as_text(paragraphs: Sequence[PaperParagraph]) -> str:
    """The text that ``read_paper`` reads as ``paragraphs``."""
    blocks: list[str] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.role == ParagraphRole.NOTE:
            if blocks:
                blocks[-1] += f"[^{number}]"
            blocks.append(f"[^{number}] {paragraph.text}")
            continue
        sign = HEADING_MARK if paragraph.role == ParagraphRole.HEADING else ""
        if (
            paragraph.role == ParagraphRole.PARAGRAPH
            and not paragraph.mark
            and _looks_like_heading(paragraph.text)
        ):
            sign = PARAGRAPH_MARK
        mark = f"{paragraph.mark} " if paragraph.mark else ""
        blocks.append(f"{sign}{mark}{paragraph.text}")
    return "\n\n".join(blocks)


def _looks_like_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not sentence_ends(text) and CELL_MARK not in text


class PaperEdit(StrEnum):
    """What a person may do to a paragraph before the text is recorded."""

    SPLIT = auto()
    """Begin a paragraph at the number that stands inside it."""
    JOIN = auto()
    """Let it continue the one before."""
    HEADING = auto()
    """Make it a heading."""
    PARAGRAPH = auto()
    """Make it a paragraph."""


def edited(paragraphs: Sequence[PaperParagraph], edit: PaperEdit, place: int) -> str:
    """The text of ``paragraphs`` after ``edit`` of the one at ``place``, counted from 0.

    An edit that is not possible there changes nothing.
    """
    rows = list(paragraphs)
    if not 0 <= place < len(rows):
        return as_text(rows)
    row = rows[place]
    if edit == PaperEdit.SPLIT and row.split_at:
        rest = PaperParagraph(row.text[row.split_at :])
        rows[place : place + 1] = [replace(row, text=row.text[: row.split_at].rstrip()), rest]
    elif edit == PaperEdit.JOIN and place:
        before = rows[place - 1]
        rows[place - 1 : place + 1] = [
            replace(before, text=f"{before.text} {row.mark} {row.text}".replace("  ", " "))
        ]
    elif edit == PaperEdit.HEADING and row.role == ParagraphRole.PARAGRAPH:
        rows[place] = replace(row, role=ParagraphRole.HEADING, text=" ".join(row.text.split()))
    elif edit == PaperEdit.PARAGRAPH and row.role == ParagraphRole.HEADING:
        rows[place] = PaperParagraph(f"{row.mark} {row.text}".strip())
    return as_text(rows)


def tidy(text: str) -> str:
    """``text`` without control characters and repeated spaces, in NFC, with uniform line ends.

    The marks of a quoted email are removed where each line has one.
    """
    text = with_plain_lines(text).translate(_NEW_LINES).translate(_CONTROL_CHARACTERS).replace("\u00a0", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    if any(lines) and all(line.startswith(">") for line in lines if line):
        lines = [_QUOTED.sub("", line) for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def blocks_of(text: str) -> list[list[str]]:
    """The lines of each block of a tidy ``text``. Blank lines are between blocks."""
    return [block.split("\n") for block in re.split(r"\n\s*\n", text)]


@dataclass
class _Reader:
    """Reads the blocks of one text in order, with the lists that are open at each place."""

    text: str
    has_labels: bool
    notes: dict[str, str] = field(default_factory=dict)
    _levels: list[_Level] = field(default_factory=list)
    _found: list[PaperParagraph] = field(default_factory=list)
    _heading: PaperParagraph | None = None
    _more: list[str] = field(default_factory=list)
    """What continues the last paragraph: put together with it once, when the next one begins."""
    _labels: set[str] = field(default_factory=set)
    _lines: list[tuple[str, bool]] = field(init=False)
    """The lines that may begin a paragraph, and whether it is certain that one begins there."""

    def __post_init__(self) -> None:
        wrapping = Wrapping(self.text)
        self._lines = [line for block in blocks_of(self.text) for line in wrapping.paragraphs(block)]
        self.has_labels = self.has_labels and _is_labelled(self._lines)

    def paragraphs(self) -> list[PaperParagraph]:
        for place, (line, is_certain) in enumerate(self._lines):
            self._read(line, place, is_certain=is_certain)
        self._complete()
        return self._found

    def _add(self, paragraph: PaperParagraph) -> None:
        self._complete()
        self._found.append(paragraph)
        self._labels.add(paragraph.label)

    def _complete(self) -> None:
        """Put what continues the last paragraph into it."""
        if self._more:
            last = self._found[-1]
            self._found[-1] = replace(last, text="".join((last.text, *self._more)))
            self._more.clear()

    def _read(self, line: str, place: int, *, is_certain: bool) -> None:
        if note := _NOTE.match(line):
            self.notes[note[1]] = line[note.end() :]
            return
        if line.startswith(HEADING_MARK):
            self._add_heading(line.removeprefix(HEADING_MARK))
            return
        if CELL_MARK in line or line.startswith(PARAGRAPH_MARK):
            self._add(PaperParagraph(line.removeprefix(PARAGRAPH_MARK)))
            return
        found = labelled(line) if self.has_labels else None
        if found and is_certain and _is_numbered_heading(found):
            self._add_heading(line)
            return
        if found and (label := self._accepted(found, place, is_certain=is_certain)):
            self._add(label)
            self._heading = None
            return
        self._add_plain(line, place, is_certain=is_certain)

    def _add_plain(self, line: str, place: int, *, is_certain: bool) -> None:
        """Add a line without a label."""
        current = self._found[-1] if self._found else None
        is_body = (
            current is not None and current.role == ParagraphRole.PARAGRAPH and CELL_MARK not in current.text
        )
        if is_certain and self._is_heading(line, place):
            self._add_heading(line)
        elif is_body and (BULLET.match(line) or not is_certain):
            self._more.append(f"\n{line}")
        elif is_body and self._levels and self._heading is None:
            self._more.append(f"\n\n{line}")
        else:
            self._add(PaperParagraph(line))

    def _add_heading(self, line: str) -> None:
        found = labelled(line) if self.has_labels else None
        if found and _is_numbered_heading(found):
            label = found.readings[0]
            heading = PaperParagraph(found.text, label.name, label.mark, ParagraphRole.HEADING)
        elif annex := _ANNEX.match(line):
            heading = PaperParagraph(line, " ".join(annex[0].split()), role=ParagraphRole.HEADING)
        else:
            heading = PaperParagraph(line, role=ParagraphRole.HEADING)
        self._add(heading)
        # A second heading, such as a title below its number, does not hide the label of the first.
        if not (self._heading and self._heading.label and not heading.label):
            self._heading = heading

    def _is_heading(self, line: str, place: int) -> bool:
        """Whether ``line``, which has no label, is a heading, a title, or the line with place and date."""
        if sentence_ends(line) or BULLET.match(line):
            return bool(_PLACE_AND_DAY.match(line)) and len(line) <= _LONGEST_HEADING
        if len(line) > _LONGEST_HEADING or line[:1].islower():
            return False
        if _is_in_capitals(line) or _PLACE_AND_DAY.match(line) or _ANNEX.match(line):
            return True
        following = self._lines[place + 1][0] if place + 1 < len(self._lines) else ""
        if not following or len(line.split()) > _MOST_HEADING_WORDS:
            return False
        if not self.has_labels:
            return sentence_ends(following) or not self._found
        return not self._levels or labelled(following) is not None

    def _ends_with_colon(self) -> bool:
        return (self._more or [self._found[-1].text])[-1].endswith(":")

    # -- labels ------------------------------------------------------------------------------------------

    def _accepted(self, line: LabelledLine, place: int, *, is_certain: bool) -> PaperParagraph | None:
        """The paragraph that ``line`` begins, if its label fits what stands before it."""
        return (
            self._next(line)
            or self._first(line, place, is_certain=is_certain)
            or (self._out_of_order(line, place) if is_certain else None)
        )

    def _next(self, line: LabelledLine) -> PaperParagraph | None:
        """A paragraph with the next number of an open list, the innermost first."""
        for depth in range(len(self._levels) - 1, -1, -1):
            level = self._levels[depth]
            if label := next((label for label, ahead in level.values(line) if ahead == 1), None):
                del self._levels[depth + 1 :]
                following = {each.series: each.value for each, ahead in level.values(line) if ahead == 1}
                return self._count(level, label, following, line.text)
        return None

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
        same = [ahead for level in self._levels for _label, ahead in level.values(line)]
        # After one item, another list begins below it more often than the list begins again.
        if not same or same[-1] == 0 or self._ends_with_colon():
            return self._open(line, label, self._levels[: _MOST_LEVELS - 1][-1].name)
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

    def _open(self, line: LabelledLine, label: Label, above: str) -> PaperParagraph:
        """The paragraph of ``label``, the first of a list under ``above``."""
        level = _Level(label.style, above)
        del self._levels[_MOST_LEVELS - 1 :]
        self._levels.append(level)
        counts = {each.series: each.value for each in line.readings if each.value == 1 or each == label}
        return self._count(level, label, counts, line.text)

    def _count(self, level: _Level, label: Label, counts: dict[Series, int], text: str) -> PaperParagraph:
        level.counts = counts
        level.name = _cited(level.above, label)
        return PaperParagraph(text, level.name, label.mark)

    def _comes_later(self, label: Label, place: int) -> bool:
        """Whether a later line has the number after ``label``, written in the same manner."""
        return self._last_places.get((label.style, label.series, label.value + 1), -1) > place

    @cached_property
    def _last_places(self) -> dict[tuple[Style, Series, int], int]:
        """The last line that may bear each label. Found once: a text may have as many labels as lines."""
        return {
            (each.style, each.series, each.value): place
            for place, (line, _is_certain) in enumerate(self._lines)
            if (found := labelled(line))
            for each in found.readings
        }


def _cited(above: str, label: Label) -> str:
    """What a paragraph is cited by: its own label, after that of what it stands under."""
    if not above or label.style in (Style.NESTED, Style.ARTICLE, Style.SECTION):
        return label.name
    cited = f"{above} ({label.name.strip('()')})" if label.style == Style.BOTH else f"{above}.{label.name}"
    return cited if len(cited) <= _LONGEST_LABEL else label.name


def _is_labelled(lines: list[tuple[str, bool]]) -> bool:
    """Whether the text of ``lines`` has labels: it begins with 1, or two numbers follow each other."""
    seen: set[tuple[Style, Series, int]] = set()
    for place, (line, _is_certain) in enumerate(lines):
        found = labelled(line)
        for each in found.readings if found else ():
            if each.value == 1 and place == 0 and each.style == Style.DOT:
                return True
            if (each.style, each.series, each.value - 1) in seen:
                return True
            seen.add((each.style, each.series, each.value))
    return False


def _is_numbered_heading(line: LabelledLine) -> bool:
    """Whether ``line`` is a heading with a Roman number or a letter, such as "II. Security"."""
    label = line.readings[0]
    return (
        label.series in (Series.UPPER_ROMAN, Series.UPPER_LETTERS)
        and label.style in (Style.DOT, Style.DASH, Style.RIGHT)
        and len(line.text) <= _LONGEST_HEADING
        and not sentence_ends(line.text)
        and not line.text[:1].islower()
    )


def _is_in_capitals(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    return len(letters) > 3 and all(char.isupper() for char in letters)  # noqa: PLR2004  (an abbreviation)


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
