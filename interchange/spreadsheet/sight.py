"""What the owner of an import may still see of the commitments that its rows name.

A row keeps what its check told at the time. Since then a clearance or a desk may have been taken away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.models.commitment import REFERENCE
from interchange.choices import RowResult
from interchange.models import ImportRow

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Sight:
    """The commitments that rows name and that somebody sees, by reference; those written, by primary key."""

    references: frozenset[str]
    written: dict[int, Commitment]

    def made(self, row: ImportRow) -> Commitment | None:
        """The commitment that the row has written or changed, if it can be seen."""
        return self.written.get(row.commitment_id or 0)

    def hides(self, row: ImportRow) -> bool:
        """Whether the row is about a commitment that cannot be seen: nothing of the row is shown then."""
        if self.made(row) is not None:
            return False
        reference = row.plan.get("reference", "")
        was_seen = bool(row.plan.get("version") or row.twin)
        return row.commitment_id is not None or (was_seen and bool(reference) and not self.sees(reference))

    def sees(self, reference: str) -> bool:
        """Whether the commitment can be seen."""
        return reference in self.references

    def reasons(self, row: ImportRow) -> list[str]:
        """Why a row was refused or not taken back, each after the cell that it is about."""
        if self.hides(row):
            return [hidden()]
        own = row.plan.get("reference", "")  # as it stands in the file
        told = dict.fromkeys(
            each if all(self.sees(name) or name == own for name in _named(each)) else hidden()
            for each in _told(row)
        )
        return list(told)


def hidden() -> str:
    """What is said in place of what cannot be seen."""
    return _("You can no longer see this commitment.")


def sight_of(rows: Iterable[ImportRow], user: "User") -> Sight:
    """What ``user`` sees of the commitments that ``rows`` name, with two queries."""
    rows = list(rows)
    named = {row.plan.get("reference", "") for row in rows}
    named |= {twin for row in rows for twin in row.plan.get("twins", ())}
    named |= {name for row in rows for told in _told(row) for name in _named(told)}
    visible = Commitment.objects.visible_to(user).filter(reference__in=named)
    written = Commitment.objects.readable_by(user).filter(pk__in=[row.commitment_id for row in rows])
    return Sight(
        frozenset(visible.values_list("reference", flat=True)),
        {each.pk: each for each in written.only("reference", "title")},
    )


def _told(row: ImportRow) -> list[str]:
    if row.undone == RowResult.REFUSED:
        return [row.undone_detail]
    if row.result == RowResult.REFUSED:
        return [row.detail]
    return [f"{place}: {text}" if place else text for place, text in row.plan.get("errors", ())]


def _named(text: str) -> Iterator[str]:
    return (found.group() for found in REFERENCE.finditer(text))
