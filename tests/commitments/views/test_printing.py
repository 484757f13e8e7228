"""The list on paper."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.reports import paper
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/commitments/print/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_rows_stand_under_their_theme_with_its_count(reader: Client) -> None:
    first = make.commitment(theme=make.theme("trade"))
    second = make.commitment(theme=make.theme("border"))
    third = make.commitment(theme=make.theme("trade"))
    text = page(reader)
    places = [text.index(each) for each in ("Border <span", second.reference, "Trade <span")]
    places += [text.index(first.reference), text.index(third.reference)]
    assert places == sorted(places)
    assert 'Trade <span class="quiet">2</span>' in text


def test_an_order_that_was_asked_for_is_kept_and_named(reader: Client) -> None:
    make.commitment(theme=make.theme("border"), title="Alpha")
    make.commitment(theme=make.theme("trade"), title="Beta")
    text = page(reader, "ordering=-title")
    assert text.index("Beta") < text.index("Alpha")
    assert "title, descending" in text
    assert "reg__group" not in text


def test_it_says_the_day_the_filters_and_the_counts(reader: Client) -> None:
    make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment("in_progress")
    make.commitment("fulfilled")
    text = page(reader, "state=open&as_of=2025-12-01")
    assert "<strong>2 commitments, 2 open, 1 overdue</strong> on 1 December 2025." in text
    assert "The register as it stood on that day." in text
    assert '<dt class="label">Group</dt><dd>open</dd>' in text
    assert "overdue 335 days" in text
    assert "status--in_progress" in text
    assert "status--fulfilled" not in text


def test_it_names_who_leads_in_short_and_explains_the_acronym(reader: Client) -> None:
    make.commitment(agencies=(make.agency("vn-mofa", acronym="MOFA", name="Ministry of Foreign Affairs"),))
    text = page(reader)
    assert "MOFA</td>" in text
    assert "<li>MOFA Ministry of Foreign Affairs</li>" in text


def test_two_agencies_of_one_acronym_are_told_apart(reader: Client) -> None:
    agencies = tuple(
        make.agency(f"{code.lower()}-mnd", code, acronym="MND", name=f"Defence of {code}")
        for code in ("VN", "KH")
    )
    make.commitment(agencies=agencies)
    assert "MND (VN), MND (KH)" in page(reader)


def test_the_columns_asked_for_are_its_columns(reader: Client) -> None:
    make.commitment(text="To plant the marker.", title="Markers")
    text = page(reader, "columns=content,evidence")
    assert "To plant the marker." in text
    assert 'class="label p-evidence"' in text
    assert "Markers" not in text
    assert "paper--side" not in text
    many = "columns=lead_agency,partner,content,timeline,challenges,recommendations,status"
    assert "paper--side" in page(reader, many)


def test_the_highest_classification_stands_at_its_head() -> None:
    made = make.commitment()
    Commitment.objects.filter(pk=made.pk).update(classification=3)
    assert '<strong class="label">secret</strong>' in page(client_as("administrator"))
    assert "secret" not in page(client_as("reader"))


def test_more_than_it_holds_is_said_and_leads_to_all(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MOST_ROWS", 2)
    for _ in range(3):
        make.commitment()
    text = page(reader, "state=open")
    assert "The first 2 of 3 stand here" in text
    assert 'href="/commitments/export.xlsx?state=open">The follow-up matrix' in text
    assert text.count('class="ref"') == 2
    assert "<strong>3 commitments" in text


def test_it_leads_back_to_the_list_it_came_from(reader: Client) -> None:
    assert 'href="/commitments/?state=open&amp;as_of=2025-12-01"' in page(
        reader, "state=open&as_of=2025-12-01&page=3"
    )


def test_an_empty_result_says_so(reader: Client) -> None:
    assert "No commitment is recorded here that this account may see." in page(reader)
    assert "Nothing in the register fits all of these filters at once." in page(reader, "q=nothing")


def test_a_parameter_that_is_not_understood_is_named_and_shows_nothing(reader: Client) -> None:
    make.commitment(title="Not to be shown")
    for query, name in (("overdue=maybe", "overdue"), ("columns=colour", "colour"), ("colour=red", "colour")):
        answer = reader.get(f"/commitments/print/?{query}")
        assert answer.status_code == 400
        assert name in answer.content.decode()
        assert "Not to be shown" not in answer.content.decode()


@pytest.mark.slow
def test_it_takes_the_same_queries_for_three_rows_and_for_three_hundred(
    reader: Client, queries: Callable[[Client, str], int]
) -> None:
    address = "/commitments/print/?theme=border&as_of=2025-12-01"
    for _ in range(3):
        made = make.commitment(agencies=(make.agency(),))
    few = queries(reader, address)
    make.many(297, made)
    assert reader.get(address).context["paper"].shown == 300
    assert queries(reader, address) == few
