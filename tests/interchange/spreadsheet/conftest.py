"""Workbooks to import, and imports carried out."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.models import User
from interchange.models import ImportRow, SpreadsheetImport
from interchange.spreadsheet.imports import check_some, configure, take_file
from interchange.spreadsheet.running import begin, run_some
from relations.models import Meeting
from tests import factories as make
from tests.interchange.exports.conftest import export

MINISTRY = ("Lead agency", "Partner", "Content", "Timeline", "Challenges", "Recommendations")
OPTIONS = {"nature": "cooperation", "theme": "border", "status": "agreed", "classification": 0}


@pytest.fixture
def officer(db: None) -> User:
    """An officer, with the countries, agencies and the theme that rows name."""
    make.theme()
    make.country("KH")
    make.agency("vn-mofa", name="Ministry of Foreign Affairs", acronym="MOFA", aliases=["Bộ Ngoại giao"])
    make.agency("vn-mot", name="Ministry of Trade", acronym="MOT")
    make.agency("kh-mot", code="KH", name="Ministry of Trade", acronym="MOT")
    return make.user("officer", clearance=1)


@pytest.fixture
def talks(db: None) -> Meeting:
    """A meeting that was held."""
    return make.meeting(slug="talks")


def xlsx(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with a head and rows."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of ``book``."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def checked(
    officer: User,
    content: bytes,
    *,
    name: str = "plan.xlsx",
    meeting: Meeting | None = None,
    columns: Sequence[str] | None = None,
    **options: Any,
) -> SpreadsheetImport:
    """An import of ``content`` with the proposed columns, every row checked."""
    job = take_file(owner=officer, name=name, content=content)
    job = configure(job=job, columns=columns or job.columns, options={**OPTIONS, **options}, meeting=meeting)
    check(job)
    return SpreadsheetImport.objects.get(pk=job.pk)


def check(job: SpreadsheetImport) -> None:
    """Check every row that is to be checked."""
    while check_some(job=job):
        pass


def carried_out(job: SpreadsheetImport) -> SpreadsheetImport:
    """``job`` with every chosen row written."""
    begin(job=job)
    while run_some(job=job):
        pass
    return SpreadsheetImport.objects.get(pk=job.pk)


def verdicts(job: SpreadsheetImport) -> dict[int, str]:
    """The verdict of each row, by its number."""
    return dict(job.rows.values_list("number", "verdict"))


def errors(job: SpreadsheetImport, number: int) -> list[str]:
    """The errors of a row, each after its place."""
    row = ImportRow.objects.get(job=job, number=number)
    return [f"{place}: {text}" for place, text in row.plan.get("errors", ())]


class Matrix:
    """An exported workbook that a test edits."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.book = load_workbook(io.BytesIO(export(client, "xlsx", query)))
        self.sheet: Any = self.book.worksheets[0]
        self.heads = {cell.value: cell.column for cell in self.sheet[1]}

    def set(self, number: int, heading: str, value: Any) -> None:
        """Type ``value`` into a cell."""
        self.sheet.cell(number, self.heads[heading]).value = value

    def content(self) -> bytes:
        """The file."""
        return saved(self.book)
