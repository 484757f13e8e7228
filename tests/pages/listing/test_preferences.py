"""Columns and row spacing of the list."""

import datetime as dt

import pytest
from django.test import Client
from lxml import html

from tests import factories as make
from tests.html import Page, page_of

pytestmark = pytest.mark.django_db


def heads(answer: object) -> list[str]:
    return [head.name for head in answer.context["table"].heads]  # type: ignore[attr-defined]


def test_chosen_columns_come_in_their_order_after_the_reference(officer: Client) -> None:
    make.commitment(title="A pledge", text="To do it well.", deadline_wording="soon")
    answer = officer.get("/commitments/?columns=content,title&columns=timeline")
    page = answer.content.decode()
    assert heads(answer) == ["reference", "content", "title", "timeline"]
    assert "To do it well." in page
    assert "“soon”" in page
    assert page.index("To do it well.") < page.index("A pledge</a>") < page.index("“soon”")


def test_without_the_title_the_reference_links_to_the_page(officer: Client) -> None:
    pledge = make.commitment()
    page = page_of(officer.get("/commitments/?columns=status"))
    assert page.links("#results tbody") == {pledge.reference: f"/commitments/{pledge.reference}/"}
    assert pledge.title not in page.text


def test_unknown_column_is_named_and_shows_no_rows(officer: Client) -> None:
    pledge = make.commitment()
    answer = officer.get("/commitments/?columns=title,colour")
    assert answer.status_code == 400
    assert "There is no column “colour”." in answer.content.decode()
    assert pledge.title not in answer.content.decode()


def test_default_columns_if_none_are_chosen(officer: Client) -> None:
    make.commitment()
    answer = officer.get("/commitments/choices/columns/")
    assert answer.context["chosen"] is False
    shown = [each.heading for each in answer.context["columns"] if each.shown]
    assert shown == [
        *("Reference", "Commitment", "Status", "Responsible", "Deadline wording", "Lead agency"),
        *("Presence", "Last news"),
    ]


def test_presence_is_a_strip_on_the_page_and_words_in_a_file(officer: Client) -> None:
    make.commitment(occurred_on=dt.date(2024, 7, 13))
    assert 'class="strip"' in officer.get("/commitments/?columns=presence").content.decode()
    sheet = b"".join(officer.get("/commitments/export.csv?columns=presence")).decode("utf-8-sig")
    assert sheet.splitlines()[0] == "reference,presence"
    assert sheet.splitlines()[1].split(",", 1)[1] == '"1 meeting, last on 13 Jul 2024"'


@pytest.mark.parametrize(
    ("body", "address"),
    [
        (
            {"columns": ["reference", "title", "status", "theme"]},
            "/commitments/?state=open&columns=reference,title,status,theme",
        ),
        (
            {"columns": ["title", "status", "theme"], "up": "theme"},
            "/commitments/?state=open&columns=reference,title,theme,status",
        ),
        (
            {"columns": ["title", "status", "theme"], "down": "title"},
            "/commitments/?state=open&columns=reference,status,title,theme",
        ),
        (
            {"columns": ["title", "status"], "up": "title"},
            "/commitments/?state=open&columns=reference,title,status",
        ),
        (
            {"columns": ["title", "status"], "down": "status"},
            "/commitments/?state=open&columns=reference,title,status",
        ),
        (
            {"columns": ["title", "status"], "up": "nonsense"},
            "/commitments/?state=open&columns=reference,title,status",
        ),
        ({"columns": ["title", "nonsense"]}, "/commitments/?state=open&columns=reference,title"),
        ({"columns": ["title"], "usual": "1"}, "/commitments/?state=open"),
        ({}, "/commitments/?state=open"),
    ],
)
def test_the_column_menu_redirects_to_the_list(officer: Client, body: dict, address: str) -> None:
    answer = officer.post("/commitments/views/columns/", {"query": "state=open&columns=partner", **body})
    assert answer["Location"] == address


def test_filters_orders_and_ready_made_views_keep_the_columns(officer: Client) -> None:
    make.commitment()
    page = officer.get("/commitments/?columns=title,theme&state=open").content.decode()
    assert (
        Page(html.document_fromstring(page)).one("#f [name=columns][type=hidden]")["value"] == "title,theme"
    )
    assert 'href="/commitments/?columns=title,theme&amp;state=open&amp;ordering=theme"' in page
    assert 'href="/commitments/?overdue=true&amp;columns=title,theme"' in page
    assert 'href="/commitments/?columns=title,theme"' in page


def test_row_spacing_is_stored_in_the_session(officer: Client) -> None:
    make.commitment()
    assert "reg--compact" not in officer.get("/commitments/").content.decode()
    answer = officer.post("/commitments/views/density/", {"density": "compact", "query": "state=open"})
    assert answer["Location"] == "/commitments/?state=open"
    assert "reg--compact" in officer.get("/commitments/").content.decode()
    officer.post("/commitments/views/density/", {"density": "nonsense"})
    assert "reg--compact" in officer.get("/commitments/").content.decode()
    officer.post("/commitments/views/density/", {"density": "regular"})
    assert "reg--compact" not in officer.get("/commitments/").content.decode()
