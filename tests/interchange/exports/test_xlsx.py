"""The follow-up matrix: the sheet with the rows, and the sheet that describes it."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from commitments.choices import Nature, Status
from commitments.models import Commitment, ProgressUpdate, Register, Target
from interchange.exports import downloads
from tests import factories as make
from tests.clients import client_as
from tests.interchange.exports.conftest import export, sheet_rows, workbook

pytestmark = pytest.mark.django_db


def cell(sheet: Any, heading: str, row: int = 2) -> Any:
    column = next(each.column for each in sheet[1] if each.value == heading)
    return sheet.cell(row, column)


def cover(client: Client, query: str = "") -> dict[str, Any]:
    return dict(workbook(client, query).worksheets[1].iter_rows(max_col=2, values_only=True))


def test_the_ministrys_six_columns_follow_the_reference(reader: Client) -> None:
    make.commitment()
    head = [each.value for each in workbook(reader).worksheets[0][1]]
    assert head[:7] == [
        "Reference",
        "Lead agency",
        "Partner",
        "Content",
        "Timeline",
        "Challenges",
        "Recommendations",
    ]
    assert len(head) == len(set(head)) == 45


def test_the_values_of_the_six_columns(reader: Client) -> None:
    agencies = (
        make.agency("kh-mfaic", "KH", name="Ministry of Foreign Affairs"),
        make.agency("vn-mot", name="Ministry of Trade, Industry and Tourism"),
    )
    made = make.commitment(
        text="To build the road.",
        codes=("KH", "LA", "VN"),
        agencies=agencies,
        deadline_wording="in 2026",
        deadline_earliest=dt.date(2026, 1, 1),
        deadline_latest=dt.date(2026, 12, 31),
    )
    for day, challenge in (
        (dt.date(2025, 3, 1), "Rain."),
        (dt.date(2025, 9, 1), "Money."),
        (dt.date(2025, 6, 1), "Mud."),
    ):
        ProgressUpdate.objects.create(
            commitment=made, occurred_on=day, challenges=challenge, recommendations="Ask."
        )
    row = sheet_rows(reader)[0]
    assert row["Lead agency"] == "Ministry of Foreign Affairs; Ministry of Trade, Industry and Tourism"
    assert row["Partner"] == "Cambodia; Lao PDR"
    assert row["Content"] == "To build the road."
    assert row["Timeline"] == "“in 2026”; 1 Jan – 31 Dec 2026"
    assert (row["Challenges"], row["Recommendations"]) == ("Money.", "Ask.")
    assert row["Progress as of"] == dt.datetime(2025, 9, 1)  # noqa: DTZ001  (a sheet knows no time zone)
    assert sheet_rows(reader, "as_of=2025-08-31")[0]["Challenges"] == "Mud."
    assert sheet_rows(reader, "as_of=2025-01-01")[0]["Challenges"] is None


def test_dates_are_dates_and_numbers_are_numbers(reader: Client) -> None:
    made = make.commitment(
        nature=Nature.TARGET, deadline_wording="by May", deadline_latest=dt.date(2026, 5, 31)
    )
    Target.objects.create(commitment=made, indicator="Trade", unit="USD billion", value=Decimal("20.50"))
    sheet = workbook(reader, "as_of=2026-06-02").worksheets[0]
    for heading, day in (("Latest date", dt.date(2026, 5, 31)), ("First mentioned on", dt.date(2024, 7, 13))):
        found = cell(sheet, heading)
        assert found.is_date
        assert found.value.date() == day
    assert cell(sheet, "Days overdue").value == 2
    assert cell(sheet, "Target value").value == 20.5
    assert cell(sheet, "Meetings").value == 1


def test_a_date_before_1900_is_text(reader: Client) -> None:
    made = make.commitment()
    Commitment.objects.filter(pk=made.pk).update(deadline_latest=dt.date(202, 5, 31))
    assert cell(workbook(reader).worksheets[0], "Latest date").value == "31 May 0202"


def test_header_and_reference_are_frozen_and_every_column_has_a_filter(reader: Client) -> None:
    for _ in range(3):
        make.commitment()
    sheet = workbook(reader).worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions == "A1:AS4"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'Commitments'!$A$1:$G$4"
    assert sheet.column_dimensions["D"].width == 48
    assert cell(sheet, "Content").alignment.wrap_text


def test_a_long_text_makes_its_row_high_enough(reader: Client) -> None:
    made = make.commitment(text="x " * 480)
    make.commitment()
    sheet = workbook(reader, "columns=content").worksheets[0]
    assert sheet.row_dimensions[2].height == pytest.approx(21 * 13.5 + 2)
    assert sheet.row_dimensions[3].height == pytest.approx(15.5)
    Commitment.objects.filter(pk=made.pk).update(text="ព្រំដែន " * 60)
    assert workbook(reader, "columns=content").worksheets[0].row_dimensions[2].height == 11 * 20 + 2


def test_each_status_has_a_word_and_a_colour_of_its_own(reader: Client) -> None:
    for status in ("requested", "agreed", "in_progress", "stalled", "standing", "fulfilled", "not_fulfilled"):
        make.commitment(status)
    sheet = workbook(reader).worksheets[0]
    found = {(cell(sheet, "Status", n).value, cell(sheet, "Status", n).fill.fgColor.rgb) for n in range(2, 9)}
    assert {word for word, _ in found} >= {"in progress", "not fulfilled"}
    assert len({colour for _, colour in found}) == 7
    assert "00000000" not in {colour for _, colour in found}


def test_every_status_has_a_colour() -> None:
    assert set(downloads.xlsx_of.__globals__["_FILLS"]) == set(Status)


def test_the_second_sheet_has_the_filters_and_the_counts() -> None:
    Register.objects.create(pk=1, title="Viet Nam and Cambodia", as_of=dt.date(2026, 1, 16))
    make.commitment(
        theme=make.theme("border"), deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31)
    )
    make.commitment("in_progress", theme=make.theme("trade"))
    make.commitment("fulfilled")
    client = client_as("reader", first_name="Rose", last_name="Reed")
    lines = cover(
        client, "theme=border&theme=trade&state=open&overdue=false&as_of=2024-12-31&ordering=-deadline"
    )
    assert lines["Register"] == "Viet Nam and Cambodia"
    assert lines["As of"].date() == dt.date(2024, 12, 31)
    assert lines["Exported by"] == "Rose Reed"
    assert lines["Theme"] == "Border or Trade"
    assert lines["Open or closed"] == "open"
    assert lines["Overdue"] == "no"
    assert lines["Sorted by"] == "Deadline, descending"
    assert lines["Link to this list"].endswith(
        "/commitments/?theme=border&theme=trade&state=open&overdue=false&as_of=2024-12-31&ordering=-deadline"
    )
    assert (lines["Commitments"], lines["of which open"], lines["of which overdue"]) == (2, 2, 0)
    assert (lines["agreed"], lines["in progress"], lines["Highest classification"]) == (1, 1, "unclassified")
    assert lines["What is counted"].startswith("Only unclassified commitments are counted")
    assert cover(client_as("reader", clearance=3))["What is counted"] == "every commitment"
    assert cover(client)["of which overdue"] == 1
    assert cover(client)["Filters"] == "none"


def test_the_second_sheet_names_the_highest_classification_on_the_first() -> None:
    made = make.commitment()
    make.commitment()
    Commitment.objects.filter(pk=made.pk).update(classification=2)
    assert cover(client_as("reader", clearance=3))["Highest classification"] == "confidential"
    assert cover(client_as("reader"))["Highest classification"] == "unclassified"


def test_a_filter_that_begins_like_a_formula_is_text_on_the_second_sheet(reader: Client) -> None:
    make.commitment()
    assert cover(reader, "q=%3D1%2B1")["Search"] == "=1+1"
    line = next(row for row in workbook(reader, "q=%3D1%2B1").worksheets[1] if row[0].value == "Search")
    assert (line[1].data_type, line[1].quotePrefix) == ("s", True)


def test_the_file_says_who_made_it_and_when() -> None:
    make.commitment()
    user: User = make.user("reader", first_name="Rose", last_name="Reed")
    properties = workbook(client_as(user)).properties
    assert (properties.creator, properties.title) == ("Rose Reed", "Follow-up of commitments")
    assert properties.created.year >= 2025


def test_characters_not_allowed_in_xml_are_removed_and_markup_is_text(reader: Client) -> None:
    made = make.commitment()
    Commitment.objects.filter(pk=made.pk).update(
        title="<b>a & b</b> ]]>", text="one\x0btwo\x1f \ufffe", remarks="y" * 40_000
    )
    row = sheet_rows(reader)[0]
    assert row["Commitment"] == "<b>a & b</b> ]]>"
    assert row["Content"] == "onetwo "
    assert len(row["Remarks"]) == 32_001


def test_it_is_a_valid_archive(reader: Client) -> None:
    for _ in range(3):
        make.commitment()
    with zipfile.ZipFile(io.BytesIO(export(reader, "xlsx"))) as archive:
        assert archive.testzip() is None
        assert "[Content_Types].xml" in archive.namelist()


def test_an_empty_result_is_a_sheet_with_its_header_alone(reader: Client) -> None:
    sheet = workbook(reader, "q=nothing").worksheets[0]
    assert sheet.max_row == 1
    assert sheet.auto_filter.ref == "A1:AS1"


def test_more_rows_than_a_sheet_holds_are_refused(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_ROWS", 1)
    make.commitment()
    assert reader.get("/commitments/export.xlsx").status_code == 200
    make.commitment()
    answer = reader.get("/commitments/export.xlsx")
    assert answer.status_code == 400
    assert "CSV" in answer.json()["detail"]
    assert reader.get("/commitments/export.csv").status_code == 200
