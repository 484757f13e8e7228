"""`manage.py doctor` says what is wrong and what to do, and fails only for what is wrong."""

import datetime as dt
import io
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from commitments.models import Commitment
from core.doctor import database, machine
from core.doctor.findings import Finding, Level, added_areas
from core.management.commands.doctor import AREAS
from core.models import Backup
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def faults(findings: Any) -> list[tuple[str, str]]:
    """What is not well: its level and its area. Every fault says what to do."""
    found = [each for each in findings if each.level != Level.WELL]
    assert all(each.advice for each in found)
    return [(each.level.value, each.area) for each in found]


def backup(*, hours: int, **fields: Any) -> Backup:
    made_at = timezone.now() - dt.timedelta(hours=hours)
    return Backup.objects.create(
        made_at=made_at, name="a.zip", size=1, sha256="0" * 64, is_encrypted=False, **fields
    )


def test_a_migrated_database_is_well() -> None:
    assert [fault for fault in faults(database.database()) if fault[1] != "role"] == []


def test_a_database_that_does_not_answer_is_told() -> None:
    with mock.patch.object(connection, "ensure_connection", side_effect=DatabaseError("no\nserver")):
        [found] = database.database()
    assert (found.level, found.found) == (Level.WRONG, "It does not answer: no server")


def test_missing_and_unknown_migrations_are_told() -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    MigrationRecorder(connection).record_applied("commitments", "9999_new")
    found = {each.found for each in database.database() if each.area == "migrations"}
    assert found == {
        "1 are missing, sessions.0001_initial first.",
        "The database belongs to a newer version of the program: commitments.9999_new.",
    }


def test_a_missing_guard_is_told() -> None:
    on_table = " ON commitments_statuschange" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER commitments_statuschange_refuse_update{on_table}")
    assert ("error", "triggers") in faults(database.database())


def test_a_search_index_that_is_wrong_is_told() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL updates its index itself")
    make.commitment()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM commitments_commitment_trigrams")
    assert Commitment.objects.count() == 1
    assert ("error", "search index") in faults(database.database())


def test_a_wrong_clock_is_told() -> None:
    make.record(make.commitment(), "stalled", recorded_at=timezone.now() + dt.timedelta(days=2))
    assert ("warning", "time") in faults(database.database())


def test_a_store_that_cannot_be_written_is_told(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    assert ("error", "uploads") in faults(machine.folders())


def test_nothing_stays_of_the_try_to_store(media: Path) -> None:
    assert [each for each in faults(machine.folders()) if each[1] == "uploads"] == []
    assert list(media.iterdir()) == []


def test_a_full_disk_and_missing_static_files_are_told(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "none"
    with mock.patch("shutil.disk_usage", return_value=mock.Mock(free=10_000_000)):
        found = faults(machine.folders())
    assert ("error", "space") in found
    assert ("error", "static files") in found


def test_backups_are_told_by_their_age() -> None:
    assert faults(machine.backups())[0] == ("warning", "backups")
    backup(hours=27)
    assert ("warning", "backups") in faults(machine.backups())
    backup(hours=25)
    assert [each for each in machine.backups() if each.found.startswith("The last one is a.zip")] != []
    backup(hours=1, missing=2)
    assert ("error", "backups") in faults(machine.backups())


def test_a_mail_server_that_does_not_answer_is_told(settings: Any) -> None:
    assert faults(machine.mail()) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert faults(machine.mail()) == [("warning", "mail")]


def test_missing_fonts_are_told() -> None:
    with mock.patch("core.doctor.machine.shutil.which", return_value=None):
        assert faults(machine.fonts()) == [("warning", "fonts")]
    with mock.patch("core.doctor.machine.subprocess.run", return_value=mock.Mock(stdout=b"")):
        assert faults(machine.fonts()) in ([("warning", "fonts")] * 2, [("warning", "fonts")])


def test_a_missing_libreoffice_is_told() -> None:
    with mock.patch("core.doctor.machine.shutil.which", return_value=None):
        assert faults(machine.word_processor()) == [("warning", "LibreOffice")]
    with mock.patch("core.doctor.machine.shutil.which", return_value="/usr/bin/soffice"):
        assert faults(machine.word_processor()) == []


def test_settings_that_are_not_for_production_are_told(settings: Any) -> None:
    settings.DEBUG = True
    assert any("DEBUG" in each.found for each in machine.program_settings())


def diagnose(*findings: Finding) -> str:
    out = io.StringIO()
    command = "core.management.commands.doctor"
    with (
        mock.patch(f"{command}.AREAS", [lambda: iter(findings)]),
        mock.patch(f"{command}.added_areas", list),
    ):
        call_command("doctor", stdout=out, no_color=True)
    return out.getvalue()


def test_a_warning_is_no_error_and_an_error_is_one() -> None:
    assert diagnose(Finding("mail", Level.ODD, "None.", "Set it up.")) == (
        "warning mail: None.\n        → Set it up.\nNothing is wrong.\n"
    )
    with pytest.raises(CommandError, match="1 errors"):
        diagnose(Finding("space", Level.WRONG, "Full.", "Make room."))


def test_every_area_is_looked_at() -> None:
    assert [each.__name__ for each in AREAS] == [
        "program_settings",
        "database",
        "folders",
        "fonts",
        "word_processor",
        "scans",
        "mail",
        "clock",
        "backups",
    ]
    assert [each.__name__ for each in added_areas()] == ["second_step", "identity_provider"]
