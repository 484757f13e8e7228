"""Named locks: each has its own number, and every advisory lock of the program is one of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from core.locks import NamedLock, hold

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

PACKAGES = (
    "accounts",
    "api",
    "commitments",
    "config",
    "core",
    "interchange",
    "notifications",
    "pages",
    "relations",
)


def test_no_two_locks_have_the_same_number() -> None:
    # Two names of one number are one member of the enumeration, but two of its names.
    assert len(NamedLock.__members__) == len(set(NamedLock.__members__.values()))
    assert len(NamedLock.__members__) == 6


def test_no_other_module_takes_an_advisory_lock() -> None:
    taking = {
        str(path.relative_to(settings.BASE_DIR))
        for package in PACKAGES
        for path in Path(settings.BASE_DIR, package).rglob("*.py")
        if "pg_advisory" in path.read_text(encoding="utf-8")
    }
    assert taking == {"core/locks.py"}


def _is_free(other: "BaseDatabaseWrapper", lock: NamedLock) -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(lock)])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no such locks")
@pytest.mark.parametrize("held", NamedLock)
def test_a_lock_is_held_until_the_transaction_ends_and_leaves_the_others_free(held: NamedLock) -> None:
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            hold(held)
            assert [lock for lock in NamedLock if not _is_free(other, lock)] == [held]
        assert _is_free(other, held)
    finally:
        other.close()
