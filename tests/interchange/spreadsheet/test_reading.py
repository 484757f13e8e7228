"""Files as they come: formulas, merged and hidden cells, separators, character sets, and what is refused."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from accounts.models import User
from commitments.services.errors import RequirementsNotMet
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import read_again, take_file
from interchange.spreadsheet.reading import (
    Table,
    head_row_of,
    read_table,
    remarks_on,
    require_readable_name,
)
from relations.models import Meeting
from tests.interchange.spreadsheet.conftest import carried_out, checked, errors, saved, xlsx

HEADS = "Lead agency;Partner;Content\n"


def refused(name: str, content: bytes) -> str:
    """Why the file is refused."""
    with pytest.raises(ValidationError) as error:
        read_table(name, content)
    return " ".join(error.value.messages)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(separator: str) -> None:
    text = "Lead agency;Partner;Content\nMOFA;Cambodia;To meet, and to talk\n".replace(";", separator)
    if separator == ",":
        text = text.replace("To meet, and to talk", '"To meet, and to talk"')
    table = read_table("a.csv", text.encode())
    assert table.separator == separator
    assert table.rows[2] == ["MOFA", "Cambodia", "To meet, and to talk"]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1258", "cp1258"), ("cp1252", "cp1252")],
)
def test_character_set_is_found_and_shown(encoding: str, found: str) -> None:
    words = "Đà Lạt, năm mới" if found != "cp1252" else "Élysée, Señor, Größe"
    text = f"Content;Remarks\n{words};x\n"
    if encoding == "cp1258":  # it writes the marks of tones as characters of their own
        text = text.replace("ạ", "a\u0323").replace("ớ", "ơ\u0301")
    table = read_table("a.csv", text.encode(encoding))
    assert (table.code_page, table.rows[2][0]) == (found, words)
    label = {"": "Unicode", "cp1258": "Vietnamese", "cp1252": "Western European"}[found]
    assert label in " ".join(remarks_on({}, table.separator, table.code_page))


def test_character_set_and_separator_can_be_changed(officer: User) -> None:
    job = take_file(owner=officer, name="a.csv", content="Content;Note\nÉté;a,b\n".encode("cp1252"))
    job = read_again(job=job, code_page="cp1258", separator=",", head_row=1)
    assert (job.code_page, job.separator, job.heads) == ("cp1258", ",", ["Content;Note"])


def test_utf_16_is_not_read_in_a_code_page() -> None:
    content = "Content;Note\nTo meet;x\n".encode("utf-16")
    with pytest.raises(ValidationError, match="cannot be read in this encoding"):
        read_table("a.csv", content, code_page="cp1252")


def test_an_import_that_was_begun_meanwhile_is_not_read_again(officer: User, talks: Meeting) -> None:
    content = xlsx(("Content", "Partner", "Lead agency"), [("To meet again.", "Cambodia", "MOFA")])
    job = checked(officer, content, meeting=talks)
    as_it_was = SpreadsheetImport.objects.get(pk=job.pk)
    carried_out(job)
    with pytest.raises(RequirementsNotMet):
        read_again(job=as_it_was)
    assert job.rows.get().result == "done"
    assert SpreadsheetImport.objects.get(pk=job.pk).begun_at is not None


def test_rows_and_columns_that_are_empty_are_left_out() -> None:
    table = read_table("a.csv", b"Content,Note\n\n,\nTo meet,\n")
    assert list(table.rows) == [1, 4]


def test_facts_about_a_workbook_are_said() -> None:
    book = Workbook()
    sheet: Any = book.active
    rows = [("Lead agency", "Content", "Sum"), ("MOFA", "One", "=1+1"), (None, "Two", 3), ("X", "Three", 4)]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("old").sheet_state = "hidden"
    table = read_table("a.xlsx", saved(book))
    assert table.rows[3][0] == "MOFA"
    assert table.rows[2][2] == {"formula": True}
    assert table.facts["hidden_rows"] == [4]
    assert table.facts["hidden_columns"] == ["C"]
    assert table.facts["hidden_sheets"] == ["old"]
    assert (table.facts["merged"], table.facts["formulas"]) == (["A2:A3"], ["C2"])
    assert len(remarks_on(table.facts, "", "")) == 6


@pytest.mark.django_db
def test_formula_without_a_value_is_refused_with_its_cell(officer: User, talks: Meeting) -> None:
    rows = [("MOFA", "KH", "To meet."), ("MOFA", "KH", "=A1")]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert errors(job, 3) == [
        "C3: The result of this formula is not stored in the file. Open it, save it again, and retry.",
        "C3: This row says nothing of a commitment. Fill in its content, or leave the row out.",
    ]


def test_numbers_as_text_and_texts_as_numbers_are_read() -> None:
    table = read_table("a.xlsx", xlsx(("Content", "Target value"), [(12, "12"), ("x", 12.5)]))
    assert table.rows[2] == [{"number": "12"}, "12"]
    assert table.rows[3] == ["x", {"number": "12.5"}]


def test_headings_are_found_below_a_title() -> None:
    rows: dict[int, list[Any]] = {
        1: ["FOLLOW-UP 2026"],
        2: [None, "Who", "What"],
        4: ["No.", "Lead agency", "Content"],
        5: ["1", "MOFA", "To meet"],
    }
    assert head_row_of(rows) == 4
    assert isinstance(Table(rows), Table)


def test_what_cannot_be_read_is_told() -> None:
    assert "Choose a .xlsx or .csv file" in _refused_name("table.xls")
    assert "is empty" in refused("a.csv", b" \n")
    assert "contains no text" in refused("a.xlsx", saved(Workbook()))
    assert "is damaged" in refused("a.xlsx", b"PK\x03\x04 nothing")
    assert "protected by a password" in refused("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted")
    assert "more than 200 columns" in refused("a.xlsx", xlsx(["x"] * 201, []))
    assert "more than 200 columns" in refused("a.csv", b"x," * 300)
    assert "more than 10,000 rows" in refused("a.csv", b"x,y\n" * 10_001)


def _refused_name(name: str) -> str:
    with pytest.raises(ValidationError) as error:
        require_readable_name(name)
    return " ".join(error.value.messages)


def test_a_hundred_columns_are_read() -> None:
    table = read_table("a.xlsx", xlsx([f"H{n}" for n in range(100)], [list(range(100))]))
    assert len(table.rows[2]) == 100


def test_archive_that_unpacks_to_very_much_is_refused() -> None:
    content = xlsx(("Content",), [("x",)])
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as real,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in real.namelist():
            made.writestr(name, real.read(name))
        with made.open("xl/media/image1.png", "w", force_zip64=True) as part:
            for _n in range(210):
                part.write(bytes(1024 * 1024))
    assert "too large when unpacked" in refused("a.xlsx", bomb.getvalue())
