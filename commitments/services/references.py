"""References: given once, serial without gap or duplicate."""

from collections.abc import Iterable

from django.db import connection

from commitments.models import ReferenceCounter

_SERIALS_LOCK = 7_240_714


def prefix_of(codes: Iterable[str]) -> str:
    """The parties' ISO codes in alphabetical order, run together: ``KHVN``."""
    return "".join(sorted(codes))


def format_reference(prefix: str, year: int, serial: int) -> str:
    """``KHVN-2025-014``: a serial of at least three digits."""
    return f"{prefix}-{year:04d}-{serial:03d}"


def lock_serials() -> None:
    """For whoever takes serials of several counters in one transaction: one at a time, so that two cannot
    wait for each other's counters. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SERIALS_LOCK])


def take_serial(*, prefix: str, year: int) -> int:
    """The next serial of ``prefix`` in ``year``; its counter stays locked until the transaction ends.

    Call it inside a transaction: what is rolled back leaves no gap.
    """
    ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
