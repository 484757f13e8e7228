"""Members, named records and the cursor: how a program takes what it needs, at a cost that does not grow."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/commitments/"


@pytest.fixture
def reader() -> Client:
    return client_as("reader")


def some(count: int) -> None:
    agencies = (make.agency("vn-mofa"), make.agency("kh-mfaic", "KH"))
    officer = make.user("officer")
    for _ in range(count):
        make.commitment(agencies=agencies, actor=officer)


def queries(client: Client, query: str) -> int:
    client.get(f"{ADDRESS}?{query}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{ADDRESS}?{query}").status_code == 200
    return len(captured)


def walk(client: Client, query: str) -> list[list[str]]:
    """The references of each step."""
    steps, address = [], f"{ADDRESS}?{query}"
    while address:
        answer = client.get(address).json()
        assert (answer["count"], answer["previous"]) == (None, None)
        steps.append([row["reference"] for row in answer["results"]])
        address = answer["next"]
        assert len(steps) < 50
    return steps


def test_only_the_members_that_are_asked_for(reader: Client) -> None:
    some(2)
    listed = reader.get(f"{ADDRESS}?fields=reference,status").json()["results"]
    assert listed == [
        {"reference": "KHVN-2024-001", "status": "agreed"},
        {"reference": "KHVN-2024-002", "status": "agreed"},
    ]
    one = reader.get(f"{ADDRESS}KHVN-2024-001/?fields=overdue&as_of=2024-08-01")
    assert one.json() == {"overdue": False}
    assert one.headers["ETag"] != reader.get(f"{ADDRESS}KHVN-2024-001/").headers["ETag"]


def test_records_that_are_named_are_told_beside_and_nothing_else_changes(reader: Client) -> None:
    some(1)
    plain = reader.get(ADDRESS).json()["results"][0]
    told = reader.get(f"{ADDRESS}?expand=agencies,countries,meetings,sources").json()["results"][0]
    expanded = told.pop("expanded")
    assert told == plain
    assert expanded["countries"] == [
        {"code": "KH", "name": "Cambodia"},
        {"code": "VN", "name": "Viet Nam"},
    ]
    assert [each["key"] for each in expanded["agencies"]] == ["vn-mofa", "kh-mfaic"]
    assert expanded["meetings"][0]["day"] == "2024-07-13"
    assert expanded["sources"][0]["title"].startswith("Note")
    with_fields = reader.get(f"{ADDRESS}?expand=countries&fields=title").json()["results"][0]
    assert set(with_fields) == {"title", "expanded"}


@pytest.mark.slow
def test_expanding_takes_the_same_queries_for_3_and_for_50_rows(reader: Client) -> None:
    some(3)
    query = "expand=agencies,countries,meetings,sources&page_size=50"
    few = queries(reader, query)
    some(47)
    assert len(reader.get(f"{ADDRESS}?{query}").json()["results"]) == 50
    assert queries(reader, query) == few


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("fields=colour", "fields"),
        ("expand=theme", "expand"),
        ("fields=title&fields=reference", "fields"),
        ("cursor=x", "cursor"),
        ("cursor=W10", "cursor"),
        ("cursor=WyJLSFZOIiwyMDI0LC0xXQ", "cursor"),
        ("cursor=*&page=2", "page"),
        ("cursor=*&ordering=title", "ordering"),
        ("cursor=*&stat=open", "stat"),
    ],
)
def test_a_shape_that_is_not_known_is_refused_by_name(reader: Client, query: str, name: str) -> None:
    answer = reader.get(f"{ADDRESS}?{query}")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {name})


def test_a_walk_meets_every_row_once_in_order(reader: Client) -> None:
    some(7)
    make.commitment(codes=("LA", "VN"))
    make.commitment(title="Elsewhere", theme=make.theme("tourism"))
    everything = [row["reference"] for row in reader.get(ADDRESS).json()["results"]]
    assert len(everything) == 9
    steps = walk(reader, "cursor=*&page_size=2")
    assert [len(step) for step in steps] == [2, 2, 2, 2, 1]
    assert sum(steps, []) == everything
    assert sum(walk(reader, "cursor=*&page_size=4&ordering=-reference"), []) == everything[::-1]
    assert sum(walk(reader, "cursor=*&page_size=3&theme=tourism"), []) == ["KHVN-2024-008"]
    assert walk(reader, "cursor=*&page_size=3&theme=tourism&status=dropped") == [[]]


def test_a_walk_does_not_lose_rows_when_others_go(reader: Client) -> None:
    some(4)
    first = reader.get(f"{ADDRESS}?cursor=*&page_size=2&status=agreed").json()
    from commitments.models import Commitment

    make.record(Commitment.objects.get(reference="KHVN-2024-001"), "dropped")
    second = reader.get(first["next"]).json()
    assert [row["reference"] for row in second["results"]] == ["KHVN-2024-003", "KHVN-2024-004"]


@pytest.mark.slow
def test_a_step_takes_the_same_queries_wherever_it_is(reader: Client) -> None:
    some(30)
    start = queries(reader, "cursor=*&page_size=5")
    far: Any = reader.get(f"{ADDRESS}?cursor=*&page_size=20").json()["next"]
    cursor = far.partition("cursor=")[2].partition("&")[0]
    assert queries(reader, f"cursor={cursor}&page_size=5") == start
