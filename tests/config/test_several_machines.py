"""Two machines serve one register: with one PostgreSQL and one folder of uploads. One of them dies."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.db import connection

from tests.servers import Server, assert_nothing_confirmed_is_lost, request, writers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


def test_one_of_two_machines_is_killed_and_nothing_is_lost(settings: Any, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Several machines share a PostgreSQL; run the suite with DATABASE_URL=postgres://…")
    settings.MEDIA_ROOT = tmp_path
    with ExitStack() as stack:
        first, second = (stack.enter_context(Server(tmp_path, workers=2)) for _each in range(2))
        assert first.answers()
        assert second.answers()
        programs = writers(4, lambda: [first.bind, second.bind])
        for program in programs:
            program.start()
        wait_for(programs, 10)
        first.kill()
        before = sum(len(program.confirmed) for program in programs)
        wait_for(programs, before // 4 + 10)
        for program in programs:
            program.stop.set()
        for program in programs:
            program.join(timeout=60)
        assert_nothing_confirmed_is_lost(programs)
        assert all(len(program.confirmed) > 5 for program in programs)
        # What one machine has signed in, the other one knows.
        status, answer = request(
            second.bind, "GET", "/api/v1/commitments/", Authorization=f"Token {programs[0].key}"
        )
        assert (status, answer["count"]) == (200, 4)


def wait_for(programs: list[Any], confirmed: int) -> None:
    """Wait until each program has so much confirmed."""
    until = time.monotonic() + 120
    while any(len(program.confirmed) < confirmed for program in programs):
        assert time.monotonic() < until, [len(program.confirmed) for program in programs]
        time.sleep(0.05)


def test_no_setting_keeps_anything_in_one_process() -> None:
    """Sessions, messages and counts are where every process on every machine reads them."""
    assert settings_of_django.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    backends = {each["BACKEND"] for each in settings_of_django.CACHES.values()}
    assert backends == {"django.core.cache.backends.db.DatabaseCache"}
