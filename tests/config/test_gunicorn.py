"""gunicorn with the shipped configuration: clients that send too much, too little or read too slowly."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.conf import settings

from commitments.models import Commitment
from tests import factories as make
from tests.clients import client_as
from tests.servers import database_url

ROOT = Path(__file__).resolve().parents[2]
READ_SECONDS = 1
CONFIGURATION = f"""
from config import gunicorn as shipped
shipped.READ_SECONDS = {READ_SECONDS}
from config.gunicorn import *
"""
"""The shipped file with one change: a test cannot wait ten seconds."""


@pytest.fixture
def port(tmp_path: Path, transactional_db: None) -> Iterator[int]:
    """The port of a gunicorn with one worker, on the database of the test."""
    path = tmp_path / "configuration.py"
    path.write_text(CONFIGURATION)
    command = [sys.executable, "-m", "gunicorn", "--config", str(path), "--bind=127.0.0.1:0", "config.wsgi"]
    environment = os.environ | {"DATABASE_URL": database_url(), "WEB_CONCURRENCY": "1"}
    environment |= {"SECRET_KEY": settings.SECRET_KEY, "ALLOWED_HOSTS": "localhost"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert server.stdout is not None
    lines = (line for line in server.stdout if "is running at" in line)
    try:
        yield int(next(lines).split(" (")[0].rsplit(":", 1)[1])
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


def send(port: int, text: str) -> socket.socket:
    connected = socket.create_connection(("127.0.0.1", port), timeout=20)
    connected.sendall(text.replace("\n", "\r\n").encode())
    return connected


def read(connected: socket.socket) -> str:
    """The whole answer, until the server closes the connection."""
    with closing(connected):
        return b"".join(iter(lambda: connected.recv(1 << 16), b"")).decode()


def test_half_sent_requests_stop_nobody_and_are_closed(port: int) -> None:
    ask = "GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n"
    with ExitStack() as stack:
        half_sent = [stack.enter_context(send(port, "GET / HTTP/1.1\nHost: lo")) for _each in range(24)]
        assert "200 OK" in read(send(port, ask))
        assert [each.recv(1) for each in half_sent] == [b""] * 24
        # The server waits a moment for each of them to close its end, but not in the loop that accepts.
        connected = send(port, ask)
        connected.settimeout(10)
        assert "200 OK" in read(connected)


def test_after_a_large_body_that_was_refused_the_connection_ends(port: int) -> None:
    for length, status in (("Content-Length: 157286400", 413), ("Transfer-Encoding: chunked", 401)):
        head = f"POST /api/v1/commitments/ HTTP/1.1\nHost: localhost\n{length}\n\n"
        answer = read(send(port, head + "20000\n" + "x" * 0x20000))
        assert answer.startswith(f"HTTP/1.1 {status} ")
        assert "\r\nConnection: close\r\n" in answer


def test_pages_are_answered_and_people_write_while_many_exports_run(port: int) -> None:
    make.many_commitments(500)
    Commitment.objects.update(text="Long. " * 2000)
    key = client_as("reader").cookies["sessionid"].value
    ask = f"GET {{}} HTTP/1.1\nHost: localhost\nConnection: close\nCookie: sessionid={key}\n\n"
    # Nobody reads them yet, and they are larger than the buffers on the way: the server cannot finish them.
    exports = [
        send(port, ask.format(f"/commitments/export.{kind}?columns=reference&columns=content"))
        for kind in ("csv", "json", "csv", "json", "csv", "json", "csv", "json")
    ]
    assert [export.recv(15) for export in exports] == [b"HTTP/1.1 200 OK"] * 8
    for _time in range(3):
        assert "200 OK" in read(send(port, ask.format("/commitments/?page_size=1")))
    late = make.commitment(title="Recorded meanwhile")
    assert late.title in read(send(port, ask.format(f"/commitments/{late.reference}/")))
    # All of them were still running, and each has the rows of its beginning.
    for export in exports:
        answer = read(export)
        assert answer.count("KHVN-2023-") >= 500
        assert late.reference not in answer
