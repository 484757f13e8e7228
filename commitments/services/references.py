"""References: given once, serial without gap or duplicate."""

from collections.abc import Iterable

from commitments.models import ReferenceCounter


def prefix_of(codes: Iterable[str]) -> str:
    """The parties' ISO codes in alphabetical order, run together: ``KHVN``."""
    return "".join(sorted(codes))


def format_reference(prefix: str, year: int, serial: int) -> str:
    """``KHVN-2025-014``: a serial of at least three digits."""
    return f"{prefix}-{year:04d}-{serial:03d}"


def take_serial(*, prefix: str, year: int) -> int:
    """The next serial of ``prefix`` in ``year``; its counter stays locked until the transaction ends.

    Call it inside a transaction: what is rolled back leaves no gap.
    """
    ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
