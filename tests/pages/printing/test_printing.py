"""The printable page."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from commitments.models import Commitment
from pages.printing import page as printing
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/commitments/print/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def read(client: Client, query: str = "") -> Page:
    return page_of(client.get(f"/commitments/print/?{query}"))


def test_rows_are_grouped_by_theme_with_the_number_of_rows(reader: Client) -> None:
    first = make.commitment(theme=make.theme("trade"))
    second = make.commitment(theme=make.theme("border"))
    third = make.commitment(theme=make.theme("trade"))
    rows = read(reader).select("tbody tr")
    heads = [
        row.one("th, td.ref").text if row.select("th[scope=rowgroup]") else row.one("td.ref").text
        for row in rows
    ]
    assert heads == ["Border 1", second.reference, "Trade 2", first.reference, third.reference]


def test_an_order_in_the_parameters_is_used_and_named(reader: Client) -> None:
    make.commitment(theme=make.theme("border"), title="Alpha")
    make.commitment(theme=make.theme("trade"), title="Beta")
    text = page(reader, "ordering=-title")
    assert text.index("Beta") < text.index("Alpha")
    assert "Title, descending" in text
    assert "reg__group" not in text


def test_it_shows_the_date_the_filters_and_the_counts(reader: Client) -> None:
    make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment("in_progress")
    make.commitment("fulfilled")
    shown = read(reader, "state=open&as_of=2025-12-01")
    assert "2 commitments, 2 open, 1 overdue on 1 December 2025." in shown.text
    assert "This is the register as of that date." in shown.text
    assert (
        dict(zip(shown.texts("dl.facts dt"), shown.texts("dl.facts dd"), strict=True))["Open or closed"]
        == "open"
    )
    assert "overdue 335 days" in shown.text
    assert shown.select(".status--in_progress")
    assert not shown.select(".status--fulfilled")


def test_it_shows_the_acronym_of_the_lead_agency_and_explains_it(reader: Client) -> None:
    make.commitment(agencies=(make.agency("vn-mofa", acronym="MOFA", name="Ministry of Foreign Affairs"),))
    shown = read(reader)
    assert shown.one("td[data-label='Lead agency']").text == "MOFA"
    assert "MOFA Ministry of Foreign Affairs" in shown.texts("section.key li")


def test_two_agencies_of_one_acronym_show_their_countries(reader: Client) -> None:
    agencies = tuple(
        make.agency(f"{code.lower()}-mnd", code, acronym="MND", name=f"Defence of {code}")
        for code in ("VN", "KH")
    )
    make.commitment(agencies=agencies)
    assert read(reader).one("td[data-label='Lead agency']").text == "MND (VN), MND (KH)"


def test_it_has_the_columns_of_the_parameters(reader: Client) -> None:
    make.commitment(text="To plant the marker.", title="Markers")
    text = page(reader, "columns=content,evidence")
    assert "To plant the marker." in text
    assert read(reader, "columns=content,evidence").texts("th.p-evidence") == ["Pieces of evidence"]
    assert "Markers" not in text
    assert "paper--side" not in text
    many = "columns=lead_agency,partner,content,timeline,challenges,recommendations,status"
    assert "paper--side" in page(reader, many)


def test_the_highest_classification_is_at_the_top() -> None:
    made = make.commitment()
    Commitment.objects.filter(pk=made.pk).update(classification=3)
    assert read(client_as("reader", clearance=3)).texts("header strong.label") == ["secret"]
    assert "secret" not in page(client_as("reader"))


def test_more_rows_than_fit_are_announced_with_a_link_to_all(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_ROWS", 2)
    for _ in range(3):
        make.commitment()
    shown = read(reader, "state=open")
    assert "This page shows the first 2 of 3 commitments." in shown.text
    assert shown.links(".notice") == {"Download all of them as XLSX.": "/commitments/export.xlsx?state=open"}
    assert len(shown.select("td.ref")) == 2
    assert "3 commitments, " in shown.text


def test_it_links_back_to_the_list(reader: Client) -> None:
    assert 'href="/commitments/?state=open&amp;as_of=2025-12-01"' in page(
        reader, "state=open&as_of=2025-12-01&page=3"
    )


def test_an_empty_result_says_so(reader: Client) -> None:
    assert "There are no commitments that your account can see." in page(reader)
    assert "No commitments that you can see match. Remove a filter or widen the dates." in page(
        reader, "q=nothing"
    )


def test_an_invalid_parameter_is_named_and_shows_no_rows(reader: Client) -> None:
    make.commitment(title="Not to be shown")
    for query, name in (("overdue=maybe", "overdue"), ("columns=colour", "colour"), ("colour=red", "colour")):
        answer = reader.get(f"/commitments/print/?{query}")
        assert answer.status_code == 400
        assert name in answer.content.decode()
        assert "Not to be shown" not in answer.content.decode()


def test_three_rows_take_as_many_queries_as_three_hundred(
    reader: Client, queries: Callable[[Client, str], int]
) -> None:
    address = "/commitments/print/?theme=border&as_of=2025-12-01"
    for _ in range(3):
        made = make.commitment(agencies=(make.agency(),))
    few = queries(reader, address)
    make.many(297, made)
    assert reader.get(address).context["print_page"].shown == 300
    assert queries(reader, address) == few
