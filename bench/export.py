"""Measures each export of every row in a process of its own: its time and its peak memory."""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import django

MODULE = "bench.export"
KINDS = ("csv", "json", "xlsx")


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result: times in seconds, sizes and memory in megabytes.

    ``processor`` is the processor time of the process, without that of the database; ``before`` its memory
    before the export, ``resident`` its peak.
    """

    kind: str
    rows: int
    processor: float
    first_byte: float
    megabytes: float
    before: float
    resident: float


def measure_exports() -> tuple[ExportResult, ...]:
    """Export the register as each of ``KINDS``, in a new process each."""
    return tuple(map(_measured, KINDS))


def _measured(kind: str) -> ExportResult:
    output = subprocess.run(  # noqa: S603
        [sys.executable, "-m", MODULE, kind], check=True, capture_output=True, text=True
    ).stdout.split()
    return ExportResult(kind, int(output[0]), *map(float, output[1:]))


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _export(kind: str) -> tuple[float, ...]:
    django.setup()
    # Django must be set up before models can be imported.
    from django.test import Client  # noqa: PLC0415

    from accounts.choices import Role  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from bench.accounts import username_for  # noqa: PLC0415
    from commitments.models import Commitment  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(username=username_for(Role.OFFICER)))
    client.get("/bench/ok/", secure=True)
    rows, before, start = Commitment.objects.count(), _resident(), time.perf_counter()
    began = time.process_time()
    response = client.get(f"/commitments/export.{kind}", secure=True)
    size, first = 0, 0.0
    for part in response:
        first = first or time.perf_counter() - start
        size += len(part)
    return rows, time.process_time() - began, first, size / 1_000_000, before, _resident()


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, _export(sys.argv[1]))))
