"""Reads an uploaded .xlsx or .csv file into rows of cells, and says what is unusual about it."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.documents.kinds import Kind, kind_by_name, text_in_code_page, text_of
from core.documents.limits import MAX_COLUMNS, MAX_ROWS, MAX_SHEET_BYTES
from core.documents.problems import Problem, Unreadable
from core.documents.reading import read_workbook, refusal
from core.normal_forms import normalized
from interchange.spreadsheet.fields import known_heads
from relations.choices import CodePage

Cell = Any
"""``None``, a text, or an object with one member: see ``core.documents.workbook``."""
SEPARATORS = (",", ";", "\t", "|")
_HEADS_WITHIN = 20
"""The headings are in one of so many rows."""
_LONGEST_SAMPLE = 100_000
csv.field_size_limit(MAX_SHEET_BYTES)


@dataclass(slots=True)
class Table:
    """The rows of a sheet by their number, how a plain file was read, and facts about a workbook."""

    rows: dict[int, list[Cell]]
    separator: str = ""
    code_page: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def read_table(
    name: str, content: bytes, *, sheet: int | None = None, separator: str = "", code_page: str = ""
) -> Table:
    """Read the file ``name``. What is not given is found: the sheet, the separator, the character set.

    Raises ``ValidationError``, and ``ReadersBusy``.
    """
    if kind_by_name(name) != Kind.CSV:
        about, *lines = read_workbook(name, content, sheet=sheet)
        rows = {}
        for line in lines:
            number, *cells = json.loads(line)
            rows[number] = [normalized("NFC", each) if isinstance(each, str) else each for each in cells]
        return _filled(name, Table(rows, facts=json.loads(about)))
    try:
        return _filled(name, _csv_table(content, separator, code_page))
    except Unreadable as error:
        raise refusal(error.problem, name, max_bytes=MAX_SHEET_BYTES) from error


def _filled(name: str, table: Table) -> Table:
    if not table.rows:
        raise refusal(Problem.NO_TEXT, name)
    return table


def _csv_table(content: bytes, separator: str, code_page: str) -> Table:
    if len(content) > MAX_SHEET_BYTES:
        raise Unreadable(Problem.TOO_LARGE)
    if not content.strip():
        raise Unreadable(Problem.EMPTY)
    text, code_page = _text(content, code_page)
    if text.startswith("sep=") and "\n" in text:  # a line by which Excel is told the separator
        line, text = text.split("\n", 1)
        separator = separator or line[4:5]
    separator = separator or _separator(text)
    rows: dict[int, list[Cell]] = {}
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if len(record) > MAX_COLUMNS:
                raise Unreadable(Problem.TOO_MANY_COLUMNS)
            if any(value.strip() for value in record):
                rows[number] = [normalized("NFC", value) if value.strip() else None for value in record]
            if len(rows) > MAX_ROWS:
                raise Unreadable(Problem.TOO_MANY_ROWS)
    except csv.Error as error:
        raise Unreadable(Problem.DAMAGED) from error
    return Table(rows, separator, code_page)


def _text(content: bytes, code_page: str) -> tuple[str, str]:
    """The text, and the code page in which it was read; "" for Unicode."""
    if code_page:
        return text_in_code_page(content, code_page), code_page
    try:
        return text_of(content), ""
    except Unreadable as error:
        if error.problem != Problem.UNKNOWN_ENCODING:
            raise
    return _found_code_page(content)


def _found_code_page(content: bytes) -> tuple[str, str]:
    """The text in the code page that fits best. It is shown, and can be changed.

    In Vietnamese a mark follows its letter as a character of its own; in Western European the same bytes are
    letters, such as Ì, that hardly ever follow a small letter.
    """
    candidates: list[tuple[int, str, str]] = []
    for code_page in CodePage.values:
        try:
            text = content.decode(code_page)
        except UnicodeDecodeError:
            continue
        marks = sum(1 for char in text if "\u0300" <= char <= "\u0323" or char in "đĐơƠưƯăĂ")
        is_vietnamese = code_page == CodePage.CP1258
        candidates.append((marks if is_vietnamese else 1, text, code_page))
    if not candidates:
        raise Unreadable(Problem.UNKNOWN_ENCODING)
    _score, text, code_page = max(candidates, key=lambda each: each[0])
    return text, code_page


def _separator(text: str) -> str:
    """The separator by which most rows of the beginning have the same number of columns, more than one."""
    sample = text[:_LONGEST_SAMPLE]
    best, most = ",", 0
    for separator in SEPARATORS:
        try:
            widths = Counter(map(len, csv.reader(io.StringIO(sample, newline=""), delimiter=separator)))
        except csv.Error:
            continue
        widths.pop(0, None)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        if width > 1 and times * width > most:
            best, most = separator, times * width
    return best


# -- the headings ----------------------------------------------------------------------------------------


def head_row_of(rows: dict[int, list[Cell]]) -> int:
    """The number of the row with the headings: that of the first rows which names most fields.

    Where none names two, it is the first row in which the most cells have a text.
    """
    first = sorted(rows)[:_HEADS_WITHIN]
    best = max(first, key=lambda n: (known_heads(heads_in(rows[n])), -n))
    if known_heads(heads_in(rows[best])) > 1:
        return best
    return max(first, key=lambda n: (len([1 for head in heads_in(rows[n]) if head]), -n))


def heads_in(cells: Iterable[Cell]) -> list[str]:
    """The texts of a row of headings, each on one line; "" for a cell without text."""
    return [" ".join(cell.split())[:200] if isinstance(cell, str) else "" for cell in cells]


# -- what is said about the file -------------------------------------------------------------------------


def remarks_on(facts: dict[str, Any], separator: str, code_page: str) -> list[str]:
    """What a person should know about how the file was read, in sentences."""
    remarks = []
    if separator:
        names = {"\t": _("tab"), ";": _("semicolon"), ",": _("comma"), "|": _("vertical bar")}
        remarks.append(
            _("The columns are separated by: %(name)s.") % {"name": names.get(separator, separator)}
        )
        label = CodePage(code_page).label if code_page else _("Unicode")
        remarks.append(_("The character set is: %(name)s.") % {"name": label})
    if sheets := facts.get("sheets"):
        sentence = _("The sheet “%(sheet)s” was read.")
        remarks.append(sentence % {"sheet": sheets[facts["sheet"]]})
    for key, told in _SENTENCES.items():
        if found := facts.get(key):
            remarks.append(told() % {"places": _listed(found, facts.get(f"n_{key}"))})
    return remarks


_SENTENCES = {
    "hidden_sheets": lambda: _("Hidden sheets are not read: %(places)s."),
    "hidden_rows": lambda: _("Hidden rows are read like the others: %(places)s."),
    "hidden_columns": lambda: _("Hidden columns are read like the others: %(places)s."),
    "merged": lambda: _(
        "Cells that are merged downwards count for each of their rows; merged sideways, for their first "
        "column: %(places)s."
    ),
    "formulas": lambda: _(
        "Of formulas the value is read that was stored last: %(places)s. A formula without one is refused."
    ),
}


def _listed(places: Sequence[Any], total: int | None) -> str:
    shown, n = list(map(str, places))[:5], total or len(places)
    text = ", ".join(shown)
    # Translators: the first places, and the number of all of them.
    return text if n <= len(shown) else _("%(first)s and more, %(n)d in all") % {"first": text, "n": n}


def require_readable_name(name: str) -> None:
    """Raise ``ValidationError`` unless the name ends in .xlsx or .csv."""
    if kind_by_name(name) not in (Kind.XLSX, Kind.CSV):
        raise ValidationError(
            _("Choose a .xlsx or .csv file. “%(name)s” is not one. Save it as .xlsx and choose it again.")
            % {"name": name[:200]},
            code=Problem.WRONG_KIND,
        )
