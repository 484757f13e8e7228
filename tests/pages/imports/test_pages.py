"""The pages of an import, used as an officer uses them."""

import datetime as dt
import io
import re
from copy import copy
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from commitments.models import Commitment
from interchange.models import SpreadsheetImport
from pages.imports import views
from relations.models import Meeting
from tests import factories as make
from tests.clients import client_as
from tests.interchange.spreadsheet.conftest import MINISTRY, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db: None) -> User:
    """An officer, with what the rows name."""
    make.theme()
    make.country("KH")
    make.agency("vn-mofa", name="Ministry of Foreign Affairs", acronym="MOFA")
    return make.user("officer")


@pytest.fixture
def client(officer: User) -> Client:
    """The officer, signed in."""
    return client_as(officer)


def upload(
    client: Client, rows: list[tuple[Any, ...]], heads: tuple[str, ...] = MINISTRY
) -> SpreadsheetImport:
    """Upload a workbook, and return the import."""
    file = SimpleUploadedFile("Rows.xlsx", xlsx(heads, rows))
    answer = client.post("/imports/", {"file": file})
    job = SpreadsheetImport.objects.latest("pk")
    assert answer.headers["Location"] == f"/imports/{job.pk}/columns/"
    return job


def columns(job: SpreadsheetImport, **values: Any) -> dict[str, Any]:
    """The form of the columns, as the page proposes it."""
    own = {f"column_{n}": name for n, name in enumerate(job.columns)}
    shared = {"nature": "cooperation", "theme": "border", "status": "agreed", "classification": "0"}
    return {**own, **shared, **values}


NEW_MEETING = {
    "meeting_title": "Talks in Huế",
    "meeting_day": "2026-05-04",
    "meeting_form": "talks",
    "meeting_level": "minister",
}


def words(client: Client, address: str) -> str:
    """The page at ``address``, with one space between words."""
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_spreadsheet_comes_in_by_its_pages(client: Client) -> None:
    rows = [("MOFA", "Cambodia", f"Word{n} other{n} thing{n}.", "Q3/2026", None, None) for n in range(3)]
    job = upload(client, rows)
    assert "Word0 other0 thing0." in words(client, f"/imports/{job.pk}/columns/")
    answer = client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
    assert answer.headers["Location"] == f"/imports/{job.pk}/"
    assert "Import 3 rows" in words(client, f"/imports/{job.pk}/")
    assert not Commitment.objects.exists()
    client.post(f"/imports/{job.pk}/rows/", {"row-3": "skip"})
    client.post(f"/imports/{job.pk}/start/")
    titles = list(Commitment.objects.values_list("title", flat=True))
    assert titles == ["Word0 other0 thing0", "Word2 other2 thing2"]
    assert Meeting.objects.get().title == "Talks in Huế"
    assert "2 rows were imported." in words(client, f"/imports/{job.pk}/")
    assert "<strong>imported</strong>" in words(client, f"/imports/{job.pk}/")
    client.post(f"/imports/{job.pk}/take-back/")
    assert not Commitment.objects.filter(is_in_error=False).exists()
    assert words(client, f"/imports/{job.pk}/").count("<strong>taken back</strong>") == 2
    assert "2 rows taken back" in words(client, "/imports/")


def test_unknown_name_is_chosen_once(client: Client) -> None:
    rows = [("Foreign Affairs Min.", "Cambodia", f"Word{n} other{n}.", None, None, None) for n in range(2)]
    job = upload(client, rows)
    client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
    field = re.search(r'name="(name:agency:[^"]+)"', words(client, f"/imports/{job.pk}/"))
    assert field is not None
    client.post(f"/imports/{job.pk}/names/", {field[1]: "vn-mofa"})
    assert set(job.rows.values_list("verdict", flat=True)) == {"new"}


def test_refused_rows_come_back_with_their_reasons(client: Client) -> None:
    without_content = ("MOFA", "Cambodia", None, "=1", None, None)
    job = upload(client, [without_content, ("MOFA", "Atlantis", "To meet.", "", "", "")])
    client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
    answer = client.get(f"/imports/{job.pk}/refused.xlsx")
    head, *rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    assert head[-2:] == ("Row in the file", "Why it was refused")
    assert [row[-2] for row in rows] == [2, 3]
    assert "no country “Atlantis”" in rows[1][-1]


