"""The workbooks that can be downloaded: a template, and refused rows with the reasons beside them."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.levels import levels_for
from accounts.models import User
from commitments.choices import Nature, Status
from commitments.models import Commitment, Theme
from core.documents.workbook import VERSIONS_SHEET
from interchange.choices import Decision, RowResult, Verdict
from interchange.exports.xlsx import cell_text
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.fields import FIELDS
from interchange.spreadsheet.names import label_of
from interchange.spreadsheet.sight import sight_of
from interchange.spreadsheet.values import shown
from relations.models import Agency, Country

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_TEMPLATE = (
    *("lead_agency", "partner", "content", "timeline", "challenges", "recommendations"),
    *("title", "status", "nature", "theme", "obligated", "support_agencies", "classification", "remarks"),
)
_WIDE = frozenset({"content", "challenges", "recommendations", "title", "lead_agency"})
_ROWS_WITH_LISTS = 1000
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1C3D70")
_REASON_FILL = PatternFill("solid", fgColor="F4CFC6")
_TOP = Alignment(vertical="top", wrap_text=True)
_LISTS = "Lists"


def template(user: User) -> bytes:
    """An empty workbook with the columns that rows are made of, and lists of what the register knows."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Rows")[:31]
    lists: Any = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    _heads(sheet, [str(FIELDS[name].label) for name in _IN_TEMPLATE])
    choices = _choices(user)
    for number, name in enumerate(_IN_TEMPLATE, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 44 if name in _WIDE else 20
        if values := choices.get(name):
            _offer(sheet, lists, letter, name, values)
    sheet.freeze_panes = "A2"
    return _saved(book)


def _choices(user: User) -> dict[str, list[str]]:
    """The values that a column can have, as the import reads them."""
    countries = list(Country.objects.order_by("sort_key", "pk").values_list("name", flat=True))
    agencies = Agency.objects.select_related("country").order_by("country__code", "sort_key", "pk")
    themes = Theme.objects.order_by("sort_key", "pk").values_list("name", flat=True)
    return {
        "lead_agency": [label_of(each) for each in agencies],
        "partner": countries,
        "obligated": countries,
        "status": [str(each.label) for each in (Status.REQUESTED, Status.AGREED, Status.STANDING)],
        "nature": [str(label) for label in Nature.labels],
        "theme": list(themes),
        "classification": [str(label) for _level, label in levels_for(user)],
    }


def _offer(sheet: Any, lists: Any, letter: str, name: str, values: Sequence[str]) -> None:
    """Let the cells of a column offer ``values`` in a list, and say so. Other values can be typed."""
    column = lists.max_column + (0 if lists["A1"].value is None else 1)
    for number, value in enumerate(values, start=1):
        _write(lists.cell(number, column), value)
    reach = get_column_letter(column)
    rule = DataValidation(
        type="list", formula1=f"{_LISTS}!${reach}$1:${reach}${len(values)}", allow_blank=True
    )
    rule.showErrorMessage = False
    rule.promptTitle, rule.prompt = (
        str(FIELDS[name].label)[:32],
        _("Choose from the list, or type a name.")[:255],
    )
    rule.showInputMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_ROWS_WITH_LISTS}")


def refused_rows(job: SpreadsheetImport) -> bytes:
    """The rows that were refused, under their own headings, with the reasons beside them.

    Rows about commitments that the owner can no longer see are left out.
    """
    rows = job.rows.filter(verdict=Verdict.REFUSED, result=RowResult.NONE) | job.rows.filter(
        result=RowResult.REFUSED
    )
    chosen = list(rows.exclude(decision=Decision.SKIP).order_by("number"))
    sight = sight_of(chosen, job.owner)
    shown_rows = [row for row in chosen if not sight.hides(row)]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Refused rows")[:31]
    width = max(len(job.heads), *(len(row.cells) for row in shown_rows), 1)
    heads = [*job.heads, *[""] * (width - len(job.heads))]
    _heads(sheet, [*heads, _("Row in the file"), _("Why it was refused")])
    for number, row in enumerate(shown_rows, start=2):
        for column, value in enumerate(row.cells, start=1):
            _write(sheet.cell(number, column), _value(value))
        sheet.cell(number, width + 1, row.number)
        _write(sheet.cell(number, width + 2), "\n".join(sight.reasons(row)))
        sheet.cell(number, width + 2).fill = _REASON_FILL
        sheet.cell(number, width + 2).alignment = _TOP
    for number in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 24
    sheet.column_dimensions[get_column_letter(width + 2)].width = 70
    sheet.freeze_panes = "A2"
    _keep_versions(book, job)
    return _saved(book)


def _keep_versions(book: Workbook, job: SpreadsheetImport) -> None:
    """Let the rows be imported again with the versions that they were exported with."""
    if versions := job.facts.get("versions"):
        visible = Commitment.objects.visible_to(job.owner).filter(reference__in=versions)
        seen = set(visible.values_list("reference", flat=True))
        hidden: Any = book.create_sheet(VERSIONS_SHEET)
        hidden.sheet_state = "hidden"
        for reference, version in versions.items():
            if reference in seen:
                hidden.append((reference, version))


def _heads(sheet: Any, heads: Iterable[str]) -> None:
    for number, head in enumerate(heads, start=1):
        cell = sheet.cell(1, number)
        _write(cell, head)
        cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD_FILL, _TOP


def _value(cell: Any) -> Any:
    match cell:
        case {"number": number}:
            return float(number) if "." in number or "e" in number.lower() else int(number)
        case {"day": day}:
            return dt.date.fromisoformat(day[:10])
        case {"truth": truth}:
            return truth
        case dict():
            return shown(cell)
    return cell


def _write(cell: Any, value: Any) -> None:
    """Write a value; a text stays a text, also where it looks like a formula."""
    if isinstance(value, str):
        cell.value, cell.data_type = cell_text(value), TYPE_STRING
        cell.quotePrefix = True
    else:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "yyyy-mm-dd"


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
