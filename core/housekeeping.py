"""What expires is removed by tasks, one for each kind, and each says how much it removed.

An app adds its tasks in a module ``housekeeping``, which is imported at the start.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.storage import folder_of_uploads

A_DAY = dt.timedelta(days=1)
"""No request, upload or command takes so long: what is older and unfinished was interrupted."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is removed, in words, and the function that removes it and returns how many there were."""

    removes: str
    carry_out: Callable[[], int]


_tasks: list[Task] = []


def housekeeping(removes: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Make a function a task of ``manage.py housekeeping``."""

    def add(carry_out: Callable[[], int]) -> Callable[[], int]:
        _tasks.append(Task(removes, carry_out))
        return carry_out

    return add


def tasks() -> list[Task]:
    """All tasks, in the order in which their modules were imported."""
    return list(_tasks)


@housekeeping("unfinished uploads")
def remove_unfinished_uploads() -> int:
    """Files that were being written when the program was killed. Complete ones have other names."""
    folder = folder_of_uploads()
    if folder is None:
        return 0
    return _remove(folder.rglob(".part-*"))


@housekeeping("unfinished backups and restores")
def remove_unfinished_backups() -> int:
    """Folders beside the database that a backup or a restore has left when it was killed."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return 0
    folder = Path(connection.settings_dict["NAME"]).parent
    return _remove([*folder.glob(".backup-*"), *folder.glob(".restore-*")])


@housekeeping("expired entries of the cache")
def remove_expired_cache() -> int:
    """Expired rows of the tables in which the database is a cache; another cache does this by itself."""
    removed = 0
    for each in settings.CACHES.values():
        if str(each["BACKEND"]).endswith("DatabaseCache"):
            table = connection.ops.quote_name(str(each["LOCATION"]))
            with connection.cursor() as cursor:
                now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
                cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608
                removed += cursor.rowcount
    return removed


def _is_old(path: Path) -> bool:
    modified = dt.datetime.fromtimestamp(path.lstat().st_mtime, tz=dt.UTC)
    return modified < timezone.now() - A_DAY


def _remove(paths: Iterable[Path]) -> int:
    """Remove those of ``paths`` that are old, folders with all that is in them; return how many."""
    old = [path for path in paths if _is_old(path)]
    for path in old:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return len(old)
