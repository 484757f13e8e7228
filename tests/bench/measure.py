"""Measuring: everything in turn, round after round, so that a busy moment of the machine meets all alike."""

import gc
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from tests.bench.databases import reading


@dataclass(slots=True)
class Thing:
    """One address, asked of one database by somebody in one role; ``rows_only`` asks as htmx does."""

    name: str
    path: str
    alias: str = "default"
    role: Role = Role.REVIEWER
    rows_only: bool = False
    seconds: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.seconds) * 1000


class Desk:
    """Somebody who is signed in to one database."""

    def __init__(self, alias: str, role: Role) -> None:
        self.client = Client()
        with reading(alias):
            self.client.force_login(User.objects.get(username=f"bench-{role}"))

    def ask(self, thing: Thing) -> float:
        """How long the answer took, in seconds."""
        headers = {"HX-Request": "true", "HX-Target": "results"} if thing.rows_only else {}
        begun = time.perf_counter()
        answer = self.client.get(thing.path, headers=headers, secure=True)
        content = answer.content
        taken = time.perf_counter() - begun
        if answer.status_code != 200:
            raise RuntimeError(f"{thing.path} answers {answer.status_code}: {content[:300]!r}")
        thing.kilobytes = len(content) / 1000
        return taken


def measure(things: Iterable[Thing], rounds: int) -> Iterator[int]:
    """Fill in the seconds of every thing; yields after each round."""
    things = list(things)
    desks = {(thing.alias, thing.role): Desk(thing.alias, thing.role) for thing in things}
    for thing in things:
        with reading(thing.alias):
            desk = desks[thing.alias, thing.role]
            desk.ask(thing)
            with CaptureQueriesContext(connection) as captured:
                desk.ask(thing)
            thing.queries = len(captured)
    for number in range(1, rounds + 1):
        gc.collect()
        for thing in things:
            with reading(thing.alias):
                thing.seconds.append(desks[thing.alias, thing.role].ask(thing))
        yield number


def address(path: str, **parameters: str) -> str:
    """``path`` with its parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
