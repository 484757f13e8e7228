"""References: given once, serial without gap or duplicate (docs/rules.md#references)."""

from collections.abc import Iterable

from django.db.models import F

from commitments.models import ReferenceCounter
from core.locks import NamedLock, hold


def prefix_of(codes: Iterable[str]) -> str:
    """The parties' ISO codes in alphabetical order, run together: ``KHVN``."""
    return "".join(sorted(codes))


def format_reference(prefix: str, year: int, serial: int) -> str:
    """``KHVN-2025-014``: a serial of at least three digits."""
    return f"{prefix}-{year:04d}-{serial:03d}"


def lock_serials() -> None:
    """Let nobody else take serials of several counters until the transaction ends.

    Two transactions that each need several counters could otherwise wait for each other.
    """
    hold(NamedLock.SERIALS)


def take_serials(*, prefix: str, year: int, how_many: int = 1) -> range:
    """The next serials of ``prefix`` in ``year``; their counter stays locked until the transaction ends.

    Call it inside a transaction: what is rolled back leaves no gap.
    """
    counter = ReferenceCounter.objects.filter(prefix=prefix, year=year)
    beyond = F("last") + how_many
    if not counter.update(last=beyond):
        ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
        counter.update(last=beyond)
    last = counter.values_list("last", flat=True).get()  # nobody else moves it: the update has locked it
    return range(last - how_many + 1, last + 1)
