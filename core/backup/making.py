"""Make a backup while the site is in use, and check it."""

import datetime as dt
import importlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.backup.archive import ABOUT, FILES, About, Archive, ArchiveWriter, chunks_of, opened
from core.backup.encryption import Recipients, decrypted, encrypting
from core.backup.problems import BackupProblem
from core.backup.snapshots import Snapshot
from core.models import Backup
from core.storage import sha256_of_file, sync_folder

Say = Callable[[str], None]
"""Takes a line about the progress."""

_EVERY = 500
"""So many files are copied between two words about the progress."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and what it says of itself."""

    backup: Backup
    about: About


def engine(vendor: str | None = None) -> ModuleType:
    """What backs up and restores the kind of database ``vendor``; without it, that of the site."""
    return importlib.import_module(f"core.backup.{vendor or connection.vendor}")


def make_backup(path: Path, *, recipients: Recipients | None = None, say: Say) -> Made:
    """Write everything of the site to ``path``, which appears there only when it is whole and checked.

    An encrypted backup is not read again, since this machine need not have the key. Raises ``BackupProblem``
    and ``OSError``; then there is no file at ``path``, and nothing is recorded.
    """
    path = path.resolve()
    if path.exists():
        raise BackupProblem(f"{path} exists already. Name another file: a backup replaces no other one.")
    if not path.parent.is_dir():
        raise BackupProblem(f"The folder {path.parent} does not exist. Create it.")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with open(handle, "wb") as file:
            with encrypting(recipients, file) as stream:
                about = _write(stream, say)
            file.flush()
            os.fsync(file.fileno())
        if recipients is None:
            say("Checking what was written.")
            verify_backup(draft)
        backup = Backup(
            made_at=dt.datetime.fromisoformat(about.made_at),
            name=path.name,
            size=draft.stat().st_size,
            sha256=_sha256(draft),
            is_encrypted=recipients is not None,
            missing=len(about.missing),
        )
        _publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    try:
        backup.save()
    except DatabaseError as error:
        say(f"The backup is good, but the database could not record that it was made: {error}")
    return Made(backup, about)


def verify_backup(path: Path, *, identity: Path | None = None) -> Archive:
    """Read the whole backup at ``path`` and compare it with its checksums. Raises ``BackupProblem``."""
    with decrypted(path, identity) as stream, opened(stream) as archive:
        archive.check_all()
        with tempfile.TemporaryDirectory(prefix="backup-") as folder:
            database = Path(folder) / archive.about.database
            with database.open("wb") as file:
                archive.copy(archive.about.database, file)
            engine(archive.about.vendor).check(database)
        return archive


def _publish(draft: Path, path: Path) -> None:
    """Give ``draft`` its name, unless a file has it by now."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise BackupProblem(f"{path} exists already. A backup replaces no other one.") from None
    except OSError:
        # Some network folders have no hard links.
        draft.rename(path)
    sync_folder(path.parent)


def _write(stream: IO[bytes], say: Say) -> About:
    made_at = timezone.now().isoformat(timespec="seconds")
    with engine().snapshot() as snapshot, ArchiveWriter(stream) as archive:
        wanted = _referenced_files(snapshot)
        lost = [name for name in wanted if not default_storage.exists(name)]
        about = _about(snapshot, made_at, lost)
        archive.add(ABOUT, [about.as_bytes()])
        say("Copying the database.")
        # PostgreSQL compresses its own file.
        size = archive.add(about.database, snapshot.content(), compress=about.vendor == "sqlite")
        say(f"Database: {size:,} bytes.")
        say(f"Copying {len(wanted) - len(lost):,} uploaded files.")
        for number, name in enumerate(sorted(set(wanted) - set(lost)), 1):
            with default_storage.open(name) as file:
                archive.add(FILES + name, chunks_of(file))
            if number % _EVERY == 0:
                say(f"{number:,} of {len(wanted) - len(lost):,} files.")
    return about


def _about(snapshot: Snapshot, made_at: str, lost: list[str]) -> About:
    migrations = MigrationRecorder.Migration._meta.db_table
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    # A backup may be made by a new version of the program, before the database is migrated.
    tables = sorted(ours.intersection(connection.introspection.table_names()))
    applied = snapshot.rows(f"SELECT app, name FROM {migrations} ORDER BY app, name")  # noqa: S608
    return About(
        made_at=made_at,
        program=settings.VERSION,
        vendor=connection.vendor,
        server=snapshot.server,
        key=key_mark(),
        migrations=[list(each) for each in applied],
        rows=count_rows(snapshot.rows, tables),
        missing=sorted(lost),
    )


def count_rows(rows: Callable[[str], list[tuple[Any, ...]]], tables: Iterable[str]) -> dict[str, int]:
    """The number of rows of each of ``tables``."""
    quote = connection.ops.quote_name
    return {table: rows(f"SELECT count(*) FROM {quote(table)}")[0][0] for table in tables}  # noqa: S608


def key_mark() -> str:
    """A text that two sites share only if they have the same ``SECRET_KEY``. It does not tell the key."""
    return salted_hmac("core.backup", "the same key", algorithm="sha256").hexdigest()[:16]


def _referenced_files(snapshot: Snapshot) -> list[str]:
    """The names of all uploaded files that the database names at the moment of the snapshot."""
    names: set[str] = set()
    quote = connection.ops.quote_name
    present = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.concrete_fields:
            if isinstance(each, models.FileField) and model._meta.db_table in present:
                table, column = quote(model._meta.db_table), quote(str(each.column))
                found = snapshot.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
                names |= {name for (name,) in found}
    return sorted(names)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return sha256_of_file(file)
