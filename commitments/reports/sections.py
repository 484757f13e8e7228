"""Commitments that stand alike, as a section of a page: how many, the first of them, and the list of all."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import F
from django.db.models.expressions import OrderBy

from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import Query, list_url
from commitments.reports.presence_strip import Scale, pairings_of, scale_for
from commitments.reports.rows import Rows, Side, rows_of

FIRST, WHOLE = 25, 500
"""Rows that a section shows, and those it shows when it is asked for alone."""
SOON, A_YEAR = 90, 365
"""Days in which something is due next, and after which silence is named on the pages of bodies."""


def days_after(day: dt.date, days: int) -> dt.date:
    """The day that lies ``days`` after ``day``, or the last there is."""
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))


@dataclass(frozen=True, slots=True)
class Section:
    """Commitments that stand alike; ``url`` is where all of them are, ``says`` what the last column tells."""

    key: str
    label: str
    note: str
    empty: str
    url: str
    count: int
    rows: Rows
    says: Literal["deadline", "last"]

    @property
    def rest(self) -> int:
        """How many more there are."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What the sections of one page share: what the reader may see, the day, and the scale of the strips."""

    visible: CommitmentQuerySet
    as_of: AsOf
    scale: Scale

    @classmethod
    def around(cls, visible: CommitmentQuerySet, as_of: AsOf, *shown: CommitmentQuerySet) -> "SectionContext":
        """The frame for sections of what is ``shown``."""
        pairings = {pairing for rows in shown for pairing in pairings_of(rows)}
        return cls(visible, as_of, scale_for(visible, as_of, pairings))

    def section(
        self,
        key: str,
        label: str,
        empty: str,
        found: CommitmentQuerySet,
        *,
        note: str = "",
        query: Query | None = None,
        url: str = "",
        says: Literal["deadline", "last"] = "deadline",
        order: Iterable[OrderBy | str] | None = None,
        most: int = FIRST,
    ) -> Section:
        """The section of ``found``; ``query`` are the parameters that show the same on the list."""
        by = order or ([LONGEST_QUIET] if says == "last" else [LATEST_DAY, LONGEST_QUIET])
        shown = found.with_last_activity(self.as_of).with_list_fields()
        shown = shown.order_by(*by, "prefix", "year", "serial")[:most]
        return Section(
            key=key,
            label=label,
            note=note,
            empty=empty,
            url=list_url(self.as_of, query) if query else url,
            count=found.count(),
            rows=rows_of(shown, self.visible, self.as_of, scale=self.scale),
            says=says,
        )


LATEST_DAY = F("latest_then").asc(nulls_last=True)
LONGEST_QUIET = F("last_activity_on").asc()


def countries_in(sections: Iterable[Section]) -> tuple[Side, ...]:
    """The countries that have a column in any of the sections, for the key."""
    found = {country.code: country for section in sections for country in section.rows.countries}
    return tuple(found.values())
