"""What prevents a start is told in one sentence, with an exit status."""

import errno
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError
from psycopg import errors

from config.start import told_in_one_sentence

ROOT = Path(__file__).resolve().parents[2]
MIGRATE = (sys.executable, "manage.py", "migrate")
SERVE = (sys.executable, "-c", "import config.wsgi")


def run(command: tuple[str, ...], url: str, limit: Callable[[], None] | None = None) -> tuple[int, list[str]]:
    """The exit status of ``command`` on the database at ``url``, and the lines of its error output."""
    done = subprocess.run(  # noqa: S603  (our own interpreter, our own words)
        command,
        cwd=ROOT,
        env={"SECRET_KEY": "x" * 60, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,  # noqa: PLW1509
    )
    return done.returncode, done.stderr.splitlines()


def fill_the_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.parametrize(("command", "status"), [(MIGRATE, 1), (SERVE, 3)], ids=["manage.py", "gunicorn"])
def test_a_wrong_address_of_the_database(command: tuple[str, ...], status: int) -> None:
    assert run(command, "postgre://me:secret@host/name") == (
        status,
        [
            "Error: DATABASE_URL is not the address of a database. "
            "Write postgres://user:password@host:5432/name or sqlite:////path/to/file."
        ],
    )


def test_a_server_that_does_not_run() -> None:
    status, lines = run(MIGRATE, "postgres://me:secret@127.0.0.1:1/name")
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("Error: The database of DATABASE_URL cannot be reached.")
    assert "secret" not in lines[0]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("No database. " * 100)
    status, lines = run(MIGRATE, f"sqlite:///{tmp_path}/db")
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("Error: The file is not an SQLite database, or it is damaged. Restore it")


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    status, lines = run(MIGRATE, f"sqlite:///{tmp_path}/db", fill_the_disk)
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("Error: The disk of the SQLite database")


def caused(error: type[DatabaseError], cause: Exception) -> DatabaseError:
    raised = error(*cause.args)
    raised.__cause__ = cause
    return raised


NO_SPACE = OSError(errno.ENOSPC, "No space left on device", "staticfiles/base.css")
READ_ONLY = caused(OperationalError, sqlite3.OperationalError("attempt to write a readonly database"))
NO_TABLE = caused(ProgrammingError, errors.UndefinedTable('relation "x" does not exist'))
NO_RIGHT = caused(ProgrammingError, errors.InsufficientPrivilege("must be owner of table x"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NO_SPACE, "staticfiles/base.css: No space left on device. Check the rights and the free space."),
        (READ_ONLY, "The SQLite database is read-only. Make the file and its folder writable."),
        (NO_TABLE, "Run manage.py migrate."),
        (NO_RIGHT, "Run manage.py migrate as the owner of the tables."),
    ],
)
def test_what_is_wrong_and_what_to_do(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended, told_in_one_sentence():
        raise error
    assert ended.value.code == 1
    assert words in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate", "--traceback"])
    with pytest.raises(type(error)), told_in_one_sentence():
        raise error


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "No such file"), caused(OperationalError, ValueError("x"))]
)
def test_an_error_of_the_program_keeps_its_traceback(error: Exception) -> None:
    with pytest.raises(type(error)), told_in_one_sentence():
        raise error
