"""The figures around the list of a large register: a second request loads them."""

import datetime as dt

import pytest
from django.test import Client

from commitments.models import Commitment
from core import large_tables
from pages.listing import views as listing
from tests import factories as make
from tests.html import page_of

HTMX = {"HX-Request": "true", "HX-Target": "figures"}


@pytest.fixture
def large(officer: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An officer with five commitments, in a register treated as too large to count at once."""
    for module in (large_tables, listing):
        monkeypatch.setattr(module, "ENOUGH", 4)
    for status in ("agreed", "agreed", "agreed", "in_progress", "fulfilled"):
        make.commitment(status)
    return officer


def test_the_list_of_a_large_register_links_to_its_figures(large: Client) -> None:
    answer = large.get("/commitments/?theme=border&page=1")
    page, address = page_of(answer), "/commitments/figures/?theme=border&page=1"
    assert answer.context["summary"] is None
    assert "More than 4 recorded" in page.text
    assert page.one("#figures")["hx-get"] == address
    assert page.links("noscript") == {"Show the figures": address}
    assert page.select(".tabs__n, .facet__n") == []


def test_htmx_gets_the_figures_alone(large: Client) -> None:
    page = page_of(large.get("/commitments/figures/", headers=HTMX))
    assert "5 recorded, 4 open, 0 overdue" in page.text
    current = page.one("#tabs a[aria-current=page]")
    assert (current["href"], current.text) == ("/commitments/", "All 5")
    assert "agreed 3" in [" ".join(each.texts("span")) for each in page.select(".facet li label")]
    assert all(page.select(f"#{place}") for place in ("summary", "tabs", "counted", "figures"))
    assert "KHVN-" not in page.text
    assert page.select("[name=made_after]") == []


def test_without_a_script_the_link_shows_rows_and_figures(large: Client) -> None:
    page = page_of(large.get("/commitments/figures/?status=agreed"))
    assert "3 of 5 recorded, 3 open, 0 overdue" in page.text
    assert len(page.select("th[role=rowheader]")) == 3
    assert "3" in page.texts(".facet__n")
    assert page.select("#figures") == []
    assert page.one("#f")["action"] == "/commitments/"
    assert all(
        address.startswith("/commitments/?status=agreed&ordering=")
        for address in page.links("#results thead").values()
    )


def test_an_unknown_parameter_is_named_there_too(large: Client) -> None:
    page = large.get("/commitments/figures/?colour=red")
    assert page.status_code == 400
    assert "colour" in page.content.decode()


def test_figures_count_only_what_the_reader_may_see(large: Client) -> None:
    Commitment.objects.filter(status="fulfilled").update(classification=2)
    text = page_of(large.get("/commitments/figures/", headers=HTMX)).text
    assert "4 recorded, 4 open, 0 overdue" in text


def test_a_small_register_needs_no_second_request(officer: Client) -> None:
    make.commitment()
    answer = officer.get("/commitments/")
    assert "1 recorded, 1 open, 0 overdue" in page_of(answer).text
    assert "/commitments/figures/" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 3), ("?page=1&page_size=2&ordering=title", 3), ("?status=agreed", 2), ("?q=nowhere", 0)],
)
def test_the_count_of_all_rows_is_not_used_for_filtered_rows(officer: Client, query: str, found: int) -> None:
    for status in ("agreed", "agreed", "fulfilled"):
        make.commitment(status)
    assert officer.get(f"/commitments/{query}").context["page"].paginator.count == found


def test_nor_for_a_past_date(officer: Client) -> None:
    make.commitment(occurred_on=dt.date(2024, 7, 13))
    make.commitment(occurred_on=dt.date(2025, 7, 13))
    assert officer.get("/commitments/?as_of=2025-01-01").context["page"].paginator.count == 1
    assert officer.get("/commitments/").context["page"].paginator.count == 2
