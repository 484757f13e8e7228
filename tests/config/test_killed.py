"""200 SIGKILLs while programs write: nothing that was confirmed is lost, and no move is there by half.

With TORTURE_EXAMPLES there are only so many.
"""

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core.append_only import missing_guards
from tests.servers import Server, assert_nothing_confirmed_is_lost, writers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]
KILLS = min(200, int(os.environ.get("TORTURE_EXAMPLES") or 200))
WHOLE_EVERY = 5
"""Every so often all processes are killed at once; else one worker, which gunicorn itself starts again."""


def test_nothing_confirmed_is_lost_however_often_it_is_killed(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    chance = random.Random(20_261_130)  # noqa: S311  (it chooses moments, not secrets)
    with Server(tmp_path, workers=2) as server:
        assert server.answers()
        programs = writers(3, lambda: [server.bind])
        for program in programs:
            program.start()
        for number in range(1, KILLS + 1):
            time.sleep(chance.uniform(0.05, 0.6))
            if number % WHOLE_EVERY == 0:
                server.kill()
                server.start()
            elif workers := server.workers():
                os.kill(chance.choice(workers), signal.SIGKILL)
            assert server.answers(), f"it did not start again after kill {number}"
        for program in programs:
            program.stop.set()
        for program in programs:
            program.join(timeout=60)
        assert_nothing_confirmed_is_lost(programs)
    assert sum(len(program.confirmed) for program in programs) > KILLS // 2
    assert missing_guards() == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
