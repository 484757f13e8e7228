"""The order in which a page is read: its words as lines, its columns, its tables, its footnotes.

Lengths are in points, from the lower left corner of the page.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median, quantiles

from core.documents.lines import Wrapping
from core.documents.tables import is_head, row_text

_SAME_LINE = 0.5
"""Words whose baselines differ by less than this share of their height stand on one line."""
_SEGMENT_GAP = 0.9
"""A gap between words that is wider than this share of their height may part columns or cells."""
_CELL_GAP = 1.3
_FEWEST_CELLS = 3
_COLUMN_GAP = 0.3
"""How wide a gap through all rows of a table is at least, in heights of a line."""
_MIN_COLUMN_LINES = 5
_MIN_COLUMN_CHARACTERS = 18
"""The usual length of a line in a column. Shorter pieces are the cells of a table."""
_MOST_CROSSING = 0.34
"""The most lines across the gap between columns: titles and lines of full width."""
_SMALL, _LARGE = 0.93, 1.15
"""Lines of other heights than the usual one: footnotes and headings."""
_RAISED = 0.8
_FEW_LINES = 5
_SPACING = 1.6
"""The usual distance of two lines, in heights of a line, where there are too few lines to measure it."""
_GAP = 1.3
"""A line that is this many times as far away as usual begins a paragraph."""
_ENDS = 3
"""How many lines at the top and at the bottom of a page may be repeated on others."""
_LONGEST_WITH_NUMBER = 40
_LABEL = re.compile(r"[(§]?(?:\d{1,3}|[ivxIVX]{1,4}|[A-Za-z])[.)º-]*|[-–—•·▪◦‣●○■□]")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|trang|página|ទំព័រ)?\s*\d{1,4}(?:\s*(?:/|of|de|của)\s*\d{1,4})?[-–—\s]*", re.I
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the raised mark after one. ``joins`` says that no space is before it."""

    text: str
    left: float
    right: float
    baseline: float
    height: float
    is_raised: bool = False
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, in the order of reading."""

    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def baseline(self) -> float:
        return max((word.height, word.baseline) for word in self.words)[1]

    @property
    def height(self) -> float:
        """The usual height of its words: one of another font does not make a line larger."""
        return median(word.height for word in self.words)

    @property
    def text(self) -> str:
        return written(self.words)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote at the end of a page."""

    number: str
    text: str


def written(words: Iterable[Word], notes: frozenset[str] = frozenset()) -> str:
    """The text of ``words``. A raised number is the mark of a footnote in ``notes``, else a raised digit."""
    text = ""
    for word in words:
        written_word = word.text
        if word.is_raised and word.text.isdecimal():
            written_word = f"[^{word.text}]" if word.text in notes else word.text.translate(_SUPERSCRIPTS)
        text += written_word if word.joins or not text else f" {written_word}"
    return text


def lines_of(words: Sequence[Word]) -> list[Line]:
    """``words`` as lines from top to bottom. Words of two columns may stand on one line."""
    rows: list[list[Word]] = []
    largest: Word | None = None
    for word in sorted(words, key=lambda each: -each.baseline):
        if largest and abs(largest.baseline - word.baseline) < _SAME_LINE * max(largest.height, word.height):
            rows[-1].append(word)
            largest = word if word.height > largest.height else largest
        else:
            rows.append([word])
            largest = word
    return [Line(tuple(_in_order(row))) for row in rows]


def _in_order(row: list[Word]) -> list[Word]:
    """The words of a line as they are read: from right to left where most of its letters are.

    Words and numbers from left to right keep their order among each other there.
    """
    ordered = sorted(row, key=lambda each: each.left)
    if not _is_right_to_left("".join(word.text for word in row)):
        return ordered
    found: list[Word] = []
    for is_reversed, group in groupby(reversed(ordered), key=lambda each: _is_right_to_left(each.text)):
        words = list(group)
        found.extend(words if is_reversed else reversed(words))
    return found


def _is_right_to_left(text: str) -> bool:
    directions = [unicodedata.bidirectional(char) for char in text]
    strong = [each for each in directions if each in ("L", "R", "AL")]
    return 2 * sum(each != "L" for each in strong) > len(strong)


def segments(line: Line, gap: float = _SEGMENT_GAP) -> list[Line]:
    """The pieces of ``line`` that stand apart."""
    pieces = [[line.words[0]]]
    for before, word in pairwise(line.words):
        apart = max(word.left - before.right, before.left - word.right)
        if apart > gap * max(before.height, word.height):
            pieces.append([])
        pieces[-1].append(word)
    return [Line(tuple(piece)) for piece in pieces]


