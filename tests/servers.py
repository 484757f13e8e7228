"""gunicorn servers on the database of a test, programs that write to them, and what must be true then."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connection

from accounts.models import ApiToken
from accounts.services.tokens import make_token
from commitments.models import Commitment, Evidence, StatusChange
from commitments.services.evidence_check import check_evidence
from tests import factories as make

ROOT = Path(__file__).parent.parent


def database_url() -> str:
    """The address of the database that this test uses."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


class Server:
    """One gunicorn with the shipped configuration: what a machine runs."""

    def __init__(self, media: Path, *, workers: int = 2, **settings_by_name: str) -> None:
        self.environment = (
            os.environ
            | {
                "DATABASE_URL": database_url(),
                "MEDIA_ROOT": str(media),
                "SECRET_KEY": settings.SECRET_KEY,
                "ALLOWED_HOSTS": "localhost",
                "WEB_CONCURRENCY": str(workers),
                "WEB_THREADS": "4",
            }
            | settings_by_name
        )
        self.bind = "127.0.0.1:0"
        self.start()

    def start(self) -> None:
        """Start, as systemd does after a failure, at the same address as before."""
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", f"--bind={self.bind}"]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, "config.wsgi"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = next(line for line in self.process.stdout if "is running at" in line)
        self.bind = line.split("http://")[1].split(" ")[0]

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        listed = subprocess.run(  # noqa: S603
            ["/bin/ps", "--ppid", str(self.process.pid), "-o", "pid="],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in listed.stdout.split()]

    def kill(self) -> None:
        """Kill all its processes at once, as a machine that loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()  # type: ignore[union-attr]

    def answers(self, seconds: float = 60) -> bool:
        """Whether it answers within some time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if request(self.bind, "GET", "/health/live")[0] == 200:
                    return True
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.poll() is None:
            self.kill()


def request(bind: str, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """Send one request by HTTP; return the status and the answer: what its JSON says, else its text."""
    host, port = bind.split(":")
    client = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        sent = {"Host": "localhost", "X-Forwarded-Proto": "https"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        client.request(method, path, body, sent)
        answer = client.getresponse()
        content = answer.read()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(content) if is_json else content.decode()
    finally:
        client.close()


@dataclass
class Writer(threading.Thread):
    """A program that writes all the time, and notes what was confirmed to it.

    Whatever gets no answer is sent again with the same ``Idempotency-Key``, to the next server, until it is
    answered.
    """

    binds: Callable[[], list[str]]
    key: str
    reference: str
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Start, hand over a file, and stall again, in turn."""
        address = f"/api/v1/commitments/{self.reference}"
        while not self.stop.is_set():
            for transition in ("start", "stall"):
                body = json.dumps({"transition": transition, "note": uuid.uuid4().hex}).encode()
                if self._send(f"{address}/transitions/", body, "application/json") == 201:
                    self.confirmed.append(("move", json.loads(body)["note"]))
            title, kind, body = self._upload()
            if self._send(f"{address}/evidence/", body, kind) == 201:
                self.confirmed.append(("evidence", title))

    def _upload(self) -> tuple[str, str, bytes]:
        title, boundary = uuid.uuid4().hex, "edge"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n',
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            f"Content-Type: application/pdf\r\n\r\n%PDF-1.4 {title}\r\n--{boundary}--\r\n",
        ]
        return title, f"multipart/form-data; boundary={boundary}", "".join(parts).encode()

    def _send(self, path: str, body: bytes, kind: str) -> int:
        """Send it until it is answered; return the status. 0 if the test ended before."""
        once, attempt = uuid.uuid4().hex, 0
        while not (self.stop.is_set() and attempt):
            binds = self.binds()
            attempt += 1
            try:
                status, _answer = request(
                    binds[attempt % len(binds)],
                    "POST",
                    path,
                    body,
                    Content_Type=kind,
                    Authorization=f"Token {self.key}",
                    Idempotency_Key=once,
                )
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if status not in (429, 503):
                return status
            time.sleep(0.2)
        return 0


def writers(number: int, binds: Callable[[], list[str]]) -> list[Writer]:
    """Programs that write, each with an account, a token and a commitment of its own."""
    made = []
    for _each in range(number):
        officer, pledge = make.user("officer"), make.commitment()
        _token, key = make_token(owner=officer, name="Program", scope=ApiToken.Scope.WRITE, days=1)
        made.append(Writer(binds, key, pledge.reference))
    return made


def assert_nothing_confirmed_is_lost(programs: list[Writer]) -> None:
    """All that was confirmed is there, once; what was not is there whole or not at all."""
    for program in programs:
        pledge = Commitment.objects.get(reference=program.reference)
        notes = list(StatusChange.objects.filter(commitment=pledge).values_list("note", flat=True))
        titles = list(Evidence.objects.filter(commitment=pledge).values_list("title", flat=True))
        for kind, text in program.confirmed:
            assert (notes if kind == "move" else titles).count(text) == 1, (kind, text)
        assert len(notes) == len(set(notes))
        assert len(titles) == len(set(titles))
        changes = list(StatusChange.objects.filter(commitment=pledge).order_by("number"))
        assert [change.number for change in changes] == list(range(1, len(changes) + 1))
        for before, after in zip(changes, changes[1:], strict=False):
            assert after.from_status == before.to_status
        assert pledge.status == changes[-1].to_status
    assert [finding for finding in check_evidence() if finding.problem != "orphan"] == []
