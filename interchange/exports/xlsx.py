"""The follow-up selected as a spreadsheet, streamed while it is written."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from commitments.choices import Status
from commitments.reports.columns import Column, Value, in_words
from commitments.reports.rows import Row
from core.documents.workbook import VERSIONS_SHEET
from interchange.exports.formula_escaping import looks_like_formula
from interchange.exports.selected_rows import SelectedRows
from interchange.exports.versions import version_of

MOST_ROWS = 1_048_575
"""Largest number of rows on a sheet, without the header."""

_MOST_CHARACTERS = 32_000
"""Slightly less than the limit of a cell, since spreadsheets count characters differently."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = dt.date(1900, 3, 1)
"""Spreadsheets disagree about the serial numbers of earlier dates."""
_MEMBER_LIMIT_ROWS = 300_000
"""Above it a sheet may exceed two gigabytes, which needs ZIP64."""

_PAPER_WIDTH = 220
"""Printable width, in characters; the ministry's six columns fit."""

_LINE, _STACKED_LINE, _HIGHEST = 13.5, 20.0, 409.0
"""In points: a line of Latin, a line of Khmer with its stacked signs, and the highest possible row."""
_STACKED = re.compile("[\u1780-\u17ff]")

_TOP = Alignment(vertical="top", wrap_text=True)
_FONT = "Calibri"
_TEXT, _BOLD = Font(name=_FONT, size=10), Font(name=_FONT, size=10, bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="1C3D70")
_FILLS = {
    Status.REQUESTED: "F1EEE6",
    Status.AGREED: "E7EAEE",
    Status.IN_PROGRESS: "CBDCF2",
    Status.STALLED: "F9E0BF",
    Status.STANDING: "E3E3E3",
    Status.UNDER_REVIEW: "E4D9F0",
    Status.FULFILLED: "CBE6CF",
    Status.PARTLY_FULFILLED: "E3F0D2",
    Status.NOT_FULFILLED: "F4CFC6",
    Status.SUPERSEDED: "DDDDDD",
    Status.DROPPED: "DDDDDD",
}
"""The fill colour of each status. The cell always has the word, too."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The contents of the second sheet: a title, and lines of a label and a value.

    A line without a value is a heading.
    """

    title: str
    author: str
    made_at: dt.datetime
    lines: tuple[tuple[str, str | int | dt.date | None], ...]


@dataclass(frozen=True, slots=True)
class _Styles:
    """The ids of the cell styles in the workbook."""

    text: int
    quoted: int
    """For a text that looks like a formula: it stays text when somebody edits the cell."""
    reference: int
    day: int
    number: int
    overdue: int
    by_status: dict[Status, int]


