"""What prevents a start is told in one sentence: wrong settings, no database, no room on the disk."""

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

_DISK = {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EPERM, errno.EROFS}
_NO_TABLES = "The database has no tables, or those of another version. Run manage.py migrate."
_DAMAGED = "The file is not an SQLite database, or it is damaged. Restore it from a backup."
_SQLITE = {
    "file is not a database": _DAMAGED,
    "malformed": _DAMAGED,
    "unable to open": "The file of the database cannot be opened. Its folder must exist and be writable.",
    "readonly": "The SQLite database is read-only. Make the file and its folder writable.",
    "is full": "The disk of the SQLite database is full. Make room on it.",
    "disk i/o error": "The disk of the SQLite database cannot be read or written.",
    "no such table": _NO_TABLES,
}


@contextmanager
def told_in_one_sentence(*, status: int = 1) -> Iterator[None]:
    """End the process with ``status`` and a sentence, not with a traceback, if the program is not at fault.

    ``--traceback`` on the command line asks for the traceback.
    """
    try:
        yield
    except (ImproperlyConfigured, DatabaseError, OSError) as error:
        sentence = reason(error)
        if not sentence or "--traceback" in sys.argv:
            raise
        print(f"Error: {sentence}", file=sys.stderr)
        sys.exit(status)


def reason(error: Exception) -> str:
    """What is wrong and what to do; "" for an error of the program."""
    said, cause = " ".join(str(error).split()), error.__cause__
    advice = ""
    if isinstance(error, ImproperlyConfigured):
        return said
    if isinstance(error, OSError) and error.errno in _DISK:
        return (
            f"{error.filename or 'A file'}: {os.strerror(error.errno)}. Check the rights and the free space."
        )
    if isinstance(cause, sqlite3.Error):
        advice = next((text for words, text in _SQLITE.items() if words in said.lower()), "")
    elif isinstance(cause, psycopg.errors.UndefinedTable):
        advice = _NO_TABLES
    elif isinstance(cause, psycopg.errors.InsufficientPrivilege):
        advice = "The database role may not do this. Run manage.py migrate as the owner of the tables."
    elif isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        advice = "The database of DATABASE_URL cannot be reached. Check the address and the server."
    return f"{advice} ({said})" if advice else ""
