"""People who write while a register file is loaded."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from interchange.register_file.commitment_loading import CommitmentLoader
from interchange.register_file.load import load_register
from tests import factories as make


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_load_makes_nobody_wait_who_writes_something_else(
    shipped: Path, write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")
    text = shipped.read_text()
    load_register(shipped)
    officer = make.user("officer")
    unchanged = Commitment.objects.get(reference="KHVN-2025-010")
    written: list[str] = []

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            made = make.commitment(actor=officer, occurred_on=dt.date(2025, 12, 1))
            apply_transition(commitment=unchanged, name="start", actor=officer, note="Begun.")
        written.append(made.reference)
        connection.close()

    def write_meanwhile(loader: CommitmentLoader) -> None:
        finish(loader)
        with ThreadPoolExecutor(max_workers=1) as other:
            other.submit(work).result()

    finish = CommitmentLoader.finish
    monkeypatch.setattr(CommitmentLoader, "finish", write_meanwhile)
    added = text.replace("  - reference: KHVN-2025-001\n", "  - reference: KHVN-2025-901\n", 1)
    load_register(write(added))
    assert written == ["KHVN-2025-902"]
    unchanged.refresh_from_db()
    assert unchanged.status == "in_progress"
    assert Commitment.objects.filter(reference="KHVN-2025-901").exists()
