"""Exports contain what their reader may see, are streamed, and keep every text unchanged."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commitments.models import Commitment, Theme
from commitments.reports.query import list_query
from commitments.reports.rows import QUERIES_A_CHUNK
from core import clock
from interchange.exports import selected_rows
from interchange.exports.csv import csv_of
from interchange.exports.selected_rows import SelectedRows
from interchange.exports.xlsx import Cover, xlsx_of
from tests import factories as make
from tests.clients import client_as
from tests.interchange.exports.conftest import (
    csv_rows,
    export,
    json_document,
    sheet_rows,
    workbook,
)

FILES = ("csv", "json", "xlsx")


def figures(client: Client, query: str) -> list[str]:
    return [row["Reference"] for row in sheet_rows(client, query)]


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [lambda c: [r["reference"] for r in csv_rows(c)], lambda c: figures(c, "")])
def test_invisible_commitments_are_not_in_a_table(ask: Callable[[Client], list[str]]) -> None:
    agency = make.agency("vn-mofa")
    shown = make.commitment(agencies=(agency,))
    make.commitment()
    secret = make.commitment(agencies=(agency,))
    Commitment.objects.filter(pk=secret.pk).update(classification=2)
    assert ask(client_as("focal_point", agency=agency)) == [shown.reference]
    assert ask(client_as("focal_point", agency=make.agency("x-other"))) == []
    assert ask(client_as()) == []
    assert len(ask(client_as("administrator"))) == 2
    assert len(ask(client_as("reader", clearance=2))) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("ending", FILES)
def test_an_invisible_successor_is_not_named(ending: str) -> None:
    old, new = make.commitment(), make.commitment(title="The new one")
    make.record(old, "superseded", successor=new)
    Commitment.objects.filter(pk=new.pk).update(classification=3)
    for clearance, is_named in ((0, False), (3, True)):
        client = client_as("reader", clearance=clearance)
        if ending == "csv":
            found = csv_rows(client, "status=superseded")[0]["successor"]
        elif ending == "json":
            found = json_document(client, "status=superseded")["results"][0]["successor"] or ""
        else:
            found = sheet_rows(client, "status=superseded")[0]["Replaced by"] or ""
        assert found == (new.reference if is_named else "")


# -- rows come a chunk at a time ---------------------------------------------------------------------


def selected_for(user: User, query: str = "") -> SelectedRows:
    return SelectedRows(list_query(QueryDict(query), user).filterset)


COVER = Cover("Follow-up", "Rita", clock.timezone.localtime(), ())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("as_of", ["", "as_of=2024-12-31"])
@pytest.mark.parametrize("size", [2, 4])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_chunk_takes_the_same_queries_however_many_rows_it_holds(
    ending: str, size: int, as_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selected_rows, "CHUNK", size)
    agencies = (make.agency("vn-mofa"), make.agency("kh-mfaic", "KH"))
    for _ in range(8):
        make.commitment(agencies=agencies)
    user = make.user("reader")
    query = list_query(QueryDict(as_of), user)
    selected = SelectedRows(query.filterset)
    assert len(selected) == 8
    with CaptureQueriesContext(connection) as captured:
        parts = csv_of(selected, query.columns)
        if ending == "xlsx":
            parts = xlsx_of(selected, query.columns, COVER)
        assert len(list(parts)) == 8 // size + 1
    assert len(captured) == QUERIES_A_CHUNK * (8 // size)


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_first_rows_are_sent_before_the_next_are_read(
    ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selected_rows, "CHUNK", 2)
    for _ in range(6):
        make.commitment()
    user = make.user("reader")
    selected, columns = selected_for(user), list_query(QueryDict(), user).columns
    with CaptureQueriesContext(connection) as captured:
        parts = csv_of(selected, columns) if ending == "csv" else xlsx_of(selected, columns, COVER)
        assert next(parts)
        next(parts) if ending == "csv" else None  # the first part of a CSV is its header
        assert len(captured) == QUERIES_A_CHUNK
    parts.close()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("ending", "rows"), [("csv", 300), ("xlsx", 300), ("json", 200)])
def test_three_rows_take_as_many_queries_as_a_chunk_of_hundreds(
    ending: str, rows: int, reader: Client
) -> None:
    def queries() -> int:
        export(reader, ending)
        with CaptureQueriesContext(connection) as captured:
            export(reader, ending)
        return len(captured)

    for _ in range(3):
        made = make.commitment(agencies=(make.agency(),))
    few = queries()
    make.many(rows - 3, made)
    assert Commitment.objects.count() == rows
    assert queries() == few


@pytest.mark.django_db
def test_a_row_recorded_while_the_file_is_sent_is_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selected_rows, "CHUNK", 1)
    first, second = make.commitment(), make.commitment()
    user = make.user("reader")
    columns = list_query(QueryDict("columns=reference"), user).columns
    parts = csv_of(selected_for(user), columns)
    sent = next(parts) + next(parts)
    make.commitment()
    sent += b"".join(parts)
    assert sent.decode("utf-8-sig").split() == ["reference", first.reference, second.reference]


@pytest.mark.django_db
def test_vietnamese_and_khmer_arrive_intact(reader: Client) -> None:
    vietnamese, khmer = "Hoàn thành phân giới cắm mốc đường bộ", "បញ្ចប់ការបោះបង្គោលព្រំដែនគោក"
    Theme.objects.create(slug="lanh-tho", name="Lãnh thổ")
    made = make.commitment(
        title=vietnamese, text=f"{vietnamese}.\n{khmer}", theme=Theme.objects.get(slug="lanh-tho")
    )
    row = csv_rows(reader)[0]
    assert (row["title"], row["content"], row["theme"]) == (vietnamese, made.text, "Lãnh thổ")
    row = sheet_rows(reader)[0]
    assert (row["Commitment"], row["Content"], row["Theme"]) == (vietnamese, made.text, "Lãnh thổ")
    assert vietnamese in export(reader, "json").decode()
    page = reader.get("/commitments/print/?columns=title,content").content.decode()
    assert vietnamese in page
    assert khmer in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["=1+1", "+84 24", "-5 per cent", "@home", "\t=1", "\r=1", " =1+1", "＝1+1", '=HYPERLINK("x")']
)
def test_a_text_that_begins_like_a_formula_is_not_one(text: str, reader: Client) -> None:
    made = make.commitment(text=text)
    Commitment.objects.filter(pk=made.pk).update(title=text, text=text, remarks="a = b")
    row = csv_rows(reader)[0]
    assert (row["title"], row["content"], row["remarks"]) == (f"'{text}", f"'{text}", "a = b")
    sheet = workbook(reader).worksheets[0]
    cell = next(cell for cell in sheet[2] if sheet.cell(1, cell.column).value == "Commitment")
    assert cell.data_type == "s"
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text.replace("\r", "\n"), "s", True)
