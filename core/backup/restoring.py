"""Restore a backup into a site that has no entries yet."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core.backup.archive import FILES, About, Archive, opened
from core.backup.encryption import decrypted
from core.backup.making import Say, count_rows, engine, key_mark
from core.backup.problems import BackupProblem
from core.migration_state import of_a_newer_program
from core.storage import FREE_BYTES, folder_of_uploads, sha256_of_file

FILLED_BY_MIGRATE = {
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
    "sessions.Session",
    "commitments.IndexVersion",
    "core.Backup",
}
"""The models that may have rows in a site without entries: ``migrate`` or a look at the site wrote them."""

_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore_backup(path: Path, *, identity: Path | None = None, say: Say) -> About:
    """Put everything of the backup at ``path`` into this site. Raises ``BackupProblem``.

    All of it is read and checked before anything is written. The database comes last, so that a restore that
    was interrupted is simply repeated.
    """
    with decrypted(path, identity) as stream, opened(stream) as archive:
        _require_fitting(archive.about)
        _require_empty()
        _require_room(archive.size)
        say("Checking the backup.")
        archive.check_all()
        new = _new_files(archive)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=_folder()) as folder:
            database = Path(folder) / archive.about.database
            with database.open("wb") as file:
                archive.copy(archive.about.database, file)
            engine().check(database)
            if connection.vendor == "postgresql":
                # It creates the extensions, and shows that the rights suffice, while nothing is lost yet.
                say("Creating the tables.")
                call_command("migrate", verbosity=0)
            say(f"Writing {len(new):,} uploaded files.")
            for name in new:
                _write_file(archive, name)
            say("Writing the database.")
            engine().install(database)
        _require_rows(archive.about)
        say("Bringing the database up to this version.")
        call_command("migrate", verbosity=0)
        return archive.about


def has_other_key(about: About) -> bool:
    """Whether the backup was made with another ``SECRET_KEY`` than this site has."""
    return about.key != key_mark()


def entries() -> Iterator[str]:
    """The tables of this site that have entries. A site without them is empty."""
    tables = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in FILLED_BY_MIGRATE or model._meta.db_table not in tables:
            continue
        if model._default_manager.exists():
            yield model._meta.db_table


def _require_fitting(about: About) -> None:
    if about.vendor != connection.vendor:
        raise BackupProblem(
            f"The backup is one of {_KINDS[about.vendor]}, and DATABASE_URL names a database of "
            f"{_KINDS[connection.vendor]}. Between the two, dump_register and load_register move the "
            "register."
        )
    if of_a_newer_program((app, name) for app, name in about.migrations):
        raise BackupProblem(
            f"The backup was made by a newer version of the program, {about.program}. This one is "
            f"{settings.VERSION}. Install that one, and restore again."
        )


def _require_empty() -> None:
    tables = set(connection.introspection.table_names())
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    known |= {MigrationRecorder.Migration._meta.db_table, *_cache_tables()}
    others = sorted(each for each in tables - known if "_trigrams" not in each)
    if others:
        raise BackupProblem(
            f"The database has tables of another program: {', '.join(others[:5])}. Name an empty database in "
            "DATABASE_URL."
        )
    if full := next(entries(), None):
        raise BackupProblem(
            f"This site has entries already (the first are in {full}). A backup is restored only into an "
            "empty one: name an empty database in DATABASE_URL."
        )
    if connection.vendor == "postgresql" and (others_connected := _connected_others()):
        raise BackupProblem(
            f"The database is in use by {others_connected} other connections. Stop the site and its "
            "workers, and restore again."
        )


def _cache_tables() -> set[str]:
    return {str(each["LOCATION"]) for each in settings.CACHES.values() if "LOCATION" in each}


def _connected_others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        return int(cursor.fetchone()[0])


def _require_room(size: int) -> None:
    for folder in filter(None, (_folder(), _uploads())):
        free = shutil.disk_usage(folder).free
        # The database is there twice for a moment.
        if free < 2 * size + FREE_BYTES:
            raise BackupProblem(
                f"There is too little room for the backup: {2 * size:,} bytes are needed in {folder}, and "
                f"{free:,} are free."
            )


def _folder() -> Path | None:
    """Where the database is unpacked: beside that of SQLite, else in the folder for temporary files."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        return Path(connection.settings_dict["NAME"]).resolve().parent
    return Path(tempfile.gettempdir())


def _uploads() -> Path | None:
    folder = folder_of_uploads()
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _new_files(archive: Archive) -> list[str]:
    """The files that the site does not have. Raises ``BackupProblem`` if it has another one of that name."""
    new = []
    for name in archive.files:
        if not default_storage.exists(name):
            new.append(name)
            continue
        with default_storage.open(name) as file:
            if sha256_of_file(file) != archive.sha256(FILES + name):
                raise BackupProblem(
                    f"The folder of uploaded files has another file named {name}. Take an empty folder, "
                    "and restore again."
                )
    return new


def _write_file(archive: Archive, name: str) -> None:
    with tempfile.TemporaryFile() as file:
        archive.copy(FILES + name, file)
        file.seek(0)
        stored = default_storage.save(name, File(file, name=os.path.basename(name)))
    if stored != name:
        raise BackupProblem(
            f"The store of uploaded files gave {name} another name: {stored}. Take an empty one."
        )


def _require_rows(about: About) -> None:
    """The proof that the database has arrived: each table has as many rows as it had."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    present = set(connection.introspection.table_names())
    counted = count_rows(rows, sorted(present & about.rows.keys()))
    if counted != about.rows:
        wrong = sorted(name for name in about.rows if counted.get(name) != about.rows[name])
        raise BackupProblem(
            f"These tables have not the rows of the backup: {', '.join(wrong)}. Take another backup."
        )
