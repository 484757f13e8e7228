"""Measures all tasks in turn, round after round, so that a busy moment of the machine affects all alike."""

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
from bench.accounts import username_for
from bench.databases import using


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """One request. ``{round}`` in the path is the number of the round, so that no page is requested twice."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(slots=True)
class Task:
    """A task to measure: requests of one role to one database, one after the other.

    The value of a header may be ``{ETag}``: the ETag of the first answer of the same path.
    """

    name: str
    requests: tuple[RequestSpec, ...]
    alias: str = "default"
    role: Role = Role.OFFICER
    seconds: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0

    @property
    def median(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.seconds) * 1000

    @property
    def spread(self) -> tuple[float, float]:
        """The lower and the upper quartile, in milliseconds."""
        if len(self.seconds) < 2:
            return self.median, self.median
        lower, _middle, upper = statistics.quantiles(self.seconds, n=4)
        return lower * 1000, upper * 1000


class SignedInClient:
    """A test client of one role, signed in to one database."""

    def __init__(self, alias: str, role: Role) -> None:
        self.client = Client()
        self.tags: dict[str, str] = {}
        with using(alias):
            self.client.force_login(User.objects.get(username=username_for(role)))

    def run(self, task: Task, number: int) -> float:
        """Send the requests of ``task``; return how long they took, in seconds."""
        prepared = [(each, each.path.format(round=number), self._headers(each)) for each in task.requests]
        size, start = 0, time.perf_counter()
        for each, path, headers in prepared:
            response = self.client.get(path, headers=headers, secure=True)
            content = response.getvalue()
            if response.status_code != each.status:
                raise RuntimeError(f"{path} answers {response.status_code}: {content[:300]!r}")
            size += len(content)
        taken = time.perf_counter() - start
        task.kilobytes = size / 1000
        return taken

    def _headers(self, request: RequestSpec) -> dict[str, str]:
        if "{ETag}" in request.headers.values() and request.path not in self.tags:
            self.tags[request.path] = self.client.get(request.path, secure=True).headers["ETag"]
        return {
            name: value.format(ETag=self.tags.get(request.path, ""))
            for name, value in request.headers.items()
        }


def measure(tasks: Iterable[Task], rounds: int) -> Iterator[int]:
    """Fill in the seconds of every task; yield the number of each round that is done."""
    tasks = list(tasks)
    clients = {(task.alias, task.role): SignedInClient(task.alias, task.role) for task in tasks}
    for task in tasks:
        with using(task.alias):
            client = clients[task.alias, task.role]
            client.run(task, rounds + 1)
            with CaptureQueriesContext(connection) as captured:
                client.run(task, rounds + 2)
            task.queries = len(captured)
    # Freeze what stays in memory, and collect garbage before each task, so that no task pays for another one.
    gc.freeze()
    for number in range(1, rounds + 1):
        for task in tasks:
            gc.collect()
            with using(task.alias):
                task.seconds.append(clients[task.alias, task.role].run(task, number))
        yield number


def url(path: str, **parameters: str) -> str:
    """``path`` with ``parameters`` as its query."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
