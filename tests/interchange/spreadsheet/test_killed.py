"""An import that is interrupted: nothing is written twice, nothing is lost.

100 SIGKILLs of the process that writes; with TORTURE_EXAMPLES only so many.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from commitments.models import Commitment, Mention, StatusChange
from interchange.models import SpreadsheetImport
from interchange.spreadsheet import running
from interchange.spreadsheet.running import begin, begin_taking_back, run_some, take_back_some
from relations.models import Meeting
from tests.interchange.spreadsheet.conftest import checked, xlsx
from tests.servers import ROOT, database_url

KILLS = min(100, int(os.environ.get("TORTURE_EXAMPLES") or 100))
HEADS = ("Lead agency", "Partner", "Content", "Challenges")

_WRITE = """
import django, sys
django.setup()
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.running import run_some
print("ready", flush=True)
job = SpreadsheetImport.objects.get(pk=int(sys.argv[1]))
while run_some(job=job, most=4):
    pass
"""


def content(n: int) -> bytes:
    """A workbook with ``n`` rows, no two alike."""
    rows = [
        ("MOFA", "KH", f"Repair marker {m + 100} near village{m}.", "Rain." if m % 3 else None)
        for m in range(n)
    ]
    return xlsx(HEADS, rows)


def assert_written_once(job: SpreadsheetImport, n: int) -> None:
    """Every row became one commitment with one mention and one first status."""
    assert Counter(job.rows.values_list("result", flat=True)) == {"done": n}
    assert len(set(job.rows.values_list("commitment", flat=True))) == n
    assert Commitment.objects.count() == Mention.objects.count() == StatusChange.objects.count() == n
    serials = sorted(Commitment.objects.values_list("serial", flat=True))
    assert serials == list(range(1, n + 1))
    texts = {f"Repair marker {m + 100} near village{m}." for m in range(n)}
    assert set(Commitment.objects.values_list("text", flat=True)) == texts


@pytest.mark.django_db(transaction=True)
@pytest.mark.torture
def test_every_row_is_written_once_however_often_it_is_killed(officer: User, talks: Meeting) -> None:
    n = KILLS * 6
    job = begin(job=checked(officer, content(n), meeting=talks))
    chance, kills = random.Random(20_261_130), 0  # noqa: S311  (it chooses moments, not secrets)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    while SpreadsheetImport.objects.get(pk=job.pk).is_running:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _WRITE, str(job.pk)], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        if kills < KILLS:
            time.sleep(chance.uniform(0.0, 0.25))
            process.kill()
            kills += 1
        process.wait()
        process.stdout.close()
    assert_written_once(job, n)


@pytest.mark.django_db(transaction=True)
def test_step_that_fails_in_the_middle_leaves_nothing_behind(
    officer: User, talks: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(job=checked(officer, content(6), meeting=talks))
    write = running.write_registrations

    def fails(*args: Any, **kwargs: Any) -> Any:
        write(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "write_registrations", fails)
    with pytest.raises(KeyboardInterrupt):
        run_some(job=job, most=3)
    assert not Commitment.objects.exists()
    monkeypatch.setattr(running, "write_registrations", write)
    while run_some(job=job, most=2):
        pass
    assert_written_once(job, 6)
    assert run_some(job=job) == 0
    begin_taking_back(job=job)
    while take_back_some(job=job, most=4):
        pass
    assert Commitment.objects.filter(is_in_error=True).count() == 6
