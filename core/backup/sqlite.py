"""Backup and restore of an SQLite database."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, connections

from core.backup.archive import chunks_of_path
from core.backup.problems import BackupProblem
from core.backup.snapshots import Snapshot
from core.exact_decimals import COLLATION, compared

_WAIT_SECONDS = 20


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database at this moment, while others go on to write."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=_folder()) as folder:
        path = Path(folder) / "database.sqlite3"
        with connection.cursor() as cursor:
            # VACUUM INTO reads in one transaction. A copy of the file would lack what is in its log.
            cursor.execute("VACUUM INTO %s", [str(path)])
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            yield Snapshot(
                server=sqlite3.sqlite_version,
                content=lambda: chunks_of_path(path),
                rows=lambda sql: copy.execute(sql).fetchall(),
            )


def check(path: Path) -> None:
    """Whether the file is a whole SQLite database. Raises ``BackupProblem``."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            database.create_collation(COLLATION, compared)
            found = database.execute("PRAGMA integrity_check").fetchall()
            astray = database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupProblem(f"The database in the backup is damaged ({error}). Take another one.") from None
    if found != [("ok",)] or astray:
        raise BackupProblem("The database in the backup is damaged. Take another one.")


def install(path: Path) -> None:
    """Put the database at ``path`` in the place of the site's, whole or not at all."""
    name = str(connection.settings_dict["NAME"])
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        raise BackupProblem("A database in memory cannot be restored. Name a file in DATABASE_URL.")
    connections.close_all()
    try:
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(name, timeout=_WAIT_SECONDS)) as target,
        ):
            # One transaction, which respects whoever has the file open, and keeps its owner and its rights.
            source.backup(target)
    except sqlite3.DatabaseError as error:
        raise BackupProblem(
            f"The database could not be written ({error}). Nothing was changed. Stop the site, make room "
            "on the disk, and restore again."
        ) from None


def _folder() -> Path | None:
    """The folder of the database. What it holds there in plain text should be on no other disk."""
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        return None
    folder = Path(connection.settings_dict["NAME"]).parent
    if not folder.is_dir():
        raise DatabaseError(f"unable to open database file: {folder} does not exist")
    return folder
