"""The examples of the OpenAPI document, sent as they stand there."""

import pytest

from api.examples import CHANGE, REGISTRATION, START, SUBMIT
from tests.clients import client_as

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]
KIND = "application/json"


def test_every_example_does_what_it_says() -> None:
    client = client_as("officer")
    made = client.post("/api/v1/commitments/", REGISTRATION.value, KIND)
    assert made.status_code == 201, made.content
    address = made.headers["Location"]
    changed = client.patch(address, CHANGE.value, KIND, headers={"If-Match": made.headers["ETag"]})
    assert changed.status_code == 200, changed.content
    for move, status in ((START, "in_progress"), (SUBMIT, "under_review")):
        moved = client.post(f"{address}transitions/", move.value, KIND)
        assert (moved.status_code, moved.json()["status"]) == (201, status), moved.content