def in_reading_order(lines: list[Line], depth: int = 3) -> list[list[Line]]:
    """``lines`` as columns in the order of reading: what is across them, then from left to right."""
    parted = [(line, segments(line)) for line in lines]
    gutter = _gutter(lines, [piece for _line, pieces in parted for piece in pieces]) if depth else None
    if gutter is None:
        return [lines] if lines else []
    found: list[list[Line]] = []
    is_across = [any(piece.left < gutter < piece.right for piece in pieces) for _line, pieces in parted]
    for across, group in groupby(zip(parted, is_across, strict=True), key=lambda each: each[1]):
        band = [each for each, _is_across in group]
        if across:
            found.append([line for line, _pieces in band])
            continue
        for side in (0, 1):
            words = [
                word
                for _line, pieces in band
                for piece in pieces
                if (piece.left >= gutter) == bool(side)
                for word in piece.words
            ]
            found.extend(in_reading_order(lines_of(words), depth - 1))
    return found


def _gutter(lines: list[Line], pieces: list[Line]) -> float | None:
    """Where the gap between two columns is, if the page has columns."""
    if len(pieces) < 2 * _MIN_COLUMN_LINES:
        return None
    starts = Counter(round(piece.left) for piece in pieces)
    first, last = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    best: tuple[int, float] | None = None
    for start, _count in starts.most_common(12):
        x = start - 2.0
        if not first + 0.2 * (last - first) < x < last - 0.2 * (last - first):
            continue
        left = [piece for piece in pieces if piece.right <= x]
        right = [piece for piece in pieces if piece.left >= x]
        crossing = len(pieces) - len(left) - len(right)
        if min(len(left), len(right)) < _MIN_COLUMN_LINES or crossing > _MOST_CROSSING * len(lines):
            continue
        if min(median(len(each.text) for each in side) for side in (left, right)) < _MIN_COLUMN_CHARACTERS:
            continue
        if not _stand_beside(left, right):
            continue
        score = min(len(left), len(right)) - crossing
        if best is None or score > best[0]:
            best = (score, x)
    return best[1] if best else None


def _stand_beside(left: list[Line], right: list[Line]) -> bool:
    """Whether most of the shorter side stands at the height of the other one."""
    low, high = min(each.baseline for each in left), max(each.baseline for each in left)
    beside = sum(low <= each.baseline <= high for each in right)
    return 2 * beside >= min(len(left), len(right))


def stand_side_by_side(columns: Sequence[Sequence[Line]]) -> bool:
    """Whether two of ``columns`` are at the same height, one left of the other."""
    boxes = [
        (
            min(line.left for line in lines),
            max(line.right for line in lines),
            min(line.baseline for line in lines),
            max(line.baseline for line in lines),
        )
        for lines in columns
    ]
    return any(
        right < other_left and low <= other_high and other_low <= high
        for left, right, low, high in boxes
        for other_left, _other_right, other_low, other_high in boxes
    )


# -- what is not text ------------------------------------------------------------------------------------


