"""The search on the page and in the API: what it finds, and where it leads."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Mention
from commitments.services.registration import FirstMention
from commitments.services.search import refresh_search_text
from relations.models import Participation, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    return client_as("reader")


def found(client: Client, words: str, **others: str) -> list[str]:
    """Titles that page and API alike find."""
    parameters = {"q": words, "page_size": "500", **others}
    api = client.get("/api/v1/commitments/", parameters).json()
    page = client.get("/commitments/", parameters)
    assert [row.commitment.title for row in page.context["list"].rows] == [
        row["title"] for row in api["results"]
    ]
    return [row["title"] for row in api["results"]]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("cầu", ["Xây cầu"]),
        ("CAU", ["Xây cầu"]),
        ("da nang", ["Xây cầu"]),
        ("Đà Nẵng", ["Xây cầu"]),
        ("nang da", ["Xây cầu"]),
        ('"nang da"', []),
        ('"đà nẵng"', ["Xây cầu"]),
        ("“Đà Nẵng”", ["Xây cầu"]),
        ("viet nam", ["Xây cầu", "Vietnamese coffee"]),
        ("Việt Nam", ["Xây cầu", "Vietnamese coffee"]),
        ("VIETNAM", ["Xây cầu", "Vietnamese coffee"]),
        ("Viet Na", ["Xây cầu", "Vietnamese coffee"]),
        ("vietnam -coffee", ["Xây cầu"]),
        ('vietnam -"đà nẵng"', ["Vietnamese coffee"]),
        ("ព្រំដែន", ["ខ្មែរ"]),
        ("កិច្ចប្រជុំព្រំដែន", ["ខ្មែរ"]),
        ("ខ្មែ", ["ខ្មែរ"]),
        ("ខែ", ["ខ្មែរ"]),
        ("-ព្រំដែន lamm", ["Xây cầu", "Vietnamese coffee", "50% of_it"]),
        ("50%", ["50% of_it"]),
        ("%", ["50% of_it"]),
        ("_", ["50% of_it"]),
        ("5_", []),
        ("of%it", []),
        ("of_it", ["50% of_it"]),
        ("*", ["50% of_it"]),
        ("co*", []),
        ("^", []),
        ("cof AND fee", []),
        ("and", []),
        ("coffee OR nothing", []),
        ("NEAR(coffee)", []),
        ("col:coffee", []),
        ("coffee, (Vietnam).", ["Vietnamese coffee"]),
        ("cof\u00adfee", ["Vietnamese coffee"]),
        ("ព្រំដែន។", ["ខ្មែរ"]),
        ("២៥", ["ខ្មែរ"]),
        ("25", ["ខ្មែរ"]),
        ("{coffee}", ["Vietnamese coffee"]),
        ('"coffee', ["Vietnamese coffee"]),
        ('coffee"', ["Vietnamese coffee"]),
        ('-"coffee viet', ["Xây cầu"]),
        ("' OR 1=1 --", []),
        ("\\", []),
        ("-", ["Xây cầu", "Vietnamese coffee", "ខ្មែរ", "50% of_it"]),
        ("co", ["Vietnamese coffee"]),
        ("of", ["50% of_it"]),
        ("ff", []),
        ("c", ["Xây cầu", "Vietnamese coffee"]),
        ("02", []),
        ("20", ["Xây cầu", "Vietnamese coffee", "ខ្មែរ", "50% of_it"]),
        ("-co viet", ["Xây cầu"]),
    ],
)
def test_what_is_found(words: str, titles: list[str], reader: Client) -> None:
    empty = make.source("Nil.")

    def pledge(title: str, text: str) -> None:
        mention = FirstMention(make.meeting(), empty.paragraphs.get(number=1))
        make.commitment(title=title, text=text, mention=mention, codes=("LA", "MM"))

    pledge("Xây cầu", "Việt  Nam xây cầu ở Đà Nẵng.")
    pledge("Vietnamese coffee", "Sell it.")
    pledge("ខ្មែរ", "កិច្ចប្រជុំព្រំដែនប្រចាំខែ២៥")
    pledge("50% of_it", "A*b.")
    assert found(reader, words) == titles


def test_invisible_commitments_are_not_found() -> None:
    make.commitment(
        title="Secret bridge", classification=3, agencies=(make.agency("vn-mofa", name="Ministry"),)
    )
    make.commitment(title="Open bridge")
    assert found(client_as("reader"), "bridge") == ["Open bridge"]
    assert found(client_as("reader"), "ministry") == []
    assert found(client_as("reader", clearance=3), "bridge") == ["Secret bridge", "Open bridge"]


# -- redirect to its page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "q=KHVN-2024-001",
        "q=khvn-2024-001",
        "q=+KhVn-2024-001+",
        "q=KHVN%E2%80%932024%E2%80%93001",
        "q=%22KHVN-2024-001%22",
        "q=KHVN%E2%80%912024%E2%80%91001.",
        "q=KHVN-2024-001&state=&theme=",
        "q=KHVN-2024-001&page_size=20&ordering=title&page=1",
    ],
)
def test_an_exact_reference_redirects_to_its_page(query: str, reader: Client) -> None:
    make.commitment()
    answer = reader.get(f"/commitments/?{query}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/commitments/KHVN-2024-001/")


@pytest.mark.parametrize(
    "query",
    [
        "q=KHVN-2024-00",
        "q=KHVN-2024-0011",
        "q=-KHVN-2024-001",
        "q=KHVN-2024-001+pledge",
        "q=KHVN-2024-001&state=open",
        "q=KHVN-2024-001&as_of=2025-01-01",
        "q=KHVN-2024-002",
        "theme=border",
    ],
)
def test_anything_else_shows_the_list(query: str, reader: Client) -> None:
    make.commitment()
    make.commitment(classification=3)
    assert reader.get(f"/commitments/?{query}").status_code == 200


def test_an_htmx_request_is_redirected_too(reader: Client) -> None:
    make.commitment()
    answer = reader.get("/commitments/?q=KHVN-2024-001", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/commitments/KHVN-2024-001/")


def test_the_api_answers_with_the_row(reader: Client) -> None:
    make.commitment()
    answer = reader.get("/api/v1/commitments/?q=KHVN-2024-001")
    assert answer.status_code == 200
    assert [row["reference"] for row in answer.json()["results"]] == ["KHVN-2024-001"]


# -- on a past date -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "then", "now"),
    [
        ("bridge", ["Road"], ["Road", "Rail"]),
        ("-bridge", ["Rail"], []),
        ("tunnel", ["Rail"], ["Rail"]),
        ("tunnel -bridge", ["Rail"], []),
        ("kim", [], ["Rail"]),
        ("-kim agreed", [], []),
        ("siem reap, jcbc", [], ["Rail"]),
        ("build -jcbc", ["Road", "Rail"], ["Road"]),
        ("khvn", ["Road", "Rail"], ["Road", "Rail"]),
    ],
)
def test_later_mentions_neither_include_nor_exclude(
    words: str, then: list[str], now: list[str], reader: Client
) -> None:
    source = make.source("A bridge.\n\nA tunnel.\n\nStill no bridge.")
    first, second, third = source.paragraphs.order_by("number")
    make.commitment(title="Road", text="Build.", mention=FirstMention(make.meeting(), first))
    rail = make.commitment(title="Rail", text="Build.", mention=FirstMention(make.meeting(), second))
    later = make.meeting(dt.date(2025, 5, 5), place="Siem Reap", mechanism=make.mechanism("jcbc"))
    Mention.objects.create(commitment=rail, meeting=later, paragraph=third, kind="requested")
    kim = Person.objects.create(slug="kim", name="Kim", country=make.country("KH"))
    Participation.objects.create(meeting=later, country=make.country("KH"), person=kim)
    refresh_search_text([rail.pk])
    assert found(reader, words) == now
    assert found(reader, words, as_of="2025-01-01") == then
    assert found(reader, words, as_of="2025-05-05") == now


# -- highlighted ---------------------------------------------------------------------------------------------


def test_the_list_marks_titles_and_shows_other_matches(reader: Client) -> None:
    source = make.source(
        "They met.\n\nThe ministers spoke of a <bridge> at Tây Ninh.", published_on=make.LONG_AGO
    )
    make.commitment(title="Build a bridge & road")
    make.commitment(title="Road", mention=FirstMention(make.meeting(), source.paragraphs.get(number=2)))
    page = re.sub(r"[ \n]+", " ", reader.get("/commitments/?q=bridge").content.decode())
    assert "Build a <mark>bridge</mark> &amp; road</a>" in page
    assert (
        "<span>Note for file of 13 Jul 2024, §\u00a02:</span> "
        "The ministers spoke of a &lt;<mark>bridge</mark>&gt; at Tây" in page
    )
    assert page.count('class="reg__found"') == 1
    assert 'href="/commitments/KHVN-2024-002/?q=bridge"' in page
    assert "<mark>" not in reader.get("/commitments/").content.decode()


def test_the_page_of_a_commitment_marks_the_words_of_the_search(reader: Client) -> None:
    source = make.source("A bridge, they said.")
    make.commitment(
        title="Bridge at last",
        text="Build it.\n\nThe bridge.",
        remarks="No bridge <yet>.",
        mention=FirstMention(make.meeting(), source.paragraphs.get(number=1)),
        agencies=(make.agency("kh-bridges", "KH", name="Bridge Office"),),
    )
    page = page_of(reader.get("/commitments/KHVN-2024-001/", {"q": "bridge -road"}))
    marks = [(mark.text, Page(mark.tree.getparent()).text) for mark in page.select("mark")]
    for marked in (
        ("Bridge", "Bridge at last"),
        ("bridge", "The bridge."),
        ("bridge", "No bridge <yet>."),
        ("bridge", "A bridge, they said."),
        ("Bridge", "Bridge Office"),
    ):
        assert marked in marks
    assert "<mark>" not in reader.get("/commitments/KHVN-2024-001/").content.decode()


@pytest.mark.parametrize("words", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "'\"&<"])
@pytest.mark.parametrize("path", ["/commitments/", "/commitments/KHVN-2024-001/"])
def test_neither_words_nor_texts_become_markup(path: str, words: str, reader: Client) -> None:
    make.commitment(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)> '\"&<", remarks="-")
    page = reader.get(path, {"q": words}).content.decode()
    assert "<script>alert" not in page
    assert "<img src" not in page


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/commitments/", "/api/v1/commitments/"])
def test_three_rows_take_as_many_queries_as_three_hundred(path: str, reader: Client) -> None:
    agency = make.agency("vn-mofa")

    def queries(words: str) -> int:
        reader.get(path, {"q": words})
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(path, {"q": words}).status_code == 200
        return len(captured)

    searches = ("pledge", "agreed", "border agreed -nothing", "vn-mofa", "to", '"was agreed"')
    for _ in range(3):
        made = make.commitment(agencies=(agency,))
    few = {words: queries(words) for words in searches}
    make.many(297, made)
    assert len(reader.get(f"{path}?q=pledge&page_size=300").content) > 100 * 300
    assert {words: queries(words) for words in searches} == few


def test_the_admin_searches_alike() -> None:
    make.commitment(title="Bridge", agencies=(make.agency("kh-mpwt", "KH", acronym="MPWT"),))
    make.commitment(title="Ferry")
    page = client_as("officer", "administrator").get("/admin/commitments/commitment/?q=mpwt+-ferry")
    assert [row.title for row in page.context["cl"].result_list] == ["Bridge"]
    assert Commitment.objects.count() == 2