class _StreamBuffer:
    """A write-only buffer that the archive is written to. It cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Do nothing: the parts are taken by ``take``."""

    def take(self) -> bytes:
        """Return what was written since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def xlsx_of(
    selected: SelectedRows, columns: Sequence[Column], cover: Cover, *, is_shared: bool = False
) -> Iterator[bytes]:
    """Stream the workbook. openpyxl makes everything but the rows; the rows are sent as they are read.

    A workbook that ``is_shared`` has no versions of its rows: they are made of columns that it may leave out.

    openpyxl's write-only mode keeps the sheet on disk and sends nothing before the last row: with 100,000
    rows that takes longer than the timeout of a proxy.
    """
    empty, styles, sheet, versions_sheet = _frame(selected, columns, cover)
    buffer, versions = _StreamBuffer(), _Versions(is_kept=not (selected.when.is_past or is_shared))
    with (
        zipfile.ZipFile(io.BytesIO(empty)) as frame,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive,  # type: ignore[call-overload]
    ):
        for member in frame.namelist():
            if member == versions_sheet:
                continue  # written last, once the rows are known
            if member != sheet:
                archive.writestr(member, frame.read(member))
                continue
            before, after = _around_rows(frame.read(member), len(selected), len(columns))
            with archive.open(member, "w", force_zip64=len(selected) > _MEMBER_LIMIT_ROWS) as part:
                part.write(before)
                for xml in _rows(selected, columns, styles, versions):
                    part.write(xml)
                    yield buffer.take()
                part.write(after)
        archive.writestr(versions_sheet, versions.within(frame.read(versions_sheet)))
    yield buffer.take()


@dataclass(slots=True)
class _Versions:
    """The rows of the hidden sheet by which an import knows what was exported; none of a past day,
    and none where the workbook is for others."""

    is_kept: bool
    parts: list[bytes] = field(default_factory=list)

    def add(self, row: Row, known: Mapping[str, Value]) -> None:
        """Add the reference and the version of ``row``. ``known`` are its values by column."""
        if self.is_kept:
            pair = (row.commitment.reference, version_of(row, known))
            cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in pair)
            self.parts.append(f"<row>{cells}</row>".encode())

    def within(self, empty: bytes) -> bytes:
        """The XML of the sheet, from that of an empty one."""
        reach = b'<dimension ref="A1:B%d"' % max(1, len(self.parts))
        sized = re.sub(rb'<dimension ref="[^"]*"', reach, empty)
        rows = b"<sheetData>%s</sheetData>" % b"".join(self.parts)
        return re.sub(rb"<sheetData\s*/>|<sheetData></sheetData>", rows, sized)


# -- the frame ------------------------------------------------------------------------------------------


def _frame(
    selected: SelectedRows, columns: Sequence[Column], cover: Cover
) -> tuple[bytes, _Styles, str, str]:
    """The workbook without its rows, the styles of the rows, and the names in the archive of two sheets.

    They are the sheet of the rows and the hidden one of their versions.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Commitments")[:31]
    _head(sheet, columns, len(selected))
    styles = _styles(sheet)
    _cover(book.create_sheet(_("About this list")[:31]), cover)
    versions: Any = book.create_sheet(VERSIONS_SHEET)
    versions.sheet_state = "hidden"
    properties = book.properties
    properties.title, properties.creator = cover.title, cover.author
    properties.lastModifiedBy = cover.author
    properties.created = properties.modified = cover.made_at.astimezone(dt.UTC).replace(tzinfo=None)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), styles, sheet.path.lstrip("/"), versions.path.lstrip("/")


def _head(sheet: Any, columns: Sequence[Column], rows: int) -> None:
    """Write the header row and the settings of the sheet."""
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number, str(column.heading))
        cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
        cell.fill, cell.alignment = _HEAD_FILL, _TOP
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{rows + 1}"
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(_printable(columns))}{rows + 1}"
    _set_up_page(sheet)


def _printable(columns: Sequence[Column]) -> int:
    """The number of columns, from the left, that stay readable when printed across one sheet of paper."""
    reach = accumulate(column.width for column in columns)
    return max(1, sum(1 for width in reach if width <= _PAPER_WIDTH))


