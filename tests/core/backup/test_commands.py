"""`manage.py backup` and `restore`: everything of a site, while it is in use, into an empty one."""

import hashlib
import shutil
import subprocess
import threading
import time
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import ApiToken, User
from commitments.models import Commitment, Evidence, SavedView, StatusChange
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition
from core.append_only import missing_guards
from core.backup import making, postgresql, restoring
from core.backup.making import count_rows
from core.health import what_is_missing
from core.models import Backup
from tests import factories as make
from tests.core.backup.conftest import Elsewhere, dump, pdf, run

pytestmark = pytest.mark.django_db(transaction=True)


def sha256_of_path(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def everything() -> dict[str, Any]:
    """What two sites must agree in."""
    return {
        "register": dump(),
        "accounts": list(User.objects.order_by("pk").values()),
        "tokens": list(ApiToken.objects.order_by("pk").values()),
        "views": list(SavedView.objects.order_by("pk").values()),
        "history": list(Commitment.history.order_by("pk").values()),
        "files": {
            name: sha256_of_path(Path(default_storage.path(name)))
            for name in Evidence.objects.exclude(file="").values_list("file", flat=True)
        },
    }


@pytest.mark.parametrize("migrated", [True, False])
def test_a_restored_site_is_the_same_one(
    site: Path, elsewhere: Elsewhere, tmp_path: Path, migrated: bool
) -> None:
    before = everything()
    assert len(before["files"]) == 1
    printed = run("backup", tmp_path / "a.zip")
    assert "1 uploaded files" in printed
    with elsewhere(migrated=migrated):
        assert "Restored: the site as it was" in run("restore", tmp_path / "a.zip")
        assert everything() == before
        assert missing_guards() == set()
        assert list(what_is_missing()) == []
        signed_in = Client().post("/accounts/login/", {"login": "tran", "password": "correct horse battery"})
        assert signed_in.status_code == 302
        # It goes on where the other stopped: the next rows get numbers of their own.
        make.commitment()
        assert Commitment.objects.count() == 2


def test_a_backup_is_listed_checked_and_recorded(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    run("backup", path)
    [made] = Backup.objects.all()
    assert (made.name, made.is_encrypted, made.missing) == ("a.zip", False, 0)
    assert made.size == path.stat().st_size
    assert made.sha256 == sha256_of_path(path)
    assert path.stat().st_mode & 0o777 == 0o600
    names = zipfile.ZipFile(path).namelist()
    assert names[0] == "about.json"
    assert sum(name.startswith("files/evidence/") for name in names) == 1
    printed = run("backup", "--verify", path)
    assert "uploaded files: 1" in printed
    assert f"{path} is whole" in printed
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["a.zip"]
    assert Backup.objects.count() == 1


def test_what_was_confirmed_before_a_backup_is_in_it_while_others_write(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """A thread registers commitments with a file each, and starts them, before and while it is made."""
    confirmed: list[str] = []
    stop, going = threading.Event(), threading.Event()
    officer = make.user("officer")

    def write() -> None:
        try:
            while not stop.is_set():
                pledge = make.commitment(actor=officer)
                add_evidence(commitment=pledge, actor=officer, title="A", file=pdf(pledge.reference))
                apply_transition(commitment=pledge, name="start", actor=officer, note="Begun.")
                confirmed.append(pledge.reference)
                if len(confirmed) >= 3:
                    going.set()
        finally:
            connection.close()

    def wait_for_more(snapshot: Any) -> list[str]:
        wanted, until = len(confirmed) + 2, time.monotonic() + 60
        while len(confirmed) < wanted and time.monotonic() < until:
            time.sleep(0.01)
        return original(snapshot)

    original = making._referenced_files
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert going.wait(timeout=60)
        before = list(confirmed)
        with mock.patch.object(making, "_referenced_files", wait_for_more):
            run("backup", tmp_path / "a.zip")
        assert len(confirmed) >= len(before) + 2
    finally:
        stop.set()
        writer.join(timeout=60)
    with elsewhere():
        run("restore", tmp_path / "a.zip")
        restored = set(Commitment.objects.values_list("reference", flat=True))
        assert set(before) <= restored
        # Each started commitment has both its changes, and its file: none is half there.
        for reference in before:
            assert StatusChange.objects.filter(commitment__reference=reference).count() == 2
        assert "are as they were uploaded" in run("check_evidence")


def test_a_file_whose_row_is_newer_than_the_backup_is_not_in_it(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """The rows and the list of files are of one moment. What is uploaded later belongs to the next backup."""
    original, seen = making._referenced_files, []

    def upload_meanwhile(snapshot: Any) -> list[str]:
        def upload() -> None:
            officer = make.user("officer")
            add_evidence(commitment=Commitment.objects.get(), actor=officer, title="B", file=pdf("later"))
            connection.close()

        writer = threading.Thread(target=upload)
        writer.start()
        writer.join(timeout=60)
        seen.extend(original(snapshot))
        return list(seen)

    with mock.patch.object(making, "_referenced_files", upload_meanwhile):
        run("backup", tmp_path / "a.zip")
    assert Evidence.objects.count() == 2
    assert len(seen) == 1
    with elsewhere():
        run("restore", tmp_path / "a.zip")
        assert Evidence.objects.count() == 1
        assert User.objects.count() == 2, "tran and who registered the commitment, not who came later"


def refused(*arguments: Any) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


def test_a_site_with_entries_is_not_overwritten(site: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "a.zip")
    before = everything()
    assert "This site has entries already" in refused("restore", tmp_path / "a.zip")
    assert everything() == before


@pytest.mark.parametrize("entry", ["account", "country"])
def test_one_entry_is_enough_to_refuse(site: Path, elsewhere: Elsewhere, tmp_path: Path, entry: str) -> None:
    run("backup", tmp_path / "a.zip")
    with elsewhere():
        make.user() if entry == "account" else make.country()
        assert "This site has entries already" in refused("restore", tmp_path / "a.zip")


def test_a_migrated_site_without_entries_is_empty(elsewhere: Elsewhere, client: Client) -> None:
    client.get("/accounts/login/")
    assert list(restoring.entries()) == []


def test_a_database_of_another_program_is_left_alone(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.zip")
    with elsewhere(migrated=False):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE payroll (amount integer)")
        assert "tables of another program: payroll" in refused("restore", tmp_path / "a.zip")
        assert connection.introspection.table_names() == ["payroll"]


def test_a_backup_of_the_other_database_or_of_a_newer_program_is_refused(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    run("backup", tmp_path / "a.zip")
    with mock.patch.object(restoring.connection, "vendor", other), elsewhere():
        assert "dump_register and load_register" in refused("restore", tmp_path / "a.zip")
    with (
        mock.patch.object(restoring, "of_a_newer_program", return_value={("core", "9999_new")}),
        elsewhere(),
    ):
        assert "made by a newer version of the program" in refused("restore", tmp_path / "a.zip")


def test_a_damaged_backup_changes_nothing(site: Path, elsewhere: Elsewhere, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    run("backup", path)
    path.write_bytes(path.read_bytes().replace(b"%PDF-1.4 minutes", b"%PDF-1.4 Minutes"))
    assert "damaged" in refused("backup", "--verify", path)
    with elsewhere():
        assert "damaged" in refused("restore", path)
        assert list(restoring.entries()) == []
        assert not default_storage.exists("evidence") or not default_storage.listdir("evidence")[1]


def test_another_file_of_the_same_name_is_not_overwritten(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    run("backup", tmp_path / "a.zip")
    name = Evidence.objects.get().file.name
    with elsewhere():
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True)
        path.write_text("somebody else's")
        assert "another file named" in refused("restore", tmp_path / "a.zip")
        assert path.read_text() == "somebody else's"


def test_a_restore_that_was_interrupted_is_repeated(site: Path, elsewhere: Elsewhere, tmp_path: Path) -> None:
    before = everything()
    run("backup", tmp_path / "a.zip")
    with elsewhere():
        with (
            mock.patch.object(restoring.engine(), "install", side_effect=KeyboardInterrupt),
            pytest.raises(KeyboardInterrupt),
        ):
            run("restore", tmp_path / "a.zip")
        run("restore", tmp_path / "a.zip")
        assert everything() == before


def test_a_restore_needs_room(site: Path, elsewhere: Elsewhere, tmp_path: Path) -> None:
    run("backup", tmp_path / "a.zip")
    with elsewhere(), mock.patch("shutil.disk_usage", return_value=mock.Mock(free=10_000)):
        assert "too little room" in refused("restore", tmp_path / "a.zip")


def test_a_backup_replaces_no_file_and_needs_its_folder(site: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("the backup of yesterday")
    assert "exists already" in refused("backup", tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_text() == "the backup of yesterday"
    assert "does not exist" in refused("backup", tmp_path / "none" / "a.zip")
    assert not Backup.objects.exists()


def test_a_backup_that_fails_leaves_nothing(site: Path, tmp_path: Path) -> None:
    with mock.patch.object(default_storage, "open", side_effect=OSError(28, "No space left on device")):
        assert "No space left" in refused("backup", tmp_path / "a.zip")
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == []
    assert not Backup.objects.exists()


def test_what_was_written_wrongly_gets_no_name(site: Path, tmp_path: Path) -> None:
    with mock.patch.object(making.engine(), "check", side_effect=making.BackupProblem("The disk lies.")):
        assert refused("backup", tmp_path / "a.zip") == "The disk lies."
    assert not (tmp_path / "a.zip").exists()


def test_a_file_that_the_site_has_lost_is_told_and_the_rest_is_backed_up(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    shutil.rmtree(site)
    assert "had lost 1 uploaded files" in refused("backup", tmp_path / "a.zip")
    assert Backup.objects.get().missing == 1
    with elsewhere():
        # The proof at the end of a restore says it again.
        assert "not as they were uploaded" in refused("restore", tmp_path / "a.zip")
        assert Commitment.objects.count() == 1


def test_another_secret_key_is_told(site: Path, elsewhere: Elsewhere, tmp_path: Path, settings: Any) -> None:
    run("backup", tmp_path / "a.zip")
    with elsewhere():
        settings.SECRET_KEY = "another"
        assert "SECRET_KEY is not that of the site" in run("restore", tmp_path / "a.zip")


def test_tables_are_counted() -> None:
    make.country("VN")
    make.country("KH")
    with connection.cursor() as cursor:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return cursor.fetchall()

        assert count_rows(rows, ["relations_country", "relations_agency"]) == {
            "relations_country": 2,
            "relations_agency": 0,
        }


@pytest.fixture
def gpg_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    home = tmp_path / "keys"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    make_key = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "backup@example.org"]
    subprocess.run([*make_key, "default", "default", "never"], check=True, capture_output=True)  # noqa: S603
    return "backup@example.org"


def test_an_encrypted_backup_is_read_with_the_key_only(
    site: Path, elsewhere: Elsewhere, tmp_path: Path, gpg_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    path = tmp_path / "a.zip.gpg"
    assert "encrypted" in run("backup", path, "--gpg", gpg_key)
    assert Backup.objects.get().is_encrypted
    assert b"minutes" not in path.read_bytes()
    assert "is whole" in run("backup", "--verify", path)
    with elsewhere():
        run("restore", path)
        assert everything() == before
    (tmp_path / "no keys").mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "no keys"))
    assert "gpg failed" in refused("backup", "--verify", path)


def test_a_backup_encrypted_with_age_is_read_with_its_key_only(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    if shutil.which("age") is None:
        pytest.skip("age is not installed")
    keys = [tmp_path / "key.txt", tmp_path / "another.txt"]
    for each in keys:
        subprocess.run(["age-keygen", "-o", str(each)], check=True, capture_output=True)  # noqa: S603, S607
    recipient = keys[0].read_text().splitlines()[1].removeprefix("# public key: ")
    before = everything()
    path = tmp_path / "a.zip.age"
    run("backup", path, "--age", recipient)
    assert b"minutes" not in path.read_bytes()
    assert "--identity FILE" in refused("backup", "--verify", path)
    assert "age failed" in refused("backup", "--verify", path, "--identity", keys[1])
    assert "is whole" in run("backup", "--verify", path, "--identity", keys[0])
    with elsewhere():
        run("restore", path, "--identity", keys[0])
        assert everything() == before


def test_an_unknown_recipient_leaves_no_file(site: Path, tmp_path: Path, gpg_key: str) -> None:
    assert "gpg failed" in refused("backup", tmp_path / "a.zip.gpg", "--gpg", "nobody@example.org")
    assert not (tmp_path / "a.zip.gpg").exists()


def test_without_the_program_for_encryption_nothing_is_written(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.backup.encryption.shutil.which", lambda program: None)
    for option, package in (("--age", "age"), ("--gpg", "gnupg")):
        message = refused("backup", tmp_path / "a.zip", option, "somebody")
        assert f"Install the package {package}" in message
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--age", "a", "--gpg", "b"], "not with both"),
        (["--verify", "--age", "a"], "nothing to encrypt"),
        (["--identity", "key.txt"], "is for --verify"),
        (["--verify"], "No such file"),
    ],
)
def test_wrong_options_are_told(tmp_path: Path, arguments: list[str], message: str) -> None:
    assert message in refused("backup", tmp_path / "a.zip", *arguments)


@pytest.mark.postgres
def test_an_old_pg_dump_is_told_with_what_to_install(site: Path, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("pg_dump is for PostgreSQL; run the suite with DATABASE_URL=postgres://…")
    with mock.patch.object(postgresql, "_major", return_value=9):
        message = refused("backup", tmp_path / "a.zip")
    server = connection.pg_version // 10_000
    assert f"pg_dump is of version 9, and the server of version {server}" in message
    assert f"postgresql-client-{server}" in message
    with mock.patch.object(postgresql, "_candidates", return_value=[]):
        assert "pg_dump is not installed" in refused("backup", tmp_path / "a.zip")


@pytest.mark.postgres
def test_the_role_of_the_application_can_back_up_and_keeps_its_rights(
    site: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles; run the suite with DATABASE_URL=postgres://…")
    role = f"aide_memoire_backup_{tmp_path.parent.name.replace('-', '_')}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {role}")
        cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
    try:
        call_command("grant_application_role", role)
        connection.close()
        with mock.patch.dict(connection.settings_dict, {"USER": role, "PASSWORD": "secret"}):
            run("backup", tmp_path / "a.zip")
            connection.close()
        with elsewhere():
            call_command("grant_application_role", role)
            run("restore", tmp_path / "a.zip")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT has_table_privilege(%s, 'commitments_statuschange', 'INSERT'), "
                    "has_table_privilege(%s, 'commitments_statuschange', 'UPDATE')",
                    [role, role],
                )
                assert cursor.fetchone() == (True, False)
                cursor.execute(f"DROP OWNED BY {role}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")
