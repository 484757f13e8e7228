"""Named locks of the database, for work that only one transaction may do at a time."""

from enum import IntEnum, unique

from django.db import connection


@unique
class NamedLock(IntEnum):
    """Every advisory lock of the program. No two have the same number: one would wait for the other."""

    SUPERSESSIONS = 7_240_713
    """Held while a commitment is superseded: two at a time could close a circle of successors."""

    SERIALS = 7_240_714
    """Held while one transaction takes serials of several counters, so that two transactions cannot wait for
    each other's counters."""

    REGISTER_LOAD = 7_240_715
    """Held while a register file is loaded, so that two loads cannot run at the same time."""

    AUDIT_SEALS = 7_240_716
    """Held while entries of the audit log are sealed: the chain has one end."""

    BRIEFING_TEMPLATES = 7_240_717
    """Held while a template of briefings is stored, so that two get different versions."""

    SECOND_STEP = 7_240_718
    """Held while the roles that require two-step sign-in are written, so that the event says what changed."""


def hold(lock: NamedLock) -> None:
    """Wait for ``lock``, then hold it until the transaction ends.

    Call it inside a transaction. SQLite has one writer at a time and needs no such lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lock)])
