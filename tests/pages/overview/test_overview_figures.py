"""The overview of a large register: the page comes without figures, and loads them afterwards."""

import datetime as dt

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.reports import attention
from core import clock, large_tables
from pages.overview import views as overview
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

HTMX = {"HX-Request": "true", "HX-Target": "figures"}


@pytest.fixture
def large(officer: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An officer of a register with six commitments, more than are counted at once."""
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))
    for module in (attention, overview, large_tables):
        monkeypatch.setattr(module, "ENOUGH", 4)
    for status in ("agreed", "agreed", "agreed", "in_progress", "fulfilled", "requested"):
        make.commitment(status, deadline_wording="soon", review_on=dt.date(2025, 12, 31))
    return officer


def test_the_page_comes_at_once_and_says_where_the_figures_are(large: Client) -> None:
    answer = large.get("/")
    page = page_of(answer)
    assert page.one("#stand").text == "More than 4 recorded on 16 January 2026."
    assert [box.key for box in answer.context["page"].inbox] == ["returned", "review", "requested"]
    assert "Latest changes" in page.texts("h2")
    assert page.one("#figures")["hx-get"] == "/figures/"
    assert page.links("#figures") == {"Show the figures": "/figures/"}
    assert "htmx-2" in answer.content.decode()
    for figure in ("6 recorded", "Outcomes", "Due next", "Longest without news"):
        assert figure not in page.text


def test_the_figures_are_loaded_as_of_the_same_date(large: Client) -> None:
    page = page_of(large.get("/?as_of=2026-01-10"))
    assert page.one("#figures")["hx-get"] == "/figures/?as_of=2026-01-10"


def test_htmx_gets_the_figures_alone(large: Client) -> None:
    page = page_of(large.get("/figures/", headers=HTMX))
    assert page.one("h1#title").text == "Viet Nam and Cambodia"
    assert page.one("#stand").text.startswith("6 recorded, 5 open, 0 overdue on 16 January 2026.")
    headings = page.one("#figures").texts("h2")
    assert headings[:5] == ["Due next", "Longest without news", "By status", "Now with", "Outcomes"]
    assert "Latest changes" not in page.text
    assert "Requests awaiting an answer" not in page.text


def test_without_a_script_the_link_leads_to_the_whole_page(large: Client) -> None:
    answer = large.get("/figures/?as_of=2026-01-10")
    page = page_of(answer)
    for part in ("6 recorded, 5 open", "on 10 January 2026", "Requests awaiting an answer"):
        assert part in page.text
    assert {"Longest without news", "Latest changes"} <= set(page.texts("h2"))
    assert page.select("#figures") == []
    assert "htmx-2" not in answer.content.decode()


def test_a_box_of_a_large_register_is_counted_up_to_a_limit(large: Client) -> None:
    review = {box.key: box for box in large.get("/").context["page"].inbox}["review"]
    assert (review.count, review.more) == (4, True)
    assert (
        page_of(large.get("/")).links(".trio")["4+ commitments in the list"]
        == "/commitments/?review_due=true"
    )
    exact = {box.key: box for box in large.get("/figures/").context["page"].inbox}["review"]
    assert (exact.count, exact.more) == (5, False)
    assert [each.reference for each in exact.first] == [each.reference for each in review.first]
    assert [each.reference for each in exact.first] == ["KHVN-2024-001", "KHVN-2024-002"]


def test_figures_count_only_visible_commitments(large: Client) -> None:
    Commitment.objects.filter(status="fulfilled").update(classification=2)
    text = page_of(large.get("/figures/", headers=HTMX)).text
    assert "5 recorded, 5 open, 0 overdue" in text


def test_only_visible_commitments_make_a_register_large(large: Client) -> None:
    agency = make.agency("vn-mofa", acronym="MOFA")
    make.commitment(agencies=(agency,))
    answer = client_as("focal_point", agency=agency).get("/")
    assert "1 recorded, 1 open, 0 overdue" in page_of(answer).text
    assert "/figures/" not in answer.content.decode()


def test_an_error_of_a_parameter_is_shown_there_too(large: Client) -> None:
    page = large.get("/figures/?colour=red")
    assert page.status_code == 400
    assert "colour" in page.content.decode()


def test_a_small_register_needs_no_second_request(officer: Client) -> None:
    make.commitment()
    answer = officer.get("/")
    assert "1 recorded, 1 open, 0 overdue" in page_of(answer).text
    assert "/figures/" not in answer.content.decode()
    assert "htmx-2" not in answer.content.decode()
