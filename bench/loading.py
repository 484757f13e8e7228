"""Measures how long a register file takes to load into an empty register, in a process of its own."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from psycopg import sql

from bench.databases import server, using
from bench.register import ensure
from bench.settings import BASE_DIR, DATABASES, FILE, FILE_SIZE, LOADED
from commitments.models import Commitment


@dataclass(frozen=True, slots=True)
class LoadingResult:
    """The commitments of the file, and the processor time of the process in seconds, without the database."""

    rows: int
    processor: float


def measure_loading() -> LoadingResult | None:
    """Write a register of ``FILE_SIZE`` as a file, and load it. None if that is 0."""
    if not FILE_SIZE:
        return None
    ensure(FILE, FILE_SIZE)
    with tempfile.TemporaryDirectory() as folder, _empty():
        path = Path(folder) / "register.yaml"
        with using(FILE):
            rows = Commitment.objects.count()
            call_command("dump_register", str(path), verbosity=0)
        before = _of_children()
        subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", "load_register", str(path)],
            check=True,
            capture_output=True,
            cwd=BASE_DIR,
            env={**os.environ, "BENCH_SERVES": LOADED},
        )
        return LoadingResult(rows, _of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _empty() -> Iterator[None]:
    """An empty register, dropped afterwards."""
    name = sql.Identifier(DATABASES[LOADED]["NAME"])
    with server() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        with using(LOADED):
            call_command("migrate", verbosity=0)
        connections[LOADED].close()
        yield
    finally:
        with server() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
