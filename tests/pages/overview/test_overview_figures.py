"""The first page of a large register: what is for the reader at once, the figures when they are asked for."""

import datetime as dt

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.reports import attention, inbox
from core import clock
from pages.overview import views as overview
from tests import factories as make
from tests.clients import client_as

HTMX = {"HX-Request": "true", "HX-Target": "figures"}


@pytest.fixture
def large(officer: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An officer before six commitments, which count as more than can be counted at once."""
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))
    for module in (attention, overview, inbox):
        monkeypatch.setattr(module, "ENOUGH", 4)
    for status in ("agreed", "agreed", "agreed", "in_progress", "fulfilled", "requested"):
        make.commitment(status, deadline_wording="soon", review_on=dt.date(2025, 12, 31))
    return officer


def test_what_is_for_the_reader_comes_at_once_and_says_where_the_figures_are(large: Client) -> None:
    answer = large.get("/")
    text = answer.content.decode()
    assert "<strong>More than 10,000 recorded</strong> on 16 January 2026." in text
    assert [box.key for box in answer.context["page"].waiting] == ["returned", "review", "requested"]
    assert "Latest changes" in text
    assert 'hx-get="/figures/"' in text
    assert '<a href="/figures/">Show the figures, too</a>' in text
    assert "htmx-2" in text
    for figure in ("6 recorded", "What became of them", "Due next", "Quiet longest"):
        assert figure not in text


def test_the_figures_are_asked_for_on_the_same_day(large: Client) -> None:
    assert 'hx-get="/figures/?as_of=2026-01-10"' in large.get("/?as_of=2026-01-10").content.decode()


def test_the_figures_alone_are_what_htmx_puts_in_their_places(large: Client) -> None:
    text = large.get("/figures/", headers=HTMX).content.decode()
    assert '<h1 id="title">Viet Nam and Cambodia</h1>' in text
    assert "<strong>6 recorded, 5 open, 0 overdue</strong> on 16 January 2026." in text
    assert [place for place in ("title", "stand", "figures") if text.count(f'id="{place}"') != 1] == []
    for figure in ("Where the 6 stand", "What became of them", "Due next", "Quiet longest"):
        assert figure in text
    assert "Latest changes" not in text
    assert "Asked, unanswered" not in text


def test_without_a_script_the_link_leads_to_everything(large: Client) -> None:
    text = large.get("/figures/?as_of=2026-01-10").content.decode()
    for part in ("6 recorded, 5 open", "on 10 January 2026", "Asked, unanswered", "Quiet longest"):
        assert part in text
    assert "Latest changes" in text
    assert 'id="figures"' not in text
    assert "htmx-2" not in text


def test_a_box_of_a_large_register_is_counted_as_far_as_takes_a_moment(large: Client) -> None:
    review = {box.key: box for box in large.get("/").context["page"].waiting}["review"]
    assert (review.count, review.more) == (4, True)
    assert 'href="/commitments/?review_due=true">4+<span' in large.get("/").content.decode()
    exact = {box.key: box for box in large.get("/figures/").context["page"].waiting}["review"]
    assert (exact.count, exact.more) == (5, False)
    assert [each.reference for each in exact.first] == [each.reference for each in review.first]
    assert [each.reference for each in exact.first] == ["KHVN-2024-001", "KHVN-2024-002"]


def test_figures_count_only_what_the_reader_may_see(large: Client) -> None:
    Commitment.objects.filter(status="fulfilled").update(classification=2)
    text = large.get("/figures/", headers=HTMX).content.decode()
    assert "5 recorded, 5 open, 0 overdue" in text


def test_large_is_what_the_reader_may_see_of_it(large: Client) -> None:
    agency = make.agency("vn-mofa", acronym="MOFA")
    make.commitment(agencies=(agency,))
    text = client_as("focal_point", agency=agency).get("/").content.decode()
    assert "1 recorded, 1 open, 0 overdue" in text
    assert "/figures/" not in text


def test_a_fault_is_named_there_too(large: Client) -> None:
    page = large.get("/figures/?colour=red")
    assert page.status_code == 400
    assert "colour" in page.content.decode()


def test_a_small_register_needs_no_second_request(officer: Client) -> None:
    make.commitment()
    text = officer.get("/").content.decode()
    assert "1 recorded, 1 open, 0 overdue" in text
    assert "/figures/" not in text
    assert "htmx-2" not in text