def running_lines(pages: Sequence[list[Line]]) -> tuple[list[list[Line]], list[str]]:
    """``pages`` without the lines that are repeated at the top or the bottom, and without page numbers.

    Also returns these lines.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        seen.update({(_shape(line), end) for line, end in _ends(lines)})
    # Left and right pages may have heads of their own, and the first page none.
    enough = max(2, len(pages) // 3)
    repeated = {key for key, count in seen.items() if count >= enough}
    left_out: dict[str, None] = {}
    kept: list[list[Line]] = []
    for lines in pages:
        gone: set[int] = set()
        for end in (1, -1):
            for line in list(lines)[::end][:_ENDS]:
                text = line.text
                # A line that begins with a small letter goes on with a sentence, however often it stands.
                is_running = (_shape(line), end) in repeated and not text[:1].islower()
                if not is_running and not _PAGE_NUMBER.fullmatch(text):
                    break
                gone.add(id(line))
                if any(map(str.isalpha, text)):
                    left_out.setdefault(text)
        kept.append([line for line in lines if id(line) not in gone])
    return kept, list(left_out)


def _ends(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    yield from ((line, 1) for line in lines[:_ENDS])
    yield from ((line, -1) for line in lines[-_ENDS:])


def _shape(line: Line) -> str:
    """What two running lines have in common: the number of the page may differ in a short one."""
    text = line.text
    return re.sub(r"\d+", "0", text) if len(text) <= _LONGEST_WITH_NUMBER else text


def body_and_notes(lines: list[Line], usual_height: float) -> tuple[list[Line], list[Note]]:
    """``lines`` without the footnotes at the end, and these: smaller, and beginning with a number."""
    begin = len(lines)
    while begin and lines[begin - 1].height < _SMALL * usual_height:
        begin -= 1
    small = lines[begin:]
    starts = [place for place, line in enumerate(small) if line.words[0].text.isdecimal()]
    if not begin or not starts:
        return lines, []
    notes = []
    for start, end in pairwise([*starts, len(small)]):
        words = [word for line in small[start:end] for word in line.words]
        if len(words) > 1:
            notes.append(Note(words[0].text, written(words[1:])))
    return lines[: begin + starts[0]], notes


# -- text ------------------------------------------------------------------------------------------------


def usual_spacing(columns: Iterable[list[Line]]) -> float:
    """The distance of two lines of a paragraph, in heights of a line."""
    distances = [each for lines in columns for each in _distances(lines) if each > 0]
    if len(distances) < _FEW_LINES:
        return min([*distances, _SPACING])
    return quantiles(distances)[0]


def _distances(lines: Sequence[Line]) -> Iterator[float]:
    return (_distance(above, below) for above, below in pairwise(lines))


def _distance(above: Line, below: Line) -> float:
    return (above.baseline - below.baseline) / (below.height or 1)


def text_of_lines(
    lines: list[Line], spacing: float, wrapping: Wrapping, notes: frozenset[str], usual_height: float
) -> Iterator[str]:
    """The paragraphs of a column, each on one line, with an empty line where a paragraph surely begins.

    A row of a table is one paragraph.
    """
    cells: dict[int, list[list[Word]]] = {}
    heads: dict[int, list[str]] = {}
    for first, rows in _tables(lines):
        cells.update(enumerate(rows, start=first))
        head = [written(cell) for cell in rows[0]]
        if is_head(head):
            heads.update((first + number, head) for number in range(1, len(rows)))
    block: list[str] = []
    before: Line | None = None
    is_large = False
    for place, line in enumerate(lines):
        is_apart = before is not None and _distance(before, line) > spacing * _GAP
        was_large, is_large = is_large, line.height > _LARGE * usual_height
        if block and (is_apart or place in cells or was_large != is_large):
            yield from _joined(block, wrapping, is_heading=was_large)
            block = []
        if place in cells:
            yield row_text([written(cell, notes) for cell in cells[place]], heads.get(place, []))
            yield ""
        else:
            block.append(written(line.words, notes))
        before = line
    if block:
        yield from _joined(block, wrapping, is_heading=is_large)


def _joined(block: list[str], wrapping: Wrapping, *, is_heading: bool) -> Iterator[str]:
    """The paragraphs of ``block``, with an empty line before each that surely begins one, and at the end."""
    if is_heading:
        yield f"# {' '.join(block)}"
        yield ""
        return
    for place, (text, is_certain) in enumerate(wrapping.paragraphs(block)):
        if place and is_certain:
            yield ""
        yield text
    yield ""


def _tables(lines: list[Line]) -> Iterator[tuple[int, list[list[list[Word]]]]]:
    """The tables: the place of the first row in ``lines``, and the words of each cell of each row.

    Two or more lines together are a table if gaps go down through all of them, and one of them has three
    cells that stand well apart.
    """
    place = 0
    while place < len(lines):
        row = segments(lines[place], _CELL_GAP)
        if len(row) - bool(_LABEL.fullmatch(row[0].text)) < _FEWEST_CELLS - 1 or len(row) < _FEWEST_CELLS:
            place += 1
            continue
        first, last = place, place + 1
        while last < len(lines) and len(_gaps(lines[first : last + 1])) >= _FEWEST_CELLS - 1:
            last += 1
        while first and len(_gaps(lines[first - 1 : last])) >= _FEWEST_CELLS - 1:
            first -= 1
        if last - first > 1:
            gaps = _gaps(lines[first:last])
            yield first, [_cells(line, gaps) for line in lines[first:last]]
        place = last


def _gaps(lines: Sequence[Line]) -> list[float]:
    """Where a gap goes down through all ``lines``."""
    spans = sorted((word.left, word.right) for line in lines for word in line.words)
    wide = _COLUMN_GAP * max(line.height for line in lines)
    gaps: list[float] = []
    reach = spans[0][1]
    for left, right in spans:
        if left - reach > wide:
            gaps.append((left + reach) / 2)
        reach = max(reach, right)
    return gaps


def _cells(line: Line, gaps: Sequence[float]) -> list[list[Word]]:
    cells: dict[int, list[Word]] = {}
    for word in line.words:
        cells.setdefault(sum(word.left > gap for gap in gaps), []).append(word)
    return list(cells.values())
