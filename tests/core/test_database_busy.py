"""A database that refuses for a reason that passes: 503 and when to come again, on pages and in the API."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test import Client

from accounts.services.tokens import make_token
from commitments.models import Commitment
from core.database_busy import passes
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db
LOCKED = sqlite3.OperationalError("database is locked")
REFUSALS = {
    "sqlite locked": LOCKED,
    "sqlite full": sqlite3.OperationalError("database or disk is full"),
    "lock timeout": psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
    "statement timeout": psycopg.errors.QueryCanceled("canceling statement due to statement timeout"),
    "restart": psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    "connection lost": psycopg.OperationalError("server closed the connection unexpectedly"),
}
FAULTS = {
    "no such table": sqlite3.OperationalError("no such table: x"),
    "undefined table": psycopg.errors.UndefinedTable("relation does not exist"),
}


def refusing(cause: Exception) -> Callable[..., Any]:
    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError(str(cause)) from cause

    return refuse


@pytest.fixture
def client() -> Client:
    browser = client_as("officer")
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("path", ["/commitments/", "/api/v1/commitments/"])
def test_what_passes_is_503_and_says_when(
    path: str, name: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(Commitment.objects.all()), "visible_to", refusing(REFUSALS[name]))
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "may" in answer.content.decode()
    if path.startswith("/api/"):
        assert answer["Content-Type"] == "application/problem+json"
        assert "Idempotency-Key" in answer.json()["detail"]


def test_a_refusal_in_a_middleware_is_told_alike(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "load", refusing(LOCKED))
    answer = client.get("/commitments/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_ours_stays_500(name: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(Commitment.objects.all()), "visible_to", refusing(FAULTS[name]))
    answer = client.get("/commitments/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_an_api_fault_does_not_claim_that_nothing_was_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(Commitment.objects.all()), "visible_to", refusing(FAULTS["no such table"]))
    answer = client.get("/api/v1/commitments/")
    assert answer.status_code == 500
    assert "may have been written" in answer.json()["detail"]


def test_what_passes_is_told_from_what_does_not() -> None:
    def error(cause: Exception) -> OperationalError:
        try:
            refusing(cause)()
        except OperationalError as raised:
            return raised
        raise AssertionError

    assert all(passes(error(cause)) for cause in REFUSALS.values())
    assert not any(passes(error(cause)) for cause in FAULTS.values())


@pytest.mark.django_db(transaction=True)
def test_a_long_write_refuses_no_request_that_only_reads_by_token() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows: a long write does not lock the row of a token")
    _token, key = make_token(owner=make.user("officer"), name="Script", scope="write", days=1)
    headers = {"Authorization": f"Token {key}"}
    assert Client().get("/api/v1/commitments/", headers=headers).status_code == 200
    writer = sqlite3.connect(connection.settings_dict["NAME"])
    with closing(writer):
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert Client().get("/api/v1/commitments/", headers=headers).status_code == 200
        assert time.monotonic() - began < 5
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] > 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["page", "api"])
def test_who_writes_during_a_long_write_is_told_when_to_try_again(door: str) -> None:
    """As while a large register is loaded. On PostgreSQL the load locks rows (``test_load_at_once``)."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows: only what the load changes has to wait")
    pledge, browser = make.commitment(), client_as("officer")
    browser.raise_request_exception = False
    api, page = (
        f"/api/v1/commitments/{pledge.reference}/progress/",
        f"/commitments/{pledge.reference}/progress/",
    )
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as loading:
        loading.execute("BEGIN IMMEDIATE")
        sent: Any = {"achieved": "Half."}
        if door == "api":
            answer = browser.post(api, sent, content_type="application/json")
        else:
            answer = browser.post(page, sent)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        loading.rollback()
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")
    assert not pledge.progress_updates.exists()
    assert browser.post(api, sent, content_type="application/json").status_code == 201
