"""Many at once over HTTP: a result for each, in order, and what is refused undoes only itself, or all."""

import itertools
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Assignment, Commitment, ReferenceCounter, StatusChange
from commitments.services.progress import add_evidence
from commitments.services.search import Rebuilt, rebuild_search
from commitments.services.transitions import apply_transition
from relations.models import MeetingSource
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as

pytestmark = pytest.mark.django_db
_thousands = itertools.count(1000, 1000)
REGISTER, MOVE = "/api/v1/bulk/commitments/", "/api/v1/bulk/transitions/"


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


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


def different(items: list[Any]) -> list[Any]:
    """The ``items`` with a number in each title, so that none looks like a copy of another."""
    first = next(_thousands)
    return [
        {**each, "title": f"{each['title']} {first + n}"} if isinstance(each, dict) else each
        for n, each in enumerate(items)
    ]


def statuses(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json()
    results = answer.json()["results"]
    assert [each["index"] for each in results] == list(range(len(results)))
    return [each["status"] for each in results]


def test_each_is_registered_or_refused_by_itself(officer: Client, pledge: dict) -> None:
    items = [pledge, {**pledge, "theme": "unknown"}, "x", {**pledge, "parties": ["VN"]}, pledge]
    answer = post(officer, REGISTER, {"items": different(items)})
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
    answer = post(officer, REGISTER, {"items": different(items), "all_or_nothing": True})
    assert statuses(answer) == [201, 400, 201]
    assert (answer.json()["done"], answer.json()["refused"]) == (0, 1)
    assert not Commitment.objects.exists()
    assert not ReferenceCounter.objects.filter(last__gt=0).exists()
    whole = post(officer, REGISTER, {"items": different([pledge, pledge]), "all_or_nothing": True})
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
    items = [pledge, "x"]
    one, two = (post(officer, REGISTER, {"items": items}, **{"Idempotency-Key": "many"}) for _ in range(2))
    assert one.json() == two.json()
    assert Commitment.objects.count() == 1


def test_who_may_write_none_is_told_so_once(pledge: dict) -> None:
    for role in ("reader", "reviewer", "focal_point", "administrator"):
        assert post(client_as(role), REGISTER, {"items": different([pledge])}).status_code == 403
    for role in ("reader", "administrator"):
        assert post(client_as(role), MOVE, {"items": [{}]}).status_code == 403
    for role in ("reviewer", "focal_point"):
        assert statuses(post(client_as(role), MOVE, {"items": [{}]})) == [400]


def queries_of(client: Client, url: str, items: list) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert set(statuses(post(client, url, {"items": items}))) == {201}
    return len(captured)


@pytest.fixture
def full(pledge: dict) -> dict[str, Any]:
    """A pledge with all that may hang on it."""
    for slug in ("vn-mofa", "vn-moit"):
        make.agency(slug)
    return {
        **pledge,
        "beneficiaries": ["KH"],
        "outcome_meeting": "talks",
        "deadline": {"wording": "in 2026", "latest": "2026-12-31"},
        "agencies": [{"agency": "vn-mofa"}, {"agency": "vn-moit", "role": "support"}],
        "target": {"indicator": "Markers", "unit": "markers", "value": "3"},
    }


@pytest.mark.slow
def test_thirty_take_as_many_queries_as_three(officer: Client, pledge: dict, full: dict) -> None:
    locks = 1 if connection.vendor == "postgresql" else 0
    queries_of(officer, REGISTER, different([pledge]))
    for item, expected in ((pledge, 34 + locks), (full, 40 + locks)):
        taken = {n: queries_of(officer, REGISTER, different([item] * n)) for n in (3, 30)}
        assert taken == {3: expected, 30: expected}
    # Of very many, a statement takes only so many values on SQLite.
    assert queries_of(officer, REGISTER, different([pledge] * 300)) <= 67


def test_what_is_registered_among_many_is_what_is_registered_alone(
    officer: Client, pledge: dict, full: dict
) -> None:
    before = make.commitment()
    full["related"] = [before.reference]
    alone = post(officer, "/api/v1/commitments/", full)
    assert alone.status_code == 201, alone.json()
    among = [{**pledge, "title": "Gates"}, {**full, "despite": ["KHVN-2025-001"]}]
    assert statuses(post(officer, REGISTER, {"items": among})) == [201, 201]

    def documents() -> list[dict[str, Any]]:
        shown = [officer.get(f"/api/v1/commitments/KHVN-2025-00{n}/").json() for n in (1, 3)]
        for each in shown:
            for varies in ("reference", "url"):
                del each[varies]
            del each["status_history"][0]["recorded_at"]
        return shown

    one, among = documents()
    assert one == among
    assert (one["agencies"][1]["role"], one["related"]) == ("support", [before.reference])
    one, among = (field_history_of(Commitment.objects.get(reference=f"KHVN-2025-00{n}")) for n in (1, 3))
    assert one == among
    assert set(one) == {
        ("commitment", "+", "officer", None, 0),
        ("commitment", "~", "officer", None, 1),
        ("parties", "+", "officer", None, 0),
        ("mentions", "+", "officer", None, 0),
        ("assignments", "+", "officer", None, 0),
        ("target", "+", "officer", None, 0),
    }
    assert len(one) == 10
    assert rebuild_search() == Rebuilt(texts=0, names=0, trigrams=0)


def field_history_of(pledge: Commitment) -> list[tuple[Any, ...]]:
    """What was kept of the writing: of what, the kind of change, by whom, why, and how many links with it."""
    rows = [("commitment", row, row.related.count()) for row in pledge.history.order_by("history_id")]
    for name in ("parties", "mentions", "assignments", "target"):
        model: Any = Commitment._meta.get_field(name).related_model
        rows += [(name, row, 0) for row in model.history.filter(commitment=pledge).order_by("history_id")]
    return [
        (name, row.history_type, row.history_user.username.split("-")[0], row.history_change_reason, links)
        for name, row, links in rows
    ]


def test_a_twin_of_an_item_before_it_is_refused_with_its_reference(officer: Client, pledge: dict) -> None:
    answer = post(officer, REGISTER, {"items": [pledge, {**pledge, "text": "To put the markers."}]})
    assert statuses(answer) == [201, 409]
    assert answer.json()["results"][1]["twins"] == ["KHVN-2025-001"]
    again = {"items": [{**pledge, "despite": ["KHVN-2025-001"]}]}
    assert statuses(post(officer, REGISTER, again)) == [201]


def test_a_later_one_may_name_an_earlier_one(officer: Client, pledge: dict) -> None:
    items = [
        {**pledge, "related": ["KHVN-2025-001"]},
        pledge,
        {**pledge, "related": ["KHVN-2025-001"]},
        {**pledge, "related": ["KHVN-2025-002", "KHVN-2025-001"]},
        {**pledge, "related": ["KHVN-2025-009"]},
    ]
    answer = post(officer, REGISTER, {"items": different(items)})
    assert statuses(answer) == [400, 201, 201, 201, 400]
    third = Commitment.objects.get(reference=answer.json()["results"][3]["reference"])
    assert {each.serial for each in third.related.all()} == {1, 2}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"agencies": [{"agency": "vn-mofa"}, {"agency": "vn-mofa", "focal_point": "x"}]}, {"focal_point"}),
        ({"target": {"indicator": "x", "unit": "x", "value": "1", "baseline": "-"}}, {"target.baseline"}),
        ({"deadline": {"latest": "2026-12-31"}}, {"deadline.wording"}),
        ({"mention": {"meeting": "talks", "source": "other", "paragraph": 1}}, {"mention.paragraph"}),
        ({"classification": "secret"}, {"classification"}),
        ({"nature": "poem"}, {"nature"}),
        ({"status": "standing"}, {"status"}),
    ],
)
def test_a_fault_keeps_its_address_and_leaves_no_gap(
    officer: Client, full: dict, change: dict, fields: set[str]
) -> None:
    make.user("officer", username="x")
    make.source(slug="other")
    answer = post(officer, REGISTER, {"items": different([full, full | change, full])})
    assert statuses(answer) == [201, 400, 201]
    assert set(answer.json()["results"][1]["errors"]) == fields
    assert set(post(officer, "/api/v1/commitments/", full | change).json()["errors"]) == fields
    assert [each.serial for each in Commitment.objects.all()] == [1, 2]


