"""The figures around the list of a large register: rows at once, figures when they are asked for."""

import datetime as dt
import re

import pytest
from django.test import Client

from commitments.models import Commitment
from core import pagination
from pages.listing import tabs
from pages.listing import views as listing
from tests import factories as make

HTMX = {"HX-Request": "true", "HX-Target": "figures"}
ALL_TAB = re.compile(r'href="/commitments/" aria-current="page">All <span class="tabs__n">5</span>')


@pytest.fixture
def large(officer: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An officer before five commitments, which count as more than can be counted at once."""
    for module in (pagination, listing, tabs):
        monkeypatch.setattr(module, "ENOUGH", 4)
    for status in ("agreed", "agreed", "agreed", "in_progress", "fulfilled"):
        make.commitment(status)
    return officer


def test_the_list_of_a_large_register_says_where_its_figures_are(large: Client) -> None:
    page = large.get("/commitments/?theme=border&page=1")
    text = page.content.decode()
    assert page.context["standing"] is None
    assert 'hx-get="/commitments/figures/?theme=border&amp;page=1"' in text
    assert '<noscript><p class="small"><a href="/commitments/figures/?theme=border&amp;page=1">' in text
    assert "tabs__n" not in text
    assert 'class="facet__n"' not in text


def test_the_figures_alone_are_what_htmx_puts_in_their_places(large: Client) -> None:
    text = large.get("/commitments/figures/", headers=HTMX).content.decode()
    assert "5 recorded, 4 open, 0 overdue" in text
    assert ALL_TAB.search(text)
    assert '<span class="facet__name">agreed</span><span class="facet__n">3</span>' in text
    assert [place for place in ("stand", "tabs", "counted", "figures") if f'id="{place}"' not in text] == []
    assert "KHVN-" not in text
    assert 'name="made_after"' not in text


def test_without_a_script_the_link_leads_to_rows_and_figures(large: Client) -> None:
    text = large.get("/commitments/figures/?status=agreed").content.decode()
    assert "3 of 5 recorded, 3 open, 0 overdue" in text
    assert text.count('<th role="rowheader"') == 3
    assert '<span class="facet__n">3</span>' in text
    assert 'id="figures"' not in text
    assert 'action="/commitments/"' in text
    assert (
        'href="/commitments/?ordering=title&amp;' in text
        or 'href="/commitments/?status=agreed&amp;ordering=' in text
    )


def test_a_fault_is_named_there_too(large: Client) -> None:
    page = large.get("/commitments/figures/?colour=red")
    assert page.status_code == 400
    assert "colour" in page.content.decode()


def test_figures_count_only_what_the_reader_may_see(large: Client) -> None:
    Commitment.objects.filter(status="fulfilled").update(classification=2)
    text = large.get("/commitments/figures/", headers=HTMX).content.decode()
    assert "4 recorded, 4 open, 0 overdue" in text


def test_a_small_register_needs_no_second_request(officer: Client) -> None:
    make.commitment()
    text = officer.get("/commitments/").content.decode()
    assert "1 recorded, 1 open, 0 overdue" in text
    assert "/commitments/figures/" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 3), ("?page=1&page_size=2&ordering=title", 3), ("?status=agreed", 2), ("?q=nowhere", 0)],
)
def test_what_was_counted_for_all_is_not_taken_for_a_part(officer: Client, query: str, found: int) -> None:
    for status in ("agreed", "agreed", "fulfilled"):
        make.commitment(status)
    assert officer.get(f"/commitments/{query}").context["page"].paginator.count == found


def test_nor_for_an_earlier_day(officer: Client) -> None:
    make.commitment(occurred_on=dt.date(2024, 7, 13))
    make.commitment(occurred_on=dt.date(2025, 7, 13))
    assert officer.get("/commitments/?as_of=2025-01-01").context["page"].paginator.count == 1
    assert officer.get("/commitments/").context["page"].paginator.count == 2
