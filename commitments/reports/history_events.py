"""What a page shows of the history: status changes, evidence, and rows of the history."""

import datetime as dt
from dataclasses import dataclass

from commitments.models import DayCorrection, Evidence
from commitments.reports.citations import Citation


@dataclass(frozen=True, slots=True)
class Change:
    """A status change, as pages show it."""

    occurred_on: dt.date
    first_on: dt.date
    corrections: tuple[DayCorrection, ...]
    recorded_at: dt.datetime
    from_key: str
    from_label: str
    to_key: str
    to_label: str
    label: str
    note: str
    actor: str
    outcome: str
    delivered_on: dt.date | None
    successor_id: int | None
    unconditional: bool
    reader_quote: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence, as pages list it. ``withdrawn_because`` is "" unless it was withdrawn."""

    evidence: Evidence
    url: str
    withdrawn_because: str

    @property
    def citation(self) -> Citation:
        """The evidence as a row of the history cites it."""
        return Citation(self.evidence.title, self.url, self.withdrawn_because)


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """A row of the history. Status changes have a ``change``, reports have ``parts``: labels and texts.

    A ``window`` in words stands for ``occurred_on`` where no day is known. ``struck`` is what was entered in
    error, to be struck through.
    """

    occurred_on: dt.date
    recorded_at: dt.datetime | None
    kind: str
    actor: str = ""
    change: Change | None = None
    parts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    citations: tuple[Citation, ...] = ()
    window: str = ""
    struck: str = ""


def name_of(actor: object | None) -> str:
    """The name of whoever did it; "" if nobody is known."""
    return str(actor) if actor else ""