def test_an_agency_named_again_holds_what_was_said_last(officer: Client, full: dict) -> None:
    again = full["agencies"] + [{"agency": "vn-mofa", "role": "support"}]
    assert statuses(post(officer, REGISTER, {"items": different([{**full, "agencies": again}])})) == [201]
    held = Assignment.objects.get(agency__slug="vn-mofa")
    assert (held.role, held.version) == ("support", 2)
    assert [each.role for each in held.history.order_by("history_id")] == ["lead", "support"]


def test_a_country_named_twice_counts_once(officer: Client, pledge: dict) -> None:
    twice = {**pledge, "parties": ["KH", "VN", "KH"], "obligated": ["VN", "VN"]}
    answer = post(officer, REGISTER, {"items": different([twice, {**pledge, "parties": ["VN", "VN"]}])})
    assert statuses(answer) == [201, 400]
    assert set(answer.json()["results"][1]["errors"]) == {"parties"}
    made = Commitment.objects.get()
    assert made.reference == "KHVN-2025-001"
    assert [(each.country.code, each.role) for each in made.parties.all()] == [
        ("KH", "party"),
        ("VN", "party"),
        ("VN", "obligated"),
    ]


def test_serials_follow_the_items_for_each_set_of_parties_and_year(officer: Client, pledge: dict) -> None:
    make.country("LA")
    lao, earlier = {**pledge, "parties": ["LA", "VN"]}, {**pledge, "occurred_on": "2024-07-13"}
    answer = post(officer, REGISTER, {"items": different([pledge, lao, earlier, pledge, lao])})
    assert [each["reference"] for each in answer.json()["results"]] == [
        "KHVN-2025-001",
        "LAVN-2025-001",
        "KHVN-2024-001",
        "KHVN-2025-002",
        "LAVN-2025-002",
    ]


