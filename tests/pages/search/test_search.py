"""The search in everything: what is found, by whom, in which order, and how fast."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.services.search import refresh_search_text
from relations.models import Person
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


def search(client: Client, words: str, page: str = "/search/") -> Any:
    return client.get(page, {"q": words})


def hits(client: Client, words: str) -> dict[str, list[str]]:
    """The results by the heading of their group."""
    page = page_of(search(client, words))
    return {
        group.one("h2").text: group.texts(".found li a") for group in page.select("section[aria-labelledby]")
    }


def links(client: Client, words: str) -> list[str]:
    return [link["href"] for link in page_of(search(client, words)).select(".found a")]


@pytest.fixture
def records(db: None) -> dict[str, Any]:
    country = make.country("KH")
    return {
        "commitment": make.commitment(title="Open the gate at Mộc Bài"),
        "meeting": make.meeting(dt.date(2025, 12, 9), title="Talks at Mộc Bài", slug="talks-moc-bai"),
        "source": make.source("They met.", title="Note on Mộc Bài", slug="note-moc-bai"),
        "agency": make.agency("kh-moc", "KH", name="Mộc Bài Authority", acronym="MBA"),
        "person": Person.objects.create(slug="moc", name="Mộc Văn Bài", country=country),
        "mechanism": make.mechanism("moc-bai-committee"),
    }


def test_every_kind_of_record_is_found_without_diacritics(reader: Client, records: dict[str, Any]) -> None:
    found = hits(reader, "moc bai")
    reference = records["commitment"].reference
    assert found == {
        "Commitments": [f"{reference} Open the gate at Mộc Bài"],
        "Meetings": ["Talks at Mộc Bài"],
        "Sources": ["Note on Mộc Bài"],
        "Agencies": ["MBA Mộc Bài Authority"],
        "People": ["Mộc Văn Bài"],
        "Mechanisms": ["Moc-bai-committee"],
    }
    assert hits(reader, "cambodia")["Countries"] == ["Cambodia"]


def test_every_result_leads_to_a_page(reader: Client, records: dict[str, Any]) -> None:
    found = [*links(reader, "moc bai"), *links(reader, "cambodia"), *links(reader, "")]
    assert len(found) > 8
    for url in found:
        assert reader.get(url, follow=True).status_code == 200, url


@pytest.mark.parametrize(
    "typed",
    ["KHVN-2024-001", "khvn-2024-001", " KHVN–2024–001 ", "khvn 2024 1", "khvn2024-1", "KHVN-2024-1"],
)
def test_a_whole_reference_leads_to_its_commitment(typed: str, reader: Client) -> None:
    pledge = make.commitment()
    assert search(reader, typed)["Location"] == f"/commitments/{pledge.reference}/"
    first = page_of(search(reader, typed, "/search/found/")).select("[role=option]")[0]
    assert first["href"] == f"/commitments/{pledge.reference}/"


def test_a_part_of_a_reference_finds_it(reader: Client) -> None:
    make.commitment(title="First")
    make.commitment(title="Second")
    assert hits(reader, "2024-002")["Commitments"] == ["KHVN-2024-002 Second"]


def test_titles_with_the_words_come_before_texts_with_them(reader: Client) -> None:
    named = make.commitment(title="Rice for all")
    for n in range(3):
        make.commitment(title=f"Later {n}", text="Rice is traded.")
    assert hits(reader, "rice")["Commitments"][0] == f"{named.reference} Rice for all"


def test_more_than_fit_are_in_the_list(reader: Client) -> None:
    for n in range(9):
        make.commitment(title=f"Rice {n}")
        make.meeting(title=f"Talks on rice {n}")
    page = page_of(search(reader, "rice"))
    assert [link["href"] for link in page.select(".more a")] == ["/commitments/?q=rice", "/meetings/?q=rice"]
    assert len(hits(reader, "rice")["Commitments"]) == 8
    assert len(hits(reader, "rice")["Meetings"]) == 4


@pytest.mark.parametrize("role", ["reader", "officer", "reviewer", "focal_point", ""])
def test_what_an_account_may_not_see_is_not_found(role: str) -> None:
    hidden = make.commitment(title="Unspeakable gate", classification=3)
    client = client_as(*([role] if role else []), agency=make.agency())
    for words in ("unspeakable", "gate", hidden.reference):
        for page in ("/search/", "/search/found/"):
            answer = search(client, words, page)
            assert answer.status_code == 200
            assert "Unspeakable" not in answer.content.decode()
    assert "Nothing was found for “unspeakable”." in text_of(search(client, "unspeakable"))


def test_a_focal_point_finds_the_commitments_of_the_own_agency_alone() -> None:
    agency = make.agency("vn-mofa")
    own = make.commitment(title="Gate of ours", agencies=(agency,))
    make.commitment(title="Gate of theirs", agencies=(make.agency("vn-moit"),))
    client = client_as("focal_point", agency=agency)
    assert hits(client, "gate")["Commitments"] == [f"{own.reference} Gate of ours"]


# -- commands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "role", "url"),
    [
        ("my queue", "reviewer", "/queue/"),
        ("queue", "reviewer", "/queue/"),
        ("record meeting", "officer", "/meetings/record/"),
        ("returned", "focal_point", "/commitments/?returned=me"),
        ("new account", "administrator", "/admin/accounts/user/add/"),
        ("password", "reader", "/accounts/password/change/"),
        ("OVERDUE", "reader", "/commitments/?overdue=true"),
    ],
)
def test_a_command_leads_to_where_it_is_done(words: str, role: str, url: str) -> None:
    client = client_as(role, agency=make.agency())
    assert url in links(client, words)
    assert client.get(url, follow=True).status_code == 200


@pytest.mark.parametrize("role", ["officer", "reviewer", "reader", "focal_point", "administrator", ""])
def test_nobody_is_offered_a_command_that_is_refused(role: str) -> None:
    client = client_as(*([role] if role else []), agency=make.agency())
    offered = {
        url
        for words in ("", "list", "go", "record", "see", "manage", "invite", "enter", "set", "make", "change")
        for url in links(client, words)
    }
    assert len(offered) > 8
    for url in offered:
        assert client.get(url, follow=True).status_code == 200, url
    assert ("/queue/" in offered) == (role == "reviewer")
    assert ("/meetings/record/" in offered) == (role == "officer")
    assert ("/admin/accounts/user/" in offered) == (role == "administrator")


def test_a_command_that_is_being_typed_comes_before_records(officer: Client) -> None:
    make.commitment(title="Record the meeting in full")
    assert list(hits(officer, "record a"))[0] == "Commands"
    assert list(hits(officer, "meeting"))[0] == "Commitments"


def test_without_words_the_commands_are_offered(reader: Client) -> None:
    make.commitment()
    assert list(hits(reader, "")) == ["Commands"]
    assert list(hits(reader, " ")) == ["Commands"]
    assert list(hits(reader, "g")) == ["Commands"]


# -- input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "-", "- -", "(", "\\", "<b>", "១", "‘’", "a" * 200])
def test_odd_signs_are_searched_like_others(words: str, reader: Client) -> None:
    make.commitment(title="Open the gate")
    answer = search(reader, words)
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize("query", ["q=a%00b", f"q={'a' * 201}", "words=x", "q=x&page=2"])
def test_bad_input_is_refused_and_finds_nothing(query: str, reader: Client) -> None:
    make.commitment(title="aaaa")
    for page in ("/search/", "/search/found/"):
        answer = reader.get(f"{page}?{query}")
        assert answer.status_code == 400
        assert "aaaa</" not in answer.content.decode()


def test_excluded_words_and_phrases_work_as_in_the_list(reader: Client) -> None:
    make.commitment(title="Open the gate")
    make.commitment(title="Close the gate")
    assert hits(reader, "gate -close")["Commitments"] == ["KHVN-2024-001 Open the gate"]
    assert hits(reader, '"close the"')["Commitments"] == ["KHVN-2024-002 Close the gate"]


def test_every_page_has_the_way_to_the_search(officer: Client) -> None:
    for url in ("/", "/commitments/", "/admin/", "/accounts/tokens/", "/search/"):
        [link] = page_of(officer.get(url)).select("a[data-search]")
        assert link["href"] == "/search/"
    assert not page_of(Client().get("/accounts/login/")).select("a[data-search]")


# -- cost -------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(
    reader: Client, records: dict[str, Any], queries: Callable[[Client, str], int]
) -> None:
    url = "/search/found/?q=moc"
    few = queries(reader, url)
    for n in range(6):
        make.commitment(title=f"Mộc Bài {n}", text=f"Deed {n}.")
        make.meeting(title=f"Mộc Bài {n}")
        make.agency(f"moc-{n}", name=f"Mộc {n}")
    assert queries(reader, url) == few


@pytest.mark.slow
def test_ten_thousand_commitments_are_searched_at_once(reader: Client) -> None:
    make.commitment(title="Needle of brass")
    make.many_commitments(10_000)
    refresh_search_text(Commitment.objects.values_list("pk", flat=True))
    search(reader, "warm", "/search/found/")
    for words in ("needle", "pledge of many", "KHVN-2023", "ne", "needle -many"):
        began = time.perf_counter()
        answer = search(reader, words, "/search/found/")
        assert time.perf_counter() - began < 2, words
        assert page_of(answer).select("[role=option]"), words
