"""200 SIGKILLs of ``send_due``, two at a time: nothing is sent twice, and nothing is lost.

Mails are written by the backend that stores them by Message-ID, as a server that compares them does. With
TORTURE_EXAMPLES there are only so many.
"""

import os
import random
import signal
import subprocess
import sys
import time
from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from notifications.choices import PENDING, MessageState
from notifications.models import OutboxMessage
from notifications.services.outbox import enqueue
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]
KILLS = min(200, int(os.environ.get("TORTURE_EXAMPLES") or 200))
WORKERS = 2
_PROGRAM = """
import datetime as dt, os, random, signal, sys, time
import django
django.setup()
from django.utils.translation import gettext_lazy
from notifications import file_backend, sending
from notifications.mail_kinds import Mail, mail_kind
mail_kind("note", gettext_lazy("note"))(lambda message: Mail(f"Note {message.about['n']}", "base"))
sending.CLAIM_LASTS = dt.timedelta(seconds=2)
link = file_backend.os.link
def slowly(*args):
    time.sleep(random.uniform(0, 0.02))
    link(*args)
    time.sleep(random.uniform(0, 0.02))
file_backend.os.link = slowly
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _line in sys.stdin:
    if not (pid := os.fork()):
        while True:
            sending.send_due()
            time.sleep(0.02)
    print(pid, flush=True)
"""
"""Begins a worker for each line that it reads, and says its process. Claims of workers run out soon, and one
can be killed between any two steps."""


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    place = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{database['USER']}{secret}@{place}/{database['NAME']}"


def starter(folder: Path) -> "subprocess.Popen[str]":
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"filemail:///{folder}",
        "SITE_URL": settings.SITE_URL,
    }
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _PROGRAM],
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def begin(program: "subprocess.Popen[str]") -> int:
    """Begin a worker, and return its process."""
    assert program.stdin
    assert program.stdout
    program.stdin.write("\n")
    program.stdin.flush()
    return int(program.stdout.readline())


def test_nothing_is_sent_twice_or_lost_however_often_it_is_killed(tmp_path: Path, note: object) -> None:
    chance = random.Random(20_261_130)  # noqa: S311  (it chooses moments, not secrets)
    reader = make.user("reader", email="reader@example.org")
    program = starter(tmp_path)
    workers = [begin(program) for _n in range(WORKERS)]
    numbers = iter(range(1_000_000))
    said = 0
    for kill in range(KILLS):
        for _n in range(5):
            n = next(numbers)
            assert enqueue(recipient=reader, kind="note", dedupe_key=f"note:{n}", about={"n": n})
            said += 1
        wait_until_something_is_sent(kill)
        time.sleep(chance.uniform(0, 0.1))
        victim = chance.randrange(WORKERS)
        os.kill(workers[victim], signal.SIGKILL)
        workers[victim] = begin(program)
    end = time.monotonic() + 120
    while OutboxMessage.objects.filter(state__in=PENDING).exists() and time.monotonic() < end:
        time.sleep(0.2)
    for each in workers:
        os.kill(each, signal.SIGKILL)
    program.kill()
    program.communicate()  # closes its pipes
    connections.close_all()
    states = set(OutboxMessage.objects.values_list("state", flat=True))
    assert states == {MessageState.SENT}
    written = [message_from_bytes(path.read_bytes()) for path in tmp_path.glob("*.eml")]
    subjects = sorted(int(str(each["Subject"]).removeprefix("Note ")) for each in written)
    assert subjects == list(range(said))
    again = OutboxMessage.objects.filter(attempts__gt=1).count()
    assert KILLS < 50 or again, "no kill has hit a worker while it was sending"  # noqa: PLR2004
    assert OutboxMessage.objects.filter(sent_at__gt=timezone.now()).count() == 0


def wait_until_something_is_sent(kill: int) -> None:
    """Wait until a worker has begun, so that kills hit workers that send."""
    end = time.monotonic() + 60
    while OutboxMessage.objects.filter(state=MessageState.SENT).count() < kill * 3 and time.monotonic() < end:
        time.sleep(0.02)
