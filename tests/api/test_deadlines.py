"""Another deadline over HTTP: the old one stays on record."""

import pytest

from commitments.models import DeadlineChange
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
        "number": 1,
        "on": "2025-06-01",
        "old": {"wording": "soon"},
        "new": WINDOW,
        "reason": "At the talks.",
        "actor": person.username,
        "recorded_at": told["recorded_at"],
    }
    assert made["Location"] == address(pledge, "deadline-changes/1/")
    assert officer.get(address(pledge)).json()["deadline"] == WINDOW
    assert officer.delete(made["Location"], headers={"If-Match": "*"}).status_code == 405


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
