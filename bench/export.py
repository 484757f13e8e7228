"""One export of every row, in a process of its own: how long it takes, and how much memory at most."""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import django

MODULE = "bench.export"
PATH = "/commitments/export.xlsx"


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it; ``resident`` is the most that the process held, ``before`` what it held without it."""

    rows: int
    seconds: float
    first_byte: float
    megabytes: float
    before: float
    resident: float


def exported() -> Exported:
    """Ask for the workbook as the server would, in a fresh process."""
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-m", MODULE], check=True, capture_output=True, text=True
    ).stdout.split()
    return Exported(int(said[0]), *map(float, said[1:]))


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _export() -> tuple[float, ...]:
    django.setup()
    # Django must be set up before anything that holds models is read.
    from django.test import Client  # noqa: PLC0415

    from accounts.choices import Role  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from bench.accounts import name_of  # noqa: PLC0415
    from commitments.models import Commitment  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(username=name_of(Role.OFFICER)))
    client.get("/bench/ok/", secure=True)
    rows, before, begun = Commitment.objects.count(), _resident(), time.perf_counter()
    answer = client.get(PATH, secure=True)
    size, first = 0, 0.0
    for part in answer:
        first = first or time.perf_counter() - begun
        size += len(part)
    return rows, time.perf_counter() - begun, first, size / 1_000_000, before, _resident()


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, _export())))