def test_each_move_takes_four_queries_more(officer: Client) -> None:
    references = [make.commitment().reference for _ in range(8)]

    def items(*some: str) -> list[dict[str, str]]:
        return [{"reference": each, "transition": "start", "note": "Begun."} for each in some]

    queries_of(officer, MOVE, items(references[0]))
    one, six = (queries_of(officer, MOVE, items(*some)) for some in (references[1:2], references[2:]))
    assert six - one == 5 * 4


def test_each_item_may_name_the_state_that_was_read() -> None:
    officer, reviewer = make.user("officer"), client_as("reviewer")
    pledges = [make.commitment() for _n in range(4)]
    for pledge in pledges:
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    tags = [reviewer.get(f"/api/v1/commitments/{each.reference}/")["ETag"] for each in pledges]
    add_evidence(commitment=pledges[1], actor=officer, title="Minutes", url="https://example.org/m")
    items = [
        {"reference": pledge.reference, "transition": "confirm", "if_match": tag}
        for pledge, tag in zip(pledges, [*tags[:2], None, 7], strict=True)
    ]
    answer = post(reviewer, MOVE, {"items": items})
    assert statuses(answer) == [201, 412, 201, 400]
    assert list(answer.json()["results"][3]["errors"]) == ["if_match"]
    decided = StatusChange.objects.filter(transition="confirm").order_by("pk")
    assert [change.unconditional for change in decided] == [False, True]


def test_the_items_are_described_by_what_a_single_one_is_described_by(officer: Client) -> None:
    schemas = officer.get("/api/v1/schema/?format=json").json()["components"]["schemas"]
    for many in ("ManyRegistrationsInputRequest", "ManyMovesInputRequest"):
        items = json.dumps(schemas[many]["properties"]["items"])
        named = re.findall(r"#/components/schemas/(\w+)", items)
        assert named
        assert set(named) <= schemas.keys()
