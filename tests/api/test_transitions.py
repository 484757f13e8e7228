"""Moves over HTTP: the same writer, the same refusals, in the same order."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.tokens import make_token
from commitments.models import Assignment, Commitment
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
LINK = [{"kind": "link", "title": "Minutes", "url": "https://example.org/minutes"}]


def post(client: Client, pledge: Commitment, **body):
    return client.post(
        f"/api/v1/commitments/{pledge.reference}/transitions/", body, content_type="application/json"
    )


def test_from_agreed_to_fulfilled_over_the_api() -> None:
    pledge = make.commitment()
    officer, reviewer = client_as("officer"), client_as("reviewer")
    started = post(officer, pledge, transition="start", note="Invitations sent.", occurred_on="2025-02-01")
    assert started.status_code == 201
    assert started.json()["status"] == "in_progress"
    assert started.json()["occurred_on"] == "2025-02-01"
    sent = post(officer, pledge, transition="submit", note="Held.", outcome="fulfilled", evidence=LINK)
    assert sent.status_code == 201
    assert sent.json()["available_transitions"] == ["withdraw"]
    assert [each["title"] for each in sent.json()["evidence"]] == ["Minutes"]
    assert post(reviewer, pledge, transition="confirm").json()["status"] == "fulfilled"
    history = officer.get(f"/api/v1/commitments/{pledge.reference}/transitions/").json()
    assert [row["transition"] for row in history["results"]] == ["register", "start", "submit", "confirm"]
    assert history["available_transitions"] == []


def test_refusals_are_problems_in_the_order_of_the_rules() -> None:
    pledge, hidden = make.commitment("dropped"), make.commitment(classification=3)
    officer, reader = client_as("officer"), client_as("reader")
    cases = [
        (officer, hidden, {"transition": "nonsense"}, 404),
        (reader, pledge, {"transition": "nonsense", "occurred_on": "no day"}, 400),
        (reader, pledge, {"transition": "reopen", "occurred_on": "no day"}, 403),
        (officer, pledge, {"transition": "start", "occurred_on": "no day", "unknown": 1}, 409),
        (officer, make.commitment(), {"transition": "start", "occurred_on": "no day", "note": "x"}, 400),
        (officer, make.commitment(), {}, 400),
        (officer, make.commitment(), {"transition": ["start"]}, 400),
        (officer, make.commitment(), {"transition": "record", "note": "x"}, 400),
    ]
    for client, target, body, status in cases:
        answer = post(client, target, **body)
        assert answer.status_code == status, body
        assert answer["Content-Type"] == "application/problem+json"
        assert {"type", "title", "detail", "errors"} <= set(answer.json())
    conflict = post(officer, pledge, transition="start", note="x").json()
    assert (conflict["current_status"], conflict["available_transitions"]) == ("dropped", [])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"note": ""}, "note"),
        ({"note": "x", "occurred_on": "2999-01-01"}, "occurred_on"),
        ({"note": "x", "occurred_on": "2001-01-01"}, "occurred_on"),
        ({"note": "x", "occurred_on": "31/12/2025"}, "occurred_on"),
        ({"note": "x", "nota": "y"}, "nota"),
        ({"note": "x", "outcome": "agreed"}, "outcome"),
        ({"note": "x", "successor": "KHVN-1999-001"}, "successor"),
        ({"note": "x", "evidence": [{"kind": "link", "title": "A"}]}, "evidence.0.url"),
        (
            {"note": "x", "evidence": [{"kind": "link", "title": "A", "url": "javascript:alert(1)"}]},
            "evidence.0.url",
        ),
        ({"note": "x\x00y"}, "note"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(body: dict, field: str) -> None:
    pledge = make.commitment()
    answer = post(client_as("officer"), pledge, transition="start", **body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert pledge.status_changes.count() == 1


def test_an_invisible_successor_is_as_unknown_as_one_that_is_not_there() -> None:
    secret = make.commitment(classification=3)
    answer = post(
        client_as("officer"),
        make.commitment(),
        transition="submit",
        note="x",
        outcome="superseded",
        successor=secret.reference,
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["successor"])


def test_a_program_signs_in_with_a_token_within_its_scope() -> None:
    pledge, officer = make.commitment(), make.user("officer")
    url = f"/api/v1/commitments/{pledge.reference}/transitions/"
    body = {"transition": "start", "note": "x"}
    _read, reading = make_token(owner=officer, name="Dashboard", scope="read", days=30)
    token, writing = make_token(owner=officer, name="Records", scope="write", days=30)

    def call(method: str, key: str):
        headers = {"Authorization": f"Bearer {key}"}
        return getattr(Client(), method)(
            url, body if method == "post" else None, content_type="application/json", headers=headers
        )

    assert Client().get(url).status_code == 401
    assert call("get", "wrong").status_code == 401
    assert call("get", reading).status_code == 200
    assert call("post", reading).status_code == 403
    assert call("post", writing).status_code == 201
    token.revoked_at = token.created_at
    token.save()
    assert call("get", writing).status_code == 401


def test_a_session_needs_the_csrf_token() -> None:
    client = client_as("officer", client=Client(enforce_csrf_checks=True))
    answer = post(client, make.commitment(), transition="start", note="x")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


def test_one_move_takes_so_many_pieces_of_evidence_and_no_more() -> None:
    pledge = make.commitment()
    answer = post(
        client_as("officer"),
        pledge,
        transition="submit",
        note="x",
        outcome="fulfilled",
        evidence=LINK * 21,
    )
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"evidence"})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        # Sign-in, count of requests, roles; the transaction's two ends; the row, its history, two writes.
        ({}, 9),
        # The old keys; the row of this one, made and read; the work's own two ends; what the answer names and
        # the answer are kept.
        ({"Idempotency-Key": "move-{}"}, 9 + 9),
        # The state that stands.
        ({"If-Match": "*"}, 9 + 1),
    ],
)
def test_a_move_asks_the_database_for_no_more_than_it_needs(headers: dict[str, str], expected: int) -> None:
    me = make.user("officer")
    _token, key = make_token(owner=me, name="Program", scope="write", days=1)
    program = Client(headers={"Authorization": f"Bearer {key}"})
    taken = []
    for n in range(2):
        address = f"/api/v1/commitments/{make.commitment().reference}/transitions/"
        body = {"transition": "start", "note": "Begun."}
        given = {name: value.format(n) for name, value in headers.items()}
        with CaptureQueriesContext(connection) as captured:
            sent = program.post(address, body, "application/json", headers=given)
        assert sent.status_code == 201
        taken.append(len(captured))
    assert taken == [expected, expected]


def test_a_focal_point_moves_what_its_agency_is_charged_with_and_sees_what_it_may_do_next() -> None:
    mine = make.agency()
    me = make.user("focal_point", agency=mine)
    pledge, other = make.commitment(), make.commitment()
    Assignment.objects.create(commitment=pledge, agency=mine)
    Assignment.objects.create(commitment=other, agency=make.agency("vn-moit"))
    done = post(client_as(me), pledge, transition="start", note="Begun.")
    assert (done.status_code, done.json()["available_transitions"]) == (201, ["stall", "submit", "correct"])
    assert post(client_as(me), other, transition="start", note="Begun.").status_code == 404
    both = make.user("focal_point", "reader", agency=mine)
    assert post(client_as(both), other, transition="start", note="Begun.").status_code == 403
    conflict = post(client_as(both), pledge, transition="start", note="Begun.")
    assert (conflict.status_code, conflict.json()["available_transitions"]) == (409, ["stall", "submit"])


def test_a_decision_is_bound_to_the_state_that_was_read() -> None:
    officer, reviewer, pledge = make.user("officer"), client_as("reviewer"), make.commitment()
    where = f"/api/v1/commitments/{pledge.reference}/"

    def submit() -> str:
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
        return reviewer.get(where)["ETag"]

    def send_back(**headers: str):
        body = {"transition": "return", "note": "x"}
        return reviewer.post(f"{where}transitions/", body, "application/json", headers=headers)

    read = submit()
    add_evidence(commitment=pledge, actor=officer, title="Minutes", url="https://example.org/m")
    assert send_back(if_match=read).status_code == 412
    current = send_back(if_match=reviewer.get(where)["ETag"])
    assert (current.status_code, current.json()["unconditional"]) == (201, False)
    for header in ({}, {"if_match": "*"}):
        submit()
        answer = send_back(**header)
        assert (answer.status_code, answer.json()["unconditional"]) == (201, True)
    history = reviewer.get(f"{where}transitions/").json()["results"]
    assert [row["unconditional"] for row in history if row["transition"] == "return"] == [False, True, True]
    written = reviewer.get(where).json()["status_history"]
    assert [row.get("unconditional") for row in written if row.get("transition") == "return"] == [
        None,
        True,
        True,
    ]


def test_what_cannot_be_read_is_refused_in_its_turn() -> None:
    pledge, hidden = make.commitment(), make.commitment(classification=3)
    officer = client_as("officer")

    def send(target: Commitment, content_type: str = "application/json", **headers: str) -> int:
        address = f"/api/v1/commitments/{target.reference}/transitions/"
        return officer.post(address, "{", content_type, headers=headers).status_code

    assert (send(hidden), send(hidden, "text/plain")) == (404, 404)
    assert (send(pledge, **{"If-Match": '"old"'}), send(pledge, **{"If-Match": "*"})) == (412, 400)
    assert (send(pledge), send(pledge, "text/plain")) == (400, 415)
    assert pledge.status_changes.count() == 1
