"""A workbook such as desks keep: 300 rows, merged heads, three spellings of an agency, worded deadlines."""

from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from tests.interchange.spreadsheet.conftest import saved

HEADS = (
    "No.",
    "Lead agency",
    "Partner",
    "Content",
    "Timeline",
    "Challenges",
    "Recommendations",
    "Status",
    "Remarks",
)
ROWS = 300
FIRST = 5
"""The number of the first row below the heads."""
AGENCIES = (
    "MOFA",
    "Ministry of Foreign Affairs of Viet Nam",
    "Min. of Foreign Affairs, Viet Nam",
    "Bộ Ngoại giao VN",
)
TIMELINES = (
    "Q3/2026",
    "asap",
    "cuối năm 2026",
    "2026",
    "30.06.2027",
    "by the end of 2026",
    "tháng 6/2027",
    "when the visit takes place",
    None,
    "2026-2027",
)
_WHERE = (
    "Kampot",
    "Takeo",
    "Kandal",
    "Svay Rieng",
    "Prey Veng",
    "Kep",
    "Kratie",
    "Mondulkiri",
    "Ratanakiri",
    "Pursat",
)
_WHAT = ("a customs post", "a school", "a market", "a rural road", "a power line", "a clinic")
_HOW = ("build", "repair", "survey", "finance", "inspect")


def content_of(n: int) -> str:
    """The content of the ``n``-th row; no two are alike."""
    place, thing, verb = _WHERE[n % 10], _WHAT[n // 10 % 6], _HOW[n // 60 % 5]
    return f"The two sides agreed to {verb} {thing} at border marker {n + 101} in {place} province."


def rows() -> Iterator[tuple[Any, ...]]:
    """The rows as a desk typed them, mistakes included."""
    for n in range(ROWS):
        status: Any = "agreed"
        timeline: Any = TIMELINES[n % len(TIMELINES)]
        content: Any = content_of(n)
        partner: Any = "Cambodia"
        if n == 17:
            status = "fulfilled"
        elif n == 42:
            timeline = "3/4/2027"
        elif n == 77:
            partner = "Kambodscha"
        elif n == 99:
            content = content_of(98)
        elif n == 120:
            content = None
        elif n == 150:
            timeline = 46568  # a day as a number: 30 June 2027
        yield (
            n + 1,
            AGENCIES[n % len(AGENCIES)],
            partner,
            content,
            timeline,
            "Land is not cleared." if n % 25 == 0 else None,
            "Ask the province." if n % 25 == 0 else None,
            status,
            "-" if n % 2 else None,
        )


def workbook() -> bytes:
    """The workbook: a title over all columns, groups of heads, a hidden column and a hidden row."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Theo dõi"
    sheet["A1"] = "FOLLOW-UP OF HIGH-LEVEL COMMITMENTS, 2026"
    sheet.merge_cells("A1:I1")
    sheet["B3"], sheet["D3"] = "Who", "What"
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:G3")
    for number, head in enumerate(HEADS, start=1):
        sheet.cell(4, number, head)
    for number, row in enumerate(rows(), start=FIRST):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    sheet.column_dimensions["I"].hidden = True
    sheet.row_dimensions[FIRST + 10].hidden = True
    notes = book.create_sheet("notes")
    notes["A1"] = "for the desk only"
    notes.sheet_state = "hidden"
    return saved(book)
