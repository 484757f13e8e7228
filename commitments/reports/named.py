"""A commitment where it is only named: beside another, under a meeting, in a box of the overview."""

from dataclasses import dataclass
from typing import Any

from commitments.choices import Status
from commitments.querysets import AsOf
from commitments.reports.addresses import on_day


@dataclass(frozen=True, slots=True)
class Named:
    """What a line says of it: as it stood on the day of the page, and where its own page is."""

    reference: str
    title: str
    url: str
    status: Status
    deadline_wording: str


def named(commitment: Any, as_of: AsOf) -> Named:
    """The line of a commitment that came through ``at``."""
    return Named(
        reference=commitment.reference,
        title=commitment.title,
        url=on_day(commitment.get_absolute_url(), as_of),
        status=Status(commitment.status_then),
        deadline_wording=commitment.wording_then,
    )
