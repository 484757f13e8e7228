"""The list page: what it shows, what it refuses, and its number of queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client
from lxml import html

from commitments.models import Commitment
from core import clock
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of, text_of

pytestmark = pytest.mark.django_db

LONG = (
    "Đẩy nhanh tiến độ đàm phán phân giới cắm mốc biên giới trên đất liền giữa hai nước "
    "ក្រសួងការបរទេសនិងសហប្រតិបត្តិការអន្តរជាតិ " * 2
).strip()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    day = dt.date(2026, 1, 16)
    monkeypatch.setattr(clock, "today", lambda: day)
    return day


def test_a_row_shows_reference_wording_responsible_countries_and_agency(officer: Client) -> None:
    make.commitment(
        title=LONG,
        codes=("KH", "LA", "VN"),
        obligated=("KH",),
        deadline_wording="at a suitable time in 2026",
        deadline_latest=dt.date(2026, 12, 31),
        agencies=(make.agency("vn-mofa", acronym="MOFA"),),
    )
    row = page_of(officer.get("/commitments/")).one("#results tbody tr")
    assert "KHLAVN-2024-001" in row.text
    assert LONG in row.text
    assert "at a suitable time in 2026" in row.text
    countries = row.one("[data-label=Responsible]")
    assert [(each["title"], each.text) for each in countries.select("abbr")] == [("Cambodia", "KH")]
    assert "Lao PDR is not responsible" in countries.text
    agency = row.one("[data-label='Lead agency'] abbr")
    assert (agency["title"], agency.text) == ("VN-MOFA", "MOFA")


def test_an_overdue_row_says_by_how_many_days(officer: Client, today: dt.date) -> None:
    make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    assert "overdue 381 days" in officer.get("/commitments/").content.decode()


def test_a_deadline_without_a_date_shows_its_wording_alone(officer: Client) -> None:
    make.commitment(deadline_wording="soon")
    page = officer.get("/commitments/").content.decode()
    assert "soon" in page
    assert "overdue 0" not in page
    assert "1 Jan" not in page


def test_unknown_parameter_is_named_and_shows_no_rows(officer: Client) -> None:
    pledge = make.commitment()
    answer = officer.get("/commitments/?stat=open")
    assert answer.status_code == 400
    assert "There is no parameter “stat”." in answer.content.decode()
    assert pledge.title not in answer.content.decode()


def test_page_past_the_end_is_not_found(officer: Client) -> None:
    make.commitment()
    assert officer.get("/commitments/?page=2").status_code == 404
    assert officer.get("/commitments/?page=1").status_code == 200


def test_a_page_has_fifty_rows_by_default(officer: Client) -> None:
    for _ in range(3):
        make.commitment()
    pages = page_of(officer.get("/commitments/?page_size=2")).one("nav.pages")
    assert "1–2 of 3" in pages.text
    assert pages.one("a[rel=next]")["href"] == "?page_size=2&page=2"
    assert "50 per page" in text_of(officer.get("/commitments/"))


def test_each_active_filter_can_be_removed_alone(officer: Client) -> None:
    make.commitment(theme=make.theme("border"))
    page = officer.get("/commitments/?state=open&theme=border&ordering=title").content.decode()
    assert 'href="/commitments/?state=open&amp;ordering=title"' in page
    assert 'href="/commitments/?theme=border&amp;ordering=title"' in page
    assert "Theme: Border" in page


def test_filter_names_come_from_the_records_not_from_the_address(officer: Client) -> None:
    make.commitment(agencies=(make.agency("vn-mofa", name="Ministry of Foreign Affairs"),))
    page = officer.get("/commitments/?lead_agency=vn-mofa&lead_agency=none").content.decode()
    assert "Lead agency: Ministry of Foreign Affairs" in page
    assert "Lead agency: no lead agency" in page


def test_the_panel_counts_with_the_other_filters_applied(officer: Client) -> None:
    make.commitment("agreed", theme=make.theme("border"))
    make.commitment("stalled", theme=make.theme("border"))
    make.commitment("agreed", theme=make.theme("tourism"))
    answer = officer.get("/commitments/?theme=border")
    counted = {facet.name: facet for facet in answer.context["panel"].counted}
    assert {each.value: each.n for each in counted["status"].options if each.n} == {
        "agreed": 1,
        "stalled": 1,
    }
    assert {each.value: each.n for each in counted["theme"].options} == {"border": 2, "tourism": 1}
    assert {each.value: each.n for each in counted["state"].options} == {"": 2, "open": 2, "closed": 0}


def test_a_second_click_reverses_the_order(officer: Client) -> None:
    make.commitment()
    page = officer.get("/commitments/?ordering=title").content.decode()
    assert 'aria-sort="ascending"' in page
    assert 'href="/commitments/?ordering=-title"' in page


def test_another_date_is_named_and_kept_by_the_tabs(officer: Client, today: dt.date) -> None:
    make.commitment(occurred_on=dt.date(2024, 7, 13))
    page = officer.get("/commitments/?as_of=2025-12-01").content.decode()
    assert "As of 1 December 2025" in page
    assert "you cannot change or record anything" in page
    assert 'href="/commitments/?overdue=true&amp;as_of=2025-12-01"' in page


def test_a_future_day_judges_todays_register(officer: Client, today: dt.date) -> None:
    make.commitment(deadline_wording="in 2026", deadline_latest=dt.date(2026, 12, 31))
    page = officer.get("/commitments/?as_of=2027-01-01").content.decode()
    assert "deadlines as of 1 January 2027" in page
    assert "overdue 1 day" in page


def test_before_anything_was_pledged_nothing_is_shown(officer: Client) -> None:
    make.commitment(occurred_on=dt.date(2024, 7, 13))
    page = officer.get("/commitments/?as_of=2024-07-12").content.decode()
    assert "0 recorded, 0 open, 0 overdue" in page
    assert "There are no commitments that your account can see." in page


def test_the_figures_above_the_rows_are_those_of_the_filters(
    officer: Client,
) -> None:
    for status in ("agreed", "dropped", "dropped"):
        make.commitment(status)

    def summary(query: str) -> str:
        return page_of(officer.get(f"/commitments/{query}")).one("#summary strong").text

    assert summary("?status=agreed") == "1 of 3 recorded, 1 open, 0 overdue"
    assert summary("?q=nowhere") == "0 of 3 recorded, 0 open, 0 overdue"
    for whole in ("", "?ordering=title&page=1&page_size=5", "?as_of=2999-01-01"):
        assert summary(whole) == "3 recorded, 1 open, 0 overdue"


def test_thousands_are_separated() -> None:
    urls = {"recorded_url": "/", "open_url": "/", "overdue_url": "/"}
    summary = {"recorded": 9_876, "open": 1_234, "overdue": 5, **urls}
    when = {"day": dt.date(2026, 1, 16)}
    above = render_to_string("listing/summary.html", {"summary": summary, "when": when})
    assert "9,876 recorded, 1,234 open, 5 overdue" in Page(html.fragment_fromstring(above)).text
    tab = {"label": "Open", "url": "/", "count": 1_234}
    tabs = Page(html.fragment_fromstring(render_to_string("listing/tabs.html", {"tabs": [tab]})))
    assert tabs.one(".tabs__n").text == "1,234"


def test_more_rows_than_are_counted_are_said_to_be_more() -> None:
    above = render_to_string(
        "listing/summary.html", {"most_counted": 10_000, "when": {"day": dt.date(2026, 1, 16)}}
    )
    assert "More than 10,000 recorded" in above


def test_no_rows_says_what_can_be_done(officer: Client) -> None:
    make.commitment()
    page = officer.get("/commitments/?q=nowhere").content.decode()
    assert "No commitments that you can see match. Remove a filter or widen the dates." in page


def test_focal_point_sees_and_counts_its_own_alone(db: None) -> None:
    agency = make.agency("vn-mofa")
    ours, theirs = make.commitment(agencies=(agency,)), make.commitment()
    page = page_of(client_as("focal_point", agency=agency).get("/commitments/"))
    assert page.texts("td.ref") == [ours.reference]
    assert theirs.reference not in page.text
    assert "1 recorded, 1 open, 0 overdue" in page.text


def test_commitments_above_the_readers_clearance_are_neither_shown_nor_counted(reader: Client) -> None:
    secret = make.commitment(classification=3)
    answer = reader.get("/commitments/")
    assert secret.title not in answer.content.decode()
    assert "0 recorded" in answer.content.decode()
    assert all(not tab.count for tab in answer.context["tabs"])


def test_ready_made_views_follow_the_role(db: None) -> None:
    def labels(*roles: str) -> list[str]:
        answer = client_as(*roles).get("/commitments/")
        return [tab.label for tab in answer.context["tabs"]]

    everyone = [
        *("All", "Open", "Overdue", "Due for review", "No news for 90 days"),
        *("Requests awaiting an answer", "No lead agency"),
    ]
    assert labels("reader") == everyone
    assert labels("reviewer") == [*everyone[:3], "Awaiting your decision", *everyone[3:]]
    assert labels("officer") == [*everyone[:3], "Submitted by you", *everyone[3:]]


def test_who_is_in_charge_of_something_has_a_view_of_it(db: None) -> None:
    olive = make.user("officer")
    make.commitment(officer=olive)
    tabs = client_as(olive).get("/commitments/").context["tabs"]
    assert [(tab.label, tab.count) for tab in tabs][3] == ("In your charge", 1)


def test_the_next_session_of_a_mechanism_has_a_view_of_its_own(officer: Client, today: dt.date) -> None:
    committee = make.mechanism("joint-committee")
    for day, earlier in ((dt.date(2026, 12, 31), False), (dt.date(2026, 6, 30), True)):
        body = committee if earlier else make.mechanism("another")
        make.meeting(day, mechanism=body, status="planned")
    make.commitment(deadline_wording="in May", deadline_latest=dt.date(2026, 5, 31))
    make.commitment(deadline_wording="in July", deadline_latest=dt.date(2026, 7, 31))
    tabs = {tab.label: tab for tab in officer.get("/commitments/").context["tabs"]}
    found = tabs["Due before the next session"]
    assert (found.url, found.count) == ("/commitments/?due_before_session=joint-committee", 1)


def test_three_rows_take_as_many_queries_as_three_hundred(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    addresses = [
        f"/commitments/{query}"
        for query in (
            *("", "?state=open", "?as_of=2025-01-01", "?ordering=-last_activity", "?lead_agency=vn-mofa"),
            "?columns=title,challenges,presence,made_on,obligated",
            "?columns=title,theme,officer,target",
        )
    ]
    for _ in range(3):
        made = make.commitment(agencies=(make.agency("vn-mofa"),))
    Commitment.objects.update(officer=make.user("officer"))
    few = {address: queries(officer, address) for address in addresses}
    make.many(297, made)
    for address in addresses:
        assert officer.get(address).context["page"].paginator.count == 300
    assert {address: queries(officer, address) for address in addresses} == few


def test_a_part_of_the_page_is_read_when_it_is_opened(officer: Client) -> None:
    made = make.commitment()
    address = "/commitments/choices/country/?theme=border&ordering=title"
    closed = page_of(officer.get("/commitments/?theme=border&ordering=title")).one("#part-country")
    assert closed["hx-get"] == address
    page = page_of(officer.get(address))
    assert page.select("#part-country[open] [name=country][value=KH]")
    assert page.one("#f")["action"] == "/commitments/"
    assert made.reference in page.text
    headers = {"HX-Request": "true", "HX-Target": "part-country"}
    part = page_of(officer.get(address, headers=headers))
    assert part.select("#part-country[open] [name=country][value=KH]")
    assert made.reference not in part.text
    assert officer.get("/commitments/choices/colour/").status_code == 404
    assert officer.get("/commitments/choices/country/?colour=red").status_code == 400


@pytest.mark.parametrize(("part", "control"), [("more", "due_within"), ("columns", "columns")])
def test_menus_are_read_when_they_are_opened(officer: Client, part: str, control: str) -> None:
    make.commitment()
    headers = {"HX-Request": "true", "HX-Target": f"part-{part}"}
    assert not page_of(officer.get("/commitments/")).select(f"[name={control}]")
    for answer in (
        officer.get(f"/commitments/choices/{part}/"),
        officer.get(f"/commitments/choices/{part}/", headers=headers),
    ):
        assert page_of(answer).select(f"#part-{part}[open] [name={control}]")
