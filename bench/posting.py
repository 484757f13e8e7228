"""Measures status changes over eight connections, and a plain POST, with a real server on a copy of a register."""

import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import cycle

from django.db import connections
from django.utils import timezone
from psycopg import sql

from accounts.choices import Role
from accounts.models import ApiToken, User
from bench.accounts import username_for
from bench.databases import server, using
from bench.settings import BASE_DIR, DATABASES, SIZES, WRITTEN
from commitments.choices import Status
from commitments.models import Commitment

CONNECTIONS, EACH, ROUNDS = 8, 25, 6
HEADERS = {"Host": "testserver", "X-Forwarded-Proto": "https", "Content-Type": "application/json"}
TRANSITIONS = ("start", "stall")
"""They can be made in turn without end."""


@dataclass(frozen=True, slots=True)
class PostingResult:
    """Requests a second in each round: status changes, and plain requests of the peer."""

    changes: list[float]
    plain: list[float]

    @property
    def ratio(self) -> float:
        """The number of status changes for each plain request."""
        return statistics.median(self.changes) / statistics.median(self.plain)


@cache
def _port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def measure_posting() -> PostingResult:
    """Measure both in turn."""
    with _copy(), using(WRITTEN):
        officer = User.objects.get(username=username_for(Role.OFFICER))
        keys = [_token(officer, n) for n in range(CONNECTIONS)]
        agreed = Commitment.objects.filter(status=Status.AGREED, classification=0)
        references = list(agreed.values_list("reference", flat=True)[: CONNECTIONS * EACH])
        connections[WRITTEN].close()
        with _served():
            return _in_turn(keys, references)


def _in_turn(keys: list[str], references: list[str]) -> PostingResult:
    shares = [references[n::CONNECTIONS] for n in range(CONNECTIONS)]
    result = PostingResult([], [])
    for _round, transition in zip(range(ROUNDS), cycle(TRANSITIONS), strict=False):
        body = json.dumps({"transition": transition, "note": "measured"})
        result.changes.append(
            _rate(keys, shares, lambda each: f"/api/v1/commitments/{each}/transitions/", body)
        )
        result.plain.append(_rate(keys, shares, lambda each: f"/bench/api/post/{each}/", body))
    return result


def _rate(keys: list[str], shares: list[list[str]], address: Callable[[str], str], body: str) -> float:
    """Requests a second, over as many connections as there are shares."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(shares)) as pool:
        done = list(pool.map(lambda key, share: _post(key, map(address, share), body), keys, shares))
    return sum(done) / (time.perf_counter() - start)


def _post(key: str, paths: Iterator[str], body: str) -> int:
    connection, done = http.client.HTTPConnection("127.0.0.1", _port(), timeout=60), 0
    for path in paths:
        connection.request("POST", path, body, {**HEADERS, "Authorization": f"Bearer {key}"})
        response = connection.getresponse()
        content = response.read()
        if response.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"{path} answers {response.status}: {content[:300]!r}")
        done += 1
    connection.close()
    return done


def _token(owner: User, n: int) -> str:
    key = secrets.token_urlsafe(30)
    ApiToken.objects.create(
        owner=owner,
        name=f"bench {n}",
        scope=ApiToken.Scope.WRITE,
        digest=ApiToken.digest_of(key),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return key


@contextmanager
def _copy() -> Iterator[None]:
    """A copy of the smallest register, dropped afterwards, so that no other task sees what is written here."""
    alias = min(SIZES, key=SIZES.__getitem__)
    source, name = (sql.Identifier(DATABASES[each]["NAME"]) for each in (alias, WRITTEN))
    connections[alias].close()
    with server() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, source))
    try:
        yield
    finally:
        connections[WRITTEN].close()
        with server() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def _served() -> Iterator[None]:
    """The site on the copy, served as in production: two workers of four threads."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--log-level", "warning"]
    command += ["--no-control-socket", "--bind", f"127.0.0.1:{_port()}", "config.wsgi"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env={**os.environ, "BENCH_SERVES": WRITTEN})  # noqa: S603
    try:
        _wait()
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait() -> None:
    for _attempt in range(100):
        time.sleep(0.2)
        connection = http.client.HTTPConnection("127.0.0.1", _port(), timeout=10)
        try:
            connection.request("GET", "/health/live", headers=HEADERS)
            connection.getresponse().read()
        except OSError:
            continue
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("The server does not answer.")
