"""Another deadline over HTTP: it is proposed, and counts once a reviewer has accepted it."""

import pytest

from commitments.models import Commitment, DeadlineChange, DeadlineProposal
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as

pytestmark = pytest.mark.django_db
WINDOW = {"wording": "in 2027", "earliest": "2027-01-01", "latest": "2027-12-31"}


def test_a_deadline_is_agreed_anew() -> None:
    pledge, person = make.commitment(deadline_wording="soon"), make.user("officer")
    officer = client_as(person)
    body = {"deadline": WINDOW, "reason": "At the talks.", "occurred_on": "2025-06-01"}
    made = post(officer, address(pledge, "deadline-changes/"), body)
    assert made.status_code == 201
    told = made.json()
    assert told == {
        "number": None,
        "proposal": 1,
        "state": "proposed",
        "on": "2025-06-01",
        "old": {"wording": "soon"},
        "new": WINDOW,
        "reason": "At the talks.",
        "actor": person.username,
        "recorded_at": told["recorded_at"],
    }
    where = made["Location"]
    assert where == address(pledge, "deadline-changes/proposals/1/")
    assert officer.get(where).json() == told
    assert officer.get(address(pledge)).json()["deadline"] == {"wording": "soon"}
    reviewer = make.user("reviewer")
    decided = post(client_as(reviewer), f"{where}decision/", {"decision": "accepted", "note": "Read."})
    assert decided.status_code == 201
    assert (decided.json()["state"], decided.json()["number"]) == ("accepted", 1)
    decision = decided.json()["decision"]
    assert decision == {
        "state": "accepted",
        "note": "Read.",
        "change": 1,
        "actor": reviewer.username,
        "recorded_at": decision["recorded_at"],
    }
    now = officer.get(address(pledge)).json()
    assert now["deadline"] == WINDOW
    assert [each["decision"]["state"] for each in now["deadline_proposals"]] == ["accepted"]
    change = officer.get(address(pledge, "deadline-changes/1/")).json()
    assert (change["state"], change["proposal"], change["on"], change["actor"]) == (
        "accepted",
        1,
        "2025-06-01",
        reviewer.username,
    )
    for address_ in (where, address(pledge, "deadline-changes/1/")):
        assert officer.delete(address_, headers={"If-Match": "*"}).status_code == 405


def test_the_list_shows_every_state() -> None:
    pledge, officer, reviewer = make.commitment(), client_as("officer"), client_as("reviewer")
    where = address(pledge, "deadline-changes/")
    post(officer, where, {"deadline": {"wording": "soon"}, "reason": "x"})
    post(reviewer, f"{where}proposals/1/decision/", {"decision": "refused", "note": "Not agreed."})
    post(officer, where, {"deadline": {"wording": "in May"}, "reason": "x"})
    post(reviewer, f"{where}proposals/2/decision/", {"decision": "accepted"})
    post(officer, where, {"deadline": {"wording": "later"}, "reason": "x"})
    pledge.deadline_changes.create(number=2, new_wording="loaded", reason="x", occurred_on="2025-01-01")
    told = officer.get(where).json()
    assert told["count"] == 4
    assert [(each["number"], each["proposal"], each["state"]) for each in told["results"]] == [
        (1, 2, "accepted"),
        (2, None, "accepted"),
        (None, 1, "refused"),
        (None, 3, "proposed"),
    ]
    assert officer.get(f"{where}?page_size=3&page=2").json()["results"][0]["state"] == "proposed"


def test_refusals_of_a_decision_change_nothing() -> None:
    both = make.user("officer", "reviewer")
    pledge, proposer, reviewer = make.commitment(), client_as(both), client_as("reviewer")
    where = address(pledge, "deadline-changes/")
    post(proposer, where, {"deadline": {"wording": "soon"}, "reason": "x"})
    decision = f"{where}proposals/1/decision/"

    def statuses(client: object, body: dict, **more: str) -> int:
        return post(client, decision, body, **more).status_code

    accept = {"decision": "accepted"}
    assert statuses(client_as("officer"), accept) == 403
    assert statuses(client_as("officer"), {}) == 403
    assert statuses(client_as("focal_point"), accept) == 404
    assert statuses(proposer, accept) == 403
    assert statuses(reviewer, {"decision": "withdrawn"}) == 403
    assert statuses(reviewer, {"decision": "lapsed"}) == 400
    assert statuses(reviewer, {"decision": "refused"}) == 400
    assert post(reviewer, f"{where}proposals/2/decision/", accept).status_code == 404
    stale = reviewer.post(decision, accept, "application/json", headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    assert DeadlineProposal.objects.get().state == "proposed"
    etag = reviewer.get(address(pledge))["ETag"]
    read = reviewer.post(decision, accept, "application/json", headers={"If-Match": etag})
    assert read.status_code == 201
    assert statuses(reviewer, accept) == 409
    assert Commitment.objects.get(pk=pledge.pk).deadline_wording == "soon"


def test_a_decision_is_refused_once_the_window_moved() -> None:
    pledge, officer, reviewer = make.commitment(), client_as("officer"), client_as("reviewer")
    where = address(pledge, "deadline-changes/")
    for wording in ("soon", "in May"):
        post(officer, where, {"deadline": {"wording": wording}, "reason": "x"})
    first, second = (f"{where}proposals/{n}/decision/" for n in (1, 2))
    assert post(reviewer, second, {"decision": "accepted"}).status_code == 201
    assert post(reviewer, first, {"decision": "accepted"}).status_code == 409
    assert Commitment.objects.get(pk=pledge.pk).deadline_wording == "in May"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": "x"}, "deadline"),
        ({"deadline": WINDOW}, "reason"),
        ({"deadline": WINDOW, "reason": " "}, "reason"),
        ({"deadline": {**WINDOW, "latest": "2026-01-01"}, "reason": "x"}, "deadline.latest"),
        ({"deadline": {**WINDOW, "review_on": "2027-01-01"}, "reason": "x"}, "deadline.review_on"),
        ({"deadline": {**WINDOW, "wording": ""}, "reason": "x"}, "deadline.wording"),
        ({"deadline": {**WINDOW, "until": "x"}, "reason": "x"}, "deadline.until"),
        ({"deadline": {"wording": "soon"}, "reason": "x"}, "deadline.wording"),
        ({"deadline": WINDOW, "reason": "x", "occurred_on": "2999-01-01"}, "occurred_on"),
    ],
)
def test_a_deadline_that_does_not_fit_is_refused_at_its_field(body: dict, field: str) -> None:
    pledge = make.commitment(deadline_wording="soon")
    answer = post(client_as("officer"), address(pledge, "deadline-changes/"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not DeadlineChange.objects.exists()
    assert not DeadlineProposal.objects.exists()
