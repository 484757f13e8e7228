"""A site of each earlier release, with its data, becomes one of this version: nothing is lost.

``tests/upgrades/make.py`` has made the archives, each with the program of its release.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AccountEvent, ApiToken, User
from commitments.models import BulkRow, Commitment, Evidence, Mention, SavedView, StatusChange
from core.append_only import missing_guards
from core.health import what_is_missing
from relations.models import Meeting, Paragraph, Source
from tests.core.backup.conftest import dump, run
from tests.databases import TestDatabases

HERE = Path(__file__).parent
RELEASES = sorted({path.name.split("-")[0] for path in HERE.glob("*.zip")})

pytestmark = pytest.mark.django_db(transaction=True)


def test_there_is_an_archive_of_each_release_for_both_databases() -> None:
    assert RELEASES
    assert {path.name for path in HERE.glob("*.zip")} == {
        f"{release}-{vendor}.zip" for release in RELEASES for vendor in ("sqlite", "postgresql")
    }


@pytest.mark.parametrize("release", RELEASES)
def test_an_earlier_release_is_upgraded_with_its_data(
    release: str, test_databases: TestDatabases, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with test_databases.elsewhere(migrated=connection.vendor == "postgresql"):
        printed = run("restore", HERE / f"{release}-{connection.vendor}.zip")
        assert "All files are as they were uploaded" in printed
        assert list(what_is_missing()) == []
        assert missing_guards() == set()
        everything_is_there()
        the_site_works(tmp_path)


def everything_is_there() -> None:
    assert Commitment.objects.count() == 77
    assert Mention.objects.count() == 151
    assert Meeting.objects.count() == 14
    assert (Source.objects.count(), Paragraph.objects.count()) == (11, 155)
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {
        "tran",
        "le",
        "chea",
    }
    assert ApiToken.objects.get().owner.username == "tran"
    assert AccountEvent.objects.count() == 7
    assert SavedView.objects.get().query == "state=open&theme=border"
    assert BulkRow.objects.count() == 58
    evidence = Evidence.objects.exclude(file="").get()
    assert evidence.commitment.status == "fulfilled"
    assert StatusChange.objects.count() == 90
    assert Commitment.history.count() == 77
    for pledge in Commitment.objects.all():
        assert pledge.status == StatusChange.objects.filter(commitment=pledge).latest("number").to_status


def the_site_works(folder: Path) -> None:
    client = Client()
    entered = client.post("/accounts/login/", {"login": "tran", "password": "correct horse battery"})
    assert entered.status_code == 302
    assert client.get("/api/v1/commitments/?q=border").json()["count"] == 25
    assert client.get("/commitments/?overdue=true&as_of=2026-01-16").status_code == 200
    # What it writes is a register that this version reads, and that says the same when it is read.
    (folder / "register.yaml").write_text(dump(), encoding="utf-8")
    assert "error" not in run("load_register", folder / "register.yaml", "--dry-run").lower()
