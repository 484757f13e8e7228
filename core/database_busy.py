"""A database that is locked, overloaded or restarting is told as 503: try again in a moment."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import psycopg
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_SECONDS = 5
"""What ``Retry-After`` says."""

_POSTGRES = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.AdminShutdown,
    psycopg.errors.CannotConnectNow,
    psycopg.errors.TooManyConnections,
)
_SQLITE = ("database is locked", "database table is locked", "database or disk is full", "disk i/o error")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: 503 with ``Retry-After`` where the database refused for a reason that passes.

    Errors of views and of middleware come through here alike.
    """
    error = sys.exception()
    if isinstance(error, OperationalError) and passes(error):
        return busy()
    return defaults.server_error(request)


def passes(error: OperationalError) -> bool:
    """Whether the same request may succeed a moment later."""
    cause = error.__cause__
    if isinstance(cause, psycopg.Error):
        lost = isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
        return lost or isinstance(cause, _POSTGRES)
    return any(words in str(error).lower() for words in _SQLITE)


@contextmanager
def hardly_waiting() -> Iterator[None]:
    """Let a statement outside of a transaction wait only a tenth of a second for the lock of SQLite.

    PostgreSQL locks rows, not the database, and needs nothing here.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 100")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def busy() -> HttpResponse:
    """The page, which asks nothing of the database."""
    answer = HttpResponse(render_to_string("503.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
