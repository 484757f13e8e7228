"""Measuring: everything in turn, round after round, so that a busy moment of the machine meets all alike."""

import gc
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from bench.accounts import name_of
from bench.databases import reading


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. ``{round}`` in the path is the number of the round, so that no answer is asked twice."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(slots=True)
class Thing:
    """What is measured: requests that somebody in one role makes of one database, one after the other.

    A header's value may be ``{ETag}``: the tag that the same address answered first.
    """

    name: str
    asks: tuple[Ask, ...]
    alias: str = "default"
    role: Role = Role.OFFICER
    seconds: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.seconds) * 1000

    @property
    def spread(self) -> tuple[float, float]:
        """The quarters below and above the median, in milliseconds."""
        if len(self.seconds) < 2:
            return self.median, self.median
        below, _middle, above = statistics.quantiles(self.seconds, n=4)
        return below * 1000, above * 1000


class Desk:
    """Somebody who is signed in to one database."""

    def __init__(self, alias: str, role: Role) -> None:
        self.client = Client()
        self.tags: dict[str, str] = {}
        with reading(alias):
            self.client.force_login(User.objects.get(username=name_of(role)))

    def ask(self, thing: Thing, number: int) -> float:
        """How long the answers took, in seconds."""
        prepared = [(each, each.path.format(round=number), self._headers(each)) for each in thing.asks]
        size, begun = 0, time.perf_counter()
        for each, path, headers in prepared:
            answer = self.client.get(path, headers=headers, secure=True)
            content = answer.getvalue()
            if answer.status_code != each.status:
                raise RuntimeError(f"{path} answers {answer.status_code}: {content[:300]!r}")
            size += len(content)
        taken = time.perf_counter() - begun
        thing.kilobytes = size / 1000
        return taken

    def _headers(self, ask: Ask) -> dict[str, str]:
        if "{ETag}" in ask.headers.values() and ask.path not in self.tags:
            self.tags[ask.path] = self.client.get(ask.path, secure=True).headers["ETag"]
        return {name: value.format(ETag=self.tags.get(ask.path, "")) for name, value in ask.headers.items()}


def measure(things: Iterable[Thing], rounds: int) -> Iterator[int]:
    """Fill in the seconds of every thing; yields after each round."""
    things = list(things)
    desks = {(thing.alias, thing.role): Desk(thing.alias, thing.role) for thing in things}
    for thing in things:
        with reading(thing.alias):
            desk = desks[thing.alias, thing.role]
            desk.ask(thing, rounds + 1)
            with CaptureQueriesContext(connection) as captured:
                desk.ask(thing, rounds + 2)
            thing.queries = len(captured)
    # What is there for good is not looked through again, and nothing pays for the garbage of what was before it.
    gc.freeze()
    for number in range(1, rounds + 1):
        for thing in things:
            gc.collect()
            with reading(thing.alias):
                thing.seconds.append(desks[thing.alias, thing.role].ask(thing, number))
        yield number


def address(path: str, **parameters: str) -> str:
    """``path`` with its parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