def _set_up_page(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_options.gridLines = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.45
    margins.bottom, margins.footer = 0.75, 0.3
    sheet.oddFooter.right.text = "&P / &N"


def _styles(sheet: Any) -> _Styles:
    """The styles of the rows. They are created in a second row, which ``_around_rows`` removes."""
    column = iter(range(1, 100))

    def style(*, font: Font = _TEXT, fill: str = "", form: str = "General", is_quoted: bool = False) -> int:
        cell = sheet.cell(2, next(column))
        cell.quotePrefix = is_quoted
        cell.font, cell.alignment, cell.number_format = font, _TOP, form
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        return int(cell.style_id)

    return _Styles(
        text=style(),
        quoted=style(is_quoted=True),
        reference=style(font=_BOLD),
        day=style(form="d mmm yyyy"),
        number=style(form="General"),
        overdue=style(font=Font(name=_FONT, size=10, bold=True, color="8A3312")),
        by_status={status: style(fill=fill) for status, fill in _FILLS.items()},
    )


def _cover(sheet: Any, cover: Cover) -> None:
    """Write the second sheet, which describes the first."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90
    sheet["A1"] = cover.title
    sheet["A1"].font = Font(name=_FONT, size=14, bold=True)
    for number, (label, value) in enumerate(cover.lines, start=3):
        name, text = sheet.cell(number, 1, label), sheet.cell(number, 2)
        text.value = cell_text(value) if isinstance(value, str) else value
        if isinstance(value, str):
            text.data_type, text.quotePrefix = TYPE_STRING, looks_like_formula(value)
        name.font, text.font = (_BOLD, _BOLD) if value is None else (_TEXT, _TEXT)
        name.alignment = _TOP
        text.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left")
        if isinstance(value, dt.date):
            text.number_format = "d mmm yyyy"
    _set_up_page(sheet)
    sheet.print_options.gridLines = False


# -- the rows -------------------------------------------------------------------------------------------


def _around_rows(xml: bytes, rows: int, columns: int) -> tuple[bytes, bytes]:
    """The XML of a sheet before and after its rows, without the row of styles."""
    before, rest = xml.split(b'<row r="2"', 1)
    reach = f'<dimension ref="A1:{get_column_letter(columns)}{rows + 1}"'.encode()
    return re.sub(rb'<dimension ref="[^"]*"', reach, before), rest[rest.index(b"</sheetData>") :]


def _rows(
    selected: SelectedRows, columns: Sequence[Column], styles: _Styles, versions: _Versions
) -> Iterator[bytes]:
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    names = [column.name for column in columns]
    number = 1
    for chunk in selected.rows():
        rows = []
        for row in chunk:
            number += 1
            values = [column.value(row) for column in columns]
            versions.add(row, dict(zip(names, values, strict=True)))
            # Most cells of a row are empty: they are left out before anything is made of them.
            cells = [
                _cell(f"{letter}{number}", name, value, styles)
                for letter, name, value in zip(letters, names, values, strict=True)
                if value is not None and value != ""
            ]
            height = _height(zip(columns, values, strict=True))
            rows.append(f'<row r="{number}" ht="{height}">{"".join(cells)}</row>')
        yield "".join(rows).encode()


def _height(cells: Iterable[tuple[Column, Value]]) -> float:
    """The height of a row for its texts, in points. Not every program computes it by itself."""
    most, line = 1, _LINE
    for column, value in cells:
        if isinstance(value, str) and (len(value) > column.width or "\n" in value):
            most = max(most, sum(1 + len(part) // column.width for part in value.split("\n")))
            if _STACKED.search(value):
                line = _STACKED_LINE
    return min(most * line + 2, _HIGHEST)


def _cell(place: str, name: str, value: Value, styles: _Styles) -> str:
    """The XML of a cell with a value: dates as dates, numbers as numbers, everything else as text, never a
    formula.
    """
    if isinstance(value, Status) and name == "status":
        return _text(place, styles.by_status[value], str(value.label))
    if isinstance(value, dt.date) and value >= _FIRST_DAY:
        return f'<c r="{place}" s="{styles.day}"><v>{_serial_number(value)}</v></c>'
    if type(value) in (int, Decimal):
        style = styles.overdue if name == "overdue_days" and value else styles.number
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    text = in_words(value)
    style = styles.quoted if looks_like_formula(text) else styles.text
    return _text(place, styles.reference if name == "reference" else style, text)


@lru_cache(maxsize=4096)
def _serial_number(day: dt.date) -> str:
    """The number of a day on a sheet: a register has few different days."""
    return f"{to_excel(day):.0f}"


def _text(place: str, style: int, text: str) -> str:
    shown = escape(cell_text(text))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def cell_text(text: str) -> str:
    """``text`` as a cell holds it: without characters that XML does not allow, cut to the size of a cell."""
    cleaned = _NOT_IN_XML.sub("", text)
    return cleaned if len(cleaned) <= _MOST_CHARACTERS else f"{cleaned[:_MOST_CHARACTERS]}…"
