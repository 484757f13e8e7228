"""Many at once from several programs at the same moment: nobody waits in a circle. PostgreSQL only."""

from itertools import count
from typing import Any

import pytest
from django.db import connection

from commitments.models import Commitment
from relations.models import MeetingSource
from tests import factories as make
from tests.api.conftest import post
from tests.clients import client_as
from tests.commitments.services.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")


def test_registering_in_crossed_orders_leaves_no_gap() -> None:
    meeting, note = make.meeting(slug="talks"), make.source(slug="note")
    MeetingSource.objects.create(meeting=meeting, source=note)
    make.theme("border")
    for code in ("KH", "VN", "LA"):
        make.country(code)

    def pledge(other: str) -> dict[str, Any]:
        return {
            "title": "Markers",
            "text": "To place them.",
            "nature": "cooperation",
            "theme": "border",
            "parties": ["VN", other],
            "obligated": ["VN"],
            "mention": {"meeting": "talks", "source": "note", "paragraph": 1},
            "occurred_on": "2025-01-16",
            "note": "Said at the talks.",
        }

    # A number in each title, so that none looks like a copy of another.
    number = count(1)

    def items(others: list[str]) -> list[dict[str, Any]]:
        return [{**pledge(other), "title": f"Markers {next(number)}"} for other in others]

    there = ["KH"] * 8 + ["LA"] * 8
    clients = [client_as("officer") for _ in range(4)]
    answers = at_once(
        *(
            lambda client=client, sent=sent: post(client, "/api/v1/bulk/commitments/", {"items": sent})
            for client, sent in zip(clients, map(items, (there, there[::-1]) * 2), strict=True)
        )
    )
    assert [answer.json()["done"] for answer in answers] == [16] * 4
    for prefix in ("KHVN", "LAVN"):
        serials = Commitment.objects.filter(prefix=prefix).values_list("serial", flat=True)
        assert sorted(serials) == list(range(1, 33))


def test_moving_the_same_ones_in_crossed_orders_moves_each_once() -> None:
    references = [make.commitment().reference for _ in range(12)]
    clients = [client_as("officer") for _ in range(4)]

    def send(client: Any, order: list[str]) -> Any:
        items = [{"reference": each, "transition": "start", "note": "Begun."} for each in order]
        return post(client, "/api/v1/bulk/transitions/", {"items": items})

    answers = at_once(
        *(
            lambda client=client, order=order: send(client, order)
            for client, order in zip(clients, (references, references[::-1]) * 2, strict=True)
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sum(answer.json()["done"] for answer in answers) == 12
    refused = {each["status"] for answer in answers for each in answer.json()["results"]}
    assert refused == {201, 409}
