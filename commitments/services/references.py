"""References of commitments, with serials that have no gaps and no duplicates (docs/rules.md#references)."""

from collections.abc import Iterable

from django.db.models import F, Max

from commitments.models import Commitment, ReferenceCounter
from core.locks import NamedLock, hold


def prefix_of(codes: Iterable[str]) -> str:
    """The ISO codes of the parties in alphabetical order, joined: ``KHVN``."""
    return "".join(sorted(codes))


def format_reference(prefix: str, year: int, serial: int) -> str:
    """A reference such as ``KHVN-2025-014``. The serial has at least three digits."""
    return f"{prefix}-{year:04d}-{serial:03d}"


def lock_serials() -> None:
    """Let nobody else take serials of several counters until the transaction ends.

    Two transactions that each need several counters could otherwise wait for each other.
    """
    hold(NamedLock.SERIALS)


def take_serials(*, prefix: str, year: int, how_many: int = 1) -> range:
    """Return the next ``how_many`` serials of ``prefix`` in ``year``.

    Call it inside a transaction. The counter stays locked until the transaction ends, and a rollback leaves
    no gap.
    """
    counter = ReferenceCounter.objects.filter(prefix=prefix, year=year)
    new_last = F("last") + how_many
    if not counter.update(last=new_last):
        ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
        counter.update(last=new_last)
    last = counter.values_list("last", flat=True).get()  # the update above has locked the row
    return range(last - how_many + 1, last + 1)


def raise_serial(*, prefix: str, year: int, last: int) -> None:
    """Take all serials up to ``last`` that are not taken yet. Call it inside a transaction."""
    ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
    ReferenceCounter.objects.filter(prefix=prefix, year=year, last__lt=last).update(last=last)


def give_back_serials(*, prefix: str, year: int) -> None:
    """Give back the serials after the last one that a commitment has. Call it inside a transaction."""
    counter = ReferenceCounter.objects.select_for_update().filter(prefix=prefix, year=year).first()
    if counter is None:
        return
    # Whoever took a serial has committed or rolled back: the counter was locked until then.
    used = Commitment.objects.filter(prefix=prefix, year=year).aggregate(last=Max("serial"))["last"]
    if used is None:
        counter.delete()
    elif used < counter.last:
        counter.last = used
        counter.save(update_fields=["last"])