def test_template_offers_what_the_register_knows(client: Client) -> None:
    book = load_workbook(io.BytesIO(client.get("/imports/template.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][1]][:6] == list(MINISTRY)
    lists = {cell.value for row in book["Lists"].iter_rows() for cell in row}
    assert {"Ministry of Foreign Affairs (VN)", "Cambodia", "requested", "Border", "unclassified"} <= lists
    assert len(book.worksheets[0].data_validations.dataValidation) == 7
    job = SpreadsheetImport.objects
    answer = client.post(
        "/imports/", {"file": SimpleUploadedFile("t.xlsx", client.get("/imports/template.xlsx").content)}
    )
    assert answer.status_code == 302
    assert all(job.latest("pk").columns)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"x", "Choose a .xlsx or .csv file."),
        ("a.xlsx", b"x", "is not an Excel workbook"),
        ("a.csv", b"  ", "is empty"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_its_reason(
    client: Client, name: str, content: bytes, expected: str
) -> None:
    answer = client.post("/imports/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 400
    assert expected in answer.content.decode()
    assert not SpreadsheetImport.objects.exists()


def test_meeting_that_is_recorded_already_is_named(client: Client) -> None:
    job = upload(client, [("MOFA", "Cambodia", "To meet.", None, None, None)])
    make.meeting(title="Talks in Huế", day=dt.date(2026, 5, 4))
    answer = client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
    assert answer.status_code == 400
    assert "is recorded already for this day" in answer.content.decode()


def test_two_columns_of_one_field_are_refused(client: Client) -> None:
    job = upload(client, [("MOFA", "Cambodia", "To meet.", None, None, None)])
    answer = client.post(f"/imports/{job.pk}/columns/", columns(job, column_0="content"))
    assert "Two columns are “Content”." in answer.content.decode()


def test_import_that_was_not_begun_can_be_deleted(client: Client) -> None:
    job = upload(client, [("MOFA", "Cambodia", "To meet.", None, None, None)])
    client.post(f"/imports/{job.pk}/stop/")
    assert not SpreadsheetImport.objects.exists()


def test_queries_do_not_grow_with_the_rows(client: Client, django_assert_max_num_queries: Any) -> None:
    def queries(n: int) -> tuple[int, int]:
        rows = [("Nobody", "Cambodia", f"Word{m} other{m}.", None, None, None) for m in range(n)]
        job = upload(client, rows)
        client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
        with django_assert_max_num_queries(40) as captured:
            assert client.get(f"/imports/{job.pk}/").status_code == 200
        with django_assert_max_num_queries(40) as listed:
            client.get("/imports/")
        return len(captured), len(listed)

    assert queries(3) == queries(30)


def test_an_import_that_was_deleted_or_taken_back_at_this_moment_is_no_error(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(client, [("MOFA", "Cambodia", "To meet again.", None, None, None)])
    client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING))
    client.post(f"/imports/{job.pk}/start/")
    as_it_was = SpreadsheetImport.objects.get(pk=job.pk)
    monkeypatch.setattr(views, "_own", lambda _request, _pk: copy(as_it_was))
    assert client.post(f"/imports/{job.pk}/take-back/").status_code == 302
    assert client.post(f"/imports/{job.pk}/take-back/").status_code == 302
    monkeypatch.setattr(views, "_own", lambda _request, _pk: SpreadsheetImport(pk=0, owner=officer))
    for address in ("names", "rows", "start", "stop", "run"):
        assert client.post(f"/imports/{job.pk}/{address}/").status_code == 404, address


def test_numbers_without_end_and_nul_are_told_and_are_no_error(client: Client) -> None:
    rows = [(1e30, "Cambodia", "To meet.", 12345678, 9e99, 1), ("MOFA", 12345678, 1e40, 1e35, None, None)]
    with ZipFile(io.BytesIO(xlsx(MINISTRY, rows))) as book:
        parts = {name: book.read(name).replace(b"12345678", b"1E+999") for name in book.namelist()}
    with ZipFile(content := io.BytesIO(), "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    client.post("/imports/", {"file": SimpleUploadedFile("Rows.xlsx", content.getvalue())})
    job = SpreadsheetImport.objects.get()
    assert client.get(f"/imports/{job.pk}/columns/").status_code == 200
    assert client.post(f"/imports/{job.pk}/columns/", columns(job, **NEW_MEETING)).status_code == 302
    assert "#NUM!" in words(client, f"/imports/{job.pk}/")
    assert client.get(f"/imports/{job.pk}/refused.xlsx").status_code == 200
    client.post(f"/imports/{job.pk}/names/", {"name:agency:a\x00b": "-"})
    job.refresh_from_db()
    assert job.names == {}
