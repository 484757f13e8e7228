"""What a supervisor is told, and what it is not."""

import datetime as dt
import threading
import tomllib
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as settings_of_django
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from core.health import what_is_missing
from core.models import Backup
from core.wrong_clock import warn_at_start
from tests import factories as make
from tests.html import page_of

SECRET = "could not connect to host db.internal as register_owner"


def test_live_asks_nothing_of_the_database(client: Client):
    # No django_db mark: a query would fail here.
    response = client.get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_ready_when_nothing_is_missing(client: Client):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_nothing_is_missing_in_a_migrated_database():
    assert list(what_is_missing()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["sessions", "commitments"])
def test_not_ready_while_a_migration_is_pending(label: str):
    MigrationRecorder(connection).record_unapplied(label, "0001_initial")
    assert list(what_is_missing()) == ["migrations"]


@pytest.mark.django_db
def test_not_ready_on_the_database_of_a_newer_program():
    MigrationRecorder(connection).record_applied("commitments", "9999_of_a_newer_program")
    assert list(what_is_missing()) == ["migrations"]


@pytest.mark.django_db
def test_migrations_that_a_library_no_longer_has_are_no_newer_program():
    MigrationRecorder(connection).record_applied("account", "0001_squashed_away")
    assert list(what_is_missing()) == []


@pytest.mark.django_db
def test_not_ready_without_a_guard():
    name, table = "commitments_statuschange_refuse_update", "commitments_statuschange"
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on_table}")
    assert list(what_is_missing()) == ["guards"]


@pytest.mark.django_db
def test_not_ready_when_uploads_cannot_be_written(settings, tmp_path: Path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with mock.patch("shutil.disk_usage", return_value=mock.Mock(free=10**12)):
        assert list(what_is_missing()) == ["media"]


@pytest.mark.django_db
def test_not_ready_when_the_disk_is_almost_full():
    with mock.patch("shutil.disk_usage", return_value=mock.Mock(free=10**8)):
        assert list(what_is_missing()) == ["space"]


@pytest.mark.django_db(transaction=True)
def test_what_is_missing_is_told_in_one_word(client: Client):
    with mock.patch("core.health.what_is_missing", return_value=iter(["guards", "space"])):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "guards"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_database_and_says_no_more_than_that(client: Client):
    with mock.patch("core.health.MigrationLoader", side_effect=DatabaseError(SECRET)):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "database"}


def test_a_database_that_hangs_is_told_in_time(client: Client, monkeypatch: pytest.MonkeyPatch):
    hangs = threading.Event()
    monkeypatch.setattr("core.health.ANSWER_SECONDS", 0.05)
    monkeypatch.setattr("core.health._state", hangs.wait)
    try:
        for _attempt in range(2):
            response = client.get("/health/ready")
            assert response.status_code == 503
            assert response.json() == {"status": "unavailable", "reason": "timeout"}
    finally:
        hangs.set()


@pytest.mark.django_db(transaction=True)
def test_a_clock_behind_the_newest_change_is_a_warning(client: Client, caplog: pytest.LogCaptureFixture):
    warn_at_start()
    assert caplog.records == []
    pledge = make.commitment()
    later = timezone.now() + dt.timedelta(days=400)
    make.record(pledge, "stalled", recorded_at=later)
    make.record(pledge, "in_progress")
    assert client.get("/health/ready").json() == {"status": "ok", "warning": "clock"}
    warn_at_start()
    assert [record.getMessage().count(later.isoformat(timespec="seconds")) for record in caplog.records] == [
        1
    ]


def test_a_server_starts_without_a_database(caplog: pytest.LogCaptureFixture):
    with mock.patch("core.wrong_clock.newest_record_in_future", side_effect=DatabaseError("no\nserver")):
        warn_at_start()
    assert caplog.messages == ["the database does not answer, or is not migrated: no server"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/health/", "/health/live", "/health/ready"])
def test_a_supervisor_is_not_sent_to_https_and_needs_no_account(client: Client, settings, path: str):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/health/", "/health/live", "/health/ready"])
def test_health_is_only_for_asking(client: Client, path: str):
    assert client.post(path).status_code == 405


def test_the_version_is_that_of_the_project(client: Client):
    project = tomllib.loads((settings_of_django.BASE_DIR / "pyproject.toml").read_text())["project"]
    assert client.get("/health/").json() == {"status": "ok", "version": project["version"]}


def detail(client: Client, **headers: str) -> dict[str, Any]:
    return client.get("/health/ready?detail", headers=headers).json()


@pytest.mark.django_db(transaction=True)
def test_an_administrator_sees_the_age_of_the_last_good_backup(client: Client):
    client.force_login(make.user("administrator"))
    assert detail(client)["backup"] is None
    made_at = timezone.now() - dt.timedelta(hours=30)
    Backup.objects.create(made_at=made_at, name="a.zip", size=1, sha256="0" * 64, is_encrypted=True)
    assert detail(client) == {
        "status": "ok",
        "version": settings_of_django.VERSION,
        "backup": {
            "made_at": made_at.isoformat(),
            "age_hours": 30.0,
            "is_old": True,
            "is_encrypted": True,
        },
    }


@pytest.mark.django_db(transaction=True)
def test_nobody_else_does(client: Client):
    assert detail(client) == {"status": "ok"}
    for role in ("officer", "reviewer", "reader"):
        client.force_login(make.user(role))
        assert detail(client) == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_a_program_with_the_token_sees_it_too(client: Client, settings):
    assert detail(client, Authorization="Bearer ") == {"status": "ok"}
    settings.MONITORING_TOKEN = "a long random text"
    assert "backup" in detail(client, Authorization="Bearer a long random text")
    assert detail(client, Authorization="Bearer another text") == {"status": "ok"}


@pytest.mark.django_db
def test_the_admin_shows_it_to_administrators_only(client: Client):
    client.force_login(make.user("administrator"))
    assert "No backup was made yet" in " ".join(page_of(client.get("/admin/")).texts("#backup-module"))
    made_at = timezone.now() - dt.timedelta(hours=3)
    Backup.objects.create(made_at=made_at, name="b.zip", size=1, sha256="0" * 64, is_encrypted=True)
    assert " ".join(page_of(client.get("/admin/")).texts("#backup-module")) == (
        "Last backup 3 hours ago: b.zip"
    )
    Backup.objects.update(made_at=timezone.now() - dt.timedelta(hours=27))
    assert "older than it should be" in " ".join(page_of(client.get("/admin/")).texts("#backup-module"))
    client.force_login(make.user("officer"))
    assert " ".join(page_of(client.get("/admin/")).texts("#backup-module")) == ""


@pytest.mark.django_db
def test_the_version_stands_at_the_foot_of_each_page(client: Client):
    client.force_login(make.user("reader"))
    assert f"Aide-mémoire {settings_of_django.VERSION}" in " ".join(page_of(client.get("/")).texts("footer"))
