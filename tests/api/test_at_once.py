"""What only shows when programs act at the same moment: real threads, real transactions, PostgreSQL."""

import itertools
import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from commitments.models import Commitment, ProgressUpdate, StatusChange
from commitments.services.transitions import replay
from commitments.workflow import TransitionName
from tests import factories as make
from tests.clients import client_as
from tests.commitments.services.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CLIENTS, ACTS, COMMITMENTS = 16, 2_000, 50
MOST_TRIES = 60
MOVES: dict[str, dict[str, Any]] = {
    "start": {"note": "Begun."},
    "stall": {"note": "No money."},
    "submit": {"note": "To be dropped.", "outcome": "dropped"},
    "confirm": {},
    "return": {"note": "Not yet."},
    "reopen": {"note": "Again."},
}


@pytest.fixture(autouse=True)
def _only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")


def test_of_two_with_one_key_one_is_carried_out() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    clients = [client_as(officer) for _ in range(8)]
    address = f"/api/v1/commitments/{pledge.reference}/transitions/"

    def send(client: Client) -> Any:
        return client.post(
            address,
            {"transition": "start", "note": "Begun."},
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )

    answers = at_once(*(lambda client=client: send(client) for client in clients))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False] + [True] * 7
    assert pledge.status_changes.count() == 2


class Program:
    """One program that acts at random on the same commitments as all others, and tries again when it must."""

    def __init__(self, user: Any, references: list[str], seed: int, left: Any) -> None:
        self.client, self.references, self.left = client_as(user), references, left
        self.chance = random.Random(seed)  # noqa: S311  (chance, not secrecy)
        self.name = f"{user.username}-{seed}"
        self.done: Counter[str] = Counter()
        self.patched: list[tuple[str, str]] = []

    def run(self) -> "Program":
        """Act until nothing is left to do."""
        for number in self.left:
            getattr(self, self.chance.choice(("move", "move", "note", "patch")))(number)
        return self

    def post(self, path: str, body: dict[str, Any], number: int) -> Any:
        """Send it, and as if the answer had been lost, now and then the same once more."""
        headers = {"Idempotency-Key": f"{self.name}-{number}"}
        address = f"/api/v1/commitments/{path}"
        answer = self.client.post(address, body, content_type="application/json", headers=headers)
        if self.chance.random() < 0.25:
            again = self.client.post(address, body, content_type="application/json", headers=headers)
            assert (again.status_code, again.json()) == (answer.status_code, answer.json())
        return answer

    def move(self, number: int) -> None:
        reference, name = self.chance.choice(self.references), self.chance.choice(list(MOVES))
        body = {"transition": name, **MOVES[name]}
        answer = self.post(f"{reference}/transitions/", body, number)
        assert answer.status_code in (201, 400, 403, 409), answer.content
        self.done[f"move {answer.status_code == 201}"] += 1

    def note(self, number: int) -> None:
        reference = self.chance.choice(self.references)
        body = {"achieved": f"{self.name} {number}"}
        answer = self.post(f"{reference}/progress/", body, number)
        assert answer.status_code == 201, answer.content
        self.done["note"] += 1

    def patch(self, number: int) -> None:
        """Add a line to the remarks: a change that rests on what was read, tried until nobody interferes."""
        reference, line = self.chance.choice(self.references), f"{self.name} {number}"
        address = f"/api/v1/commitments/{reference}/"
        for _ in range(MOST_TRIES):
            read = self.client.get(address)
            answer = self.client.patch(
                address,
                {"remarks": f"{read.json()['remarks']}\n{line}".strip()},
                content_type="application/json",
                headers={"If-Match": read.headers["ETag"]},
            )
            if answer.status_code == 200:
                self.done["patch"] += 1
                self.patched.append((reference, line))
                return
            assert answer.status_code == 412, answer.content
            self.done["tried again"] += 1
        raise AssertionError(f"{reference} was changed before each of {MOST_TRIES} tries")


def test_sixteen_programs_at_once_lose_nothing_and_double_nothing() -> None:
    references = [make.commitment().reference for _ in range(COMMITMENTS)]
    users = [make.user("officer", "reviewer") for _ in range(4)]
    lock, count = threading.Lock(), itertools.count()

    def left() -> Any:
        while True:
            with lock:
                number = next(count)
            if number >= ACTS:
                return
            yield number

    programs = [Program(users[n % 4], references, n, left()) for n in range(CLIENTS)]
    finished = at_once(*(program.run for program in programs))
    assert [each for each in finished if not isinstance(each, Program)] == []
    done = sum((program.done for program in programs), Counter())
    assert sum(done[what] for what in ("move True", "move False", "note", "patch")) == ACTS
    assert min(done["move True"], done["note"], done["patch"]) > 100

    assert StatusChange.objects.exclude(transition=TransitionName.REGISTER).count() == done["move True"]
    assert ProgressUpdate.objects.count() == done["note"]
    assert ProgressUpdate.objects.values("achieved").distinct().count() == done["note"]
    for commitment in Commitment.objects.all():
        changes = list(commitment.status_changes.order_by("number"))
        assert [change.number for change in changes] == list(range(1, len(changes) + 1))
        assert replay(changes) == commitment.status
        assert all(b.from_status == a.to_status for a, b in itertools.pairwise(changes))
        lines = commitment.remarks.splitlines()
        mine = [line for program in programs for ref, line in program.patched if ref == commitment.reference]
        assert sorted(lines) == sorted(mine)
