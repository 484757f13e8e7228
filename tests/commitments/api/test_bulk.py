"""Many at once over HTTP: a result for each, in order, and what is refused undoes only itself, or all."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, ReferenceCounter, StatusChange
from commitments.services.search import rebuild_search
from relations.models import MeetingSource
from tests import factories as make
from tests.commitments.api.conftest import address, post, signed_in

pytestmark = pytest.mark.django_db
REGISTER, MOVE = "/api/v1/bulk/commitments/", "/api/v1/bulk/transitions/"


@pytest.fixture
def officer() -> Client:
    return signed_in(make.user("officer"))


@pytest.fixture
def pledge() -> dict[str, Any]:
    meeting, note = make.meeting(slug="talks"), make.source(slug="note")
    MeetingSource.objects.create(meeting=meeting, source=note)
    make.theme("border")
    for code in ("KH", "VN"):
        make.country(code)
    return {
        "title": "Markers",
        "text": "To place the last markers.",
        "nature": "cooperation",
        "theme": "border",
        "parties": ["KH", "VN"],
        "obligated": ["VN"],
        "mention": {"meeting": "talks", "source": "note", "paragraph": 1},
        "occurred_on": "2025-01-16",
        "note": "Said at the talks.",
    }


def statuses(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json()
    results = answer.json()["results"]
    assert [each["index"] for each in results] == list(range(len(results)))
    return [each["status"] for each in results]


def test_each_is_registered_or_refused_by_itself(officer: Client, pledge: dict) -> None:
    items = [pledge, {**pledge, "theme": "unknown"}, "x", {**pledge, "parties": ["VN"]}, pledge]
    answer = post(officer, REGISTER, {"items": items})
    assert statuses(answer) == [201, 400, 400, 400, 201]
    told = answer.json()
    assert (told["done"], told["refused"]) == (2, 3)
    assert [each.get("reference") for each in told["results"]] == [
        "KHVN-2025-001",
        None,
        None,
        None,
        "KHVN-2025-002",
    ]
    assert list(told["results"][1]["errors"]) == ["theme"]
    assert told["results"][3].keys() >= {"type", "title", "detail", "errors"}
    assert Commitment.objects.count() == StatusChange.objects.count() == 2
    assert officer.get("/api/v1/commitments/?q=markers").json()["count"] == 2
    assert rebuild_search().texts == 0


def test_all_or_nothing_undoes_all_and_leaves_no_gap(officer: Client, pledge: dict) -> None:
    items = [pledge, {**pledge, "theme": "unknown"}, pledge]
    answer = post(officer, REGISTER, {"items": items, "all_or_nothing": True})
    assert statuses(answer) == [201, 400, 201]
    assert (answer.json()["done"], answer.json()["refused"]) == (0, 1)
    assert not Commitment.objects.exists()
    assert not ReferenceCounter.objects.filter(last__gt=0).exists()
    whole = post(officer, REGISTER, {"items": [pledge, pledge], "all_or_nothing": True})
    assert (whole.json()["done"], statuses(whole)) == (2, [201, 201])
    assert Commitment.objects.filter(reference="KHVN-2025-002").exists()


@pytest.mark.parametrize("url", [REGISTER, MOVE])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}] * 1001},
        {"items": "x"},
        {"items": {}},
        {"items": [{}], "x": 1},
        [],
        "x",
    ],
)
def test_none_too_many_and_what_is_no_list_is_refused_as_a_whole(
    officer: Client, url: str, body: Any
) -> None:
    answer = post(officer, url, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_each_moves_or_is_refused_as_it_would_be_alone(officer: Client) -> None:
    first, second, closed = make.commitment(), make.commitment(), make.commitment("dropped")
    secret = make.commitment(classification=3)
    start = {"transition": "start", "note": "Begun."}
    items = [
        {"reference": second.reference, **start},
        {"reference": secret.reference, **start},
        {"reference": "\x00", **start},
        {"reference": closed.reference, **start},
        {"reference": first.reference, "transition": "uphold", "note": "x"},
        {"reference": first.reference, "transition": "start"},
        {"reference": first.reference, "transition": "nonsense"},
        {**start},
        {"reference": first.reference, **start},
        {"reference": first.reference, "transition": "stall", "note": "No money."},
        {"reference": first.reference, **start, "nota": "x"},
        ["x"],
    ]
    answer = post(officer, MOVE, {"items": items})
    assert statuses(answer) == [201, 404, 404, 409, 403, 400, 400, 400, 201, 201, 400, 400]
    told = answer.json()
    assert (told["done"], told["refused"]) == (3, 9)
    results = told["results"]
    assert {"reference": second.reference, "to": "in_progress", "number": 2}.items() <= results[0].items()
    assert (results[1]["reference"], results[1]["title"]) == (secret.reference, "Not Found")
    assert (results[3]["current_status"], results[3]["available_transitions"]) == ("dropped", [])
    assert list(results[5]["errors"]) == ["note"]
    assert list(results[7]["errors"]) == ["reference"]
    assert [each["to"] for each in results[8:10]] == ["in_progress", "stalled"]
    stand = dict(Commitment.objects.values_list("reference", "status"))
    assert (stand[first.reference], stand[second.reference]) == ("stalled", "in_progress")


def test_moves_that_are_undone_leave_nothing(officer: Client) -> None:
    pledge, closed = make.commitment(), make.commitment("dropped")
    before = StatusChange.objects.count()
    items = [
        {"reference": each.reference, "transition": "start", "note": "Begun."} for each in (pledge, closed)
    ]
    answer = post(officer, MOVE, {"items": items, "all_or_nothing": True})
    assert (statuses(answer), answer.json()["done"]) == ([201, 409], 0)
    assert StatusChange.objects.count() == before
    assert officer.get(address(pledge)).json()["status"] == "agreed"


def test_many_under_one_key_are_written_once(officer: Client, pledge: dict) -> None:
    one, two = (
        post(officer, REGISTER, {"items": [pledge, "x"]}, **{"Idempotency-Key": "many"}) for _ in range(2)
    )
    assert one.json() == two.json()
    assert Commitment.objects.count() == 1


def test_who_may_write_none_is_told_so_once(pledge: dict) -> None:
    for role in ("reader", "reviewer", "focal_point", "administrator"):
        assert post(signed_in(make.user(role)), REGISTER, {"items": [pledge]}).status_code == 403
    for role in ("reader", "administrator"):
        assert post(signed_in(make.user(role)), MOVE, {"items": [{}]}).status_code == 403
    for role in ("reviewer", "focal_point"):
        assert statuses(post(signed_in(make.user(role)), MOVE, {"items": [{}]})) == [400]


def test_keys_are_looked_up_once_for_all_items(officer: Client, pledge: dict) -> None:
    def count(items: list) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert set(statuses(post(officer, REGISTER, {"items": items}))) == {201}
        return len(captured)

    count([pledge])
    with CaptureQueriesContext(connection) as captured:
        post(officer, REGISTER, {"items": [pledge] * 10})
    looked_up = [each["sql"] for each in captured if 'FROM "commitments_theme" WHERE' in each["sql"]]
    assert sum('"slug" = ' in sql for sql in looked_up) == 1


def test_the_items_are_described_by_what_a_single_one_is_described_by(officer: Client) -> None:
    schemas = officer.get("/api/v1/schema/?format=json").json()["components"]["schemas"]
    for many in ("ManyRegistrationsInputRequest", "ManyMovesInputRequest"):
        items = json.dumps(schemas[many]["properties"]["items"])
        named = re.findall(r"#/components/schemas/(\w+)", items)
        assert named
        assert set(named) <= schemas.keys()
