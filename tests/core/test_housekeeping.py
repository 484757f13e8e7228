"""What has expired is removed and told; what is in use stays."""

import datetime as dt
import io
import os
import re
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import AccountSession, KeptAnswer
from commitments.models import BulkJob, Commitment, Evidence
from commitments.services.bulk import select
from commitments.services.files import store_file
from commitments.services.progress import add_evidence
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def removed() -> dict[str, int]:
    """What the command says that it removed, without what it did not."""
    out = io.StringIO()
    call_command("housekeeping", stdout=out)
    lines = [re.fullmatch(r" *([\d,]+)  (.+)", line) for line in out.getvalue().splitlines()]
    return {line[2]: int(line[1]) for line in lines if line and int(line[1])}


def make_old(path: Path, *, days: int = 2) -> None:
    moment = (NOW - dt.timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_nothing_is_removed_where_nothing_has_expired() -> None:
    officer = make.user("officer")
    session = Session.objects.create(session_key="a", expire_date=NOW + dt.timedelta(hours=1))
    AccountSession.objects.create(session=session, account=officer)
    KeptAnswer.objects.create(owner=officer, key="a", created_at=NOW - dt.timedelta(hours=23))
    make.commitment()
    select(owner=officer, commitments=Commitment.objects.all())
    cache.set("a", 1, timeout=60)
    assert removed() == {}
    assert Session.objects.count() == AccountSession.objects.count() == KeptAnswer.objects.count() == 1
    assert BulkJob.objects.count() == 1
    assert cache.get("a") == 1


def test_expired_sessions_and_answers_are_removed() -> None:
    officer = make.user("officer")
    session = Session.objects.create(session_key="a", expire_date=NOW - dt.timedelta(minutes=1))
    AccountSession.objects.create(session=session, account=officer)
    KeptAnswer.objects.create(owner=officer, key="a", created_at=NOW - dt.timedelta(hours=25))
    assert removed() == {
        "expired sessions": 1,
        "expired answers to requests and forms": 1,
        "removed in all": 2,
    }
    assert not Session.objects.exists()
    assert not AccountSession.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_old_selections_and_results_of_bulk_actions_are_removed_and_running_ones_stay() -> None:
    officer = make.user("officer")
    pledge = make.commitment()
    ages = {"selection": 2, "finished": 91, "finished lately": 89, "running": 400}
    jobs = {}
    for name in ages:
        jobs[name] = select(owner=officer, commitments=Commitment.objects.filter(pk=pledge.pk))
    for name, days in ages.items():
        moment = NOW - dt.timedelta(days=days)
        fields: dict[str, Any] = {"created_at": moment}
        if name != "selection":
            fields |= {"act": "move", "transition": "start", "begun_at": moment}
        if name.startswith("finished"):
            fields["finished_at"] = moment
        BulkJob.objects.filter(pk=jobs[name].pk).update(**fields)
    assert removed() == {
        "selections without an action": 1,
        "results of bulk actions of more than 90 days ago": 1,
        "removed in all": 2,
    }
    assert set(BulkJob.objects.values_list("pk", flat=True)) == {
        jobs["finished lately"].pk,
        jobs["running"].pk,
    }


def test_old_files_that_nothing_names_are_removed_and_evidence_stays(media: Path) -> None:
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4 minutes")
    add_evidence(commitment=make.commitment(), actor=make.user("officer"), title="A", file=pdf)
    kept = media / Evidence.objects.get().file.name
    for name in ("evidence/aa/orphan.pdf", "evidence/aa/new-orphan.pdf"):
        default_storage.save(name, ContentFile(b"x"))
    unfinished = media / "evidence" / "aa" / ".part-1"
    unfinished.write_bytes(b"x")
    for path in (kept, media / "evidence/aa/orphan.pdf", unfinished):
        make_old(path, days=900)
    assert removed() == {
        "uploaded files that nothing names": 1,
        "unfinished uploads": 1,
        "removed in all": 2,
    }
    assert kept.exists()
    assert [path.name for path in (media / "evidence" / "aa").iterdir()] == ["new-orphan.pdf"]


def test_an_orphan_that_is_uploaded_again_is_new_again(media: Path) -> None:
    """Between the check of an upload and its row, housekeeping must not take the file away."""
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4 minutes")
    path = media / store_file(pdf).stored_as
    make_old(path)
    assert store_file(pdf).stored_as == str(path.relative_to(media))
    assert removed() == {}
    assert path.exists()


def test_an_orphan_that_is_uploaded_while_it_is_being_removed_stays(media: Path) -> None:
    """It is found to be old, and uploaded again just before it is taken away."""
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4 minutes")
    path = media / store_file(pdf).stored_as
    make_old(path)
    rename = Path.rename

    def upload_first(self: Path, target: Path) -> Path:
        if self == path:
            store_file(pdf)
        return rename(self, target)

    with mock.patch.object(Path, "rename", upload_first):
        assert removed() == {}
    assert path.read_bytes() == b"%PDF-1.4 minutes"


def test_expired_entries_of_the_cache_are_removed() -> None:
    cache.set("kept", 1, timeout=60)
    cache.set("expired", 1, timeout=60)
    key = cache.make_key("expired")
    with connection.cursor() as cursor:
        before = connection.ops.adapt_datetimefield_value(NOW.replace(microsecond=0) - dt.timedelta(hours=1))
        cursor.execute("UPDATE shared_cache SET expires = %s WHERE cache_key = %s", [before, key])
    assert removed() == {"expired entries of the cache": 1, "removed in all": 1}
    assert cache.get("kept") == 1


def test_a_folder_that_a_killed_backup_has_left_is_removed() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a folder")
    folder = Path(connection.settings_dict["NAME"]).parent
    old, new = folder / ".backup-old-test", folder / ".restore-new-test"
    for each in (old, new):
        each.mkdir()
        (each / "database.sqlite3").write_bytes(b"x")
    make_old(old)
    try:
        assert removed() == {"unfinished backups and restores": 1, "removed in all": 1}
        assert (old.exists(), new.exists()) == (False, True)
    finally:
        (new / "database.sqlite3").unlink()
        new.rmdir()
