"""Moves over eight connections at once, beside the least that a move can be; on a copy of a register, by a real server."""

import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from django.db import connections
from django.utils import timezone
from psycopg import sql

from accounts.choices import Role
from accounts.models import ApiToken, User
from bench.accounts import name_of
from bench.databases import reading, server
from bench.settings import BASE_DIR, DATABASES, SIZES, WRITTEN
from commitments.choices import Status
from commitments.models import Commitment

CONNECTIONS, EACH, ROUNDS, PORT = 8, 25, 6, 8099
HEADERS = {"Host": "testserver", "X-Forwarded-Proto": "https", "Content-Type": "application/json"}
MOVES = ("start", "stall")
"""Made in turn, for as long as one likes."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Requests a second, round by round: moves of ours, and the plain peer's."""

    moves: list[float]
    plain: list[float]

    @property
    def ratio(self) -> float:
        """How many moves there are to one plain request."""
        return statistics.median(self.moves) / statistics.median(self.plain)


def posted() -> Posted:
    """Measure both in turn."""
    with _copy(), reading(WRITTEN):
        officer = User.objects.get(username=name_of(Role.OFFICER))
        keys = [_token(officer, n) for n in range(CONNECTIONS)]
        agreed = Commitment.objects.filter(status=Status.AGREED, classification=0)
        references = list(agreed.values_list("reference", flat=True)[: CONNECTIONS * EACH])
        connections[WRITTEN].close()
        with _served():
            return _in_turn(keys, references)


def _in_turn(keys: list[str], references: list[str]) -> Posted:
    shares = [references[n::CONNECTIONS] for n in range(CONNECTIONS)]
    found = Posted([], [])
    for _round, move in zip(range(ROUNDS), cycle(MOVES), strict=False):
        body = json.dumps({"transition": move, "note": "measured"})
        found.moves.append(_rate(keys, shares, lambda each: f"/api/v1/commitments/{each}/transitions/", body))
        found.plain.append(_rate(keys, shares, lambda each: f"/bench/api/post/{each}/", body))
    return found


def _rate(keys: list[str], shares: list[list[str]], address: Callable[[str], str], body: str) -> float:
    """Requests a second, over as many connections as there are shares."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(shares)) as pool:
        done = list(pool.map(lambda key, share: _post(key, map(address, share), body), keys, shares))
    return sum(done) / (time.perf_counter() - begun)


def _post(key: str, paths: Iterator[str], body: str) -> int:
    line, done = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60), 0
    for path in paths:
        line.request("POST", path, body, {**HEADERS, "Authorization": f"Bearer {key}"})
        answer = line.getresponse()
        content = answer.read()
        if answer.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"{path} answers {answer.status}: {content[:300]!r}")
        done += 1
    line.close()
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
    """A copy of the smallest register, which is gone afterwards: what is written here is measured nowhere else."""
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
    command += ["--no-control-socket", "--bind", f"127.0.0.1:{PORT}", "config.wsgi"]
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
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
        try:
            line.request("GET", "/health/live", headers=HEADERS)
            line.getresponse().read()
        except OSError:
            continue
        else:
            return
        finally:
            line.close()
    raise RuntimeError("The server does not answer.")
