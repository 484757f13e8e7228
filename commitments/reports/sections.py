"""Sections of a page: a group of commitments with its count, its first rows and a link to the full list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.links import Query, list_url
from commitments.reports.presence_strip import Scale, pairings_of, scale_for
from commitments.reports.row_relations import Side
from commitments.reports.rows import Row, Rows, rows_of
from commitments.reports.tables import Table, fixed_columns, table_of, titled, with_shown

FIRST, WHOLE = 25, 500
"""The most rows that a section shows among others, and alone."""
SOON, A_YEAR = 90, 365
"""On the pages of countries and agencies: the days within which a deadline is near, and without news."""
LastColumn = Literal["deadline", "last"]
"""What the last column of a section shows: the deadline, or the date of the last news."""


def days_after(day: dt.date, days: int) -> dt.date:
    """The date ``days`` after ``day``, at most ``date.max``."""
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))


def _part_of_agency(row: Row) -> str:
    """Whether the agency of the page leads, where the section says so."""
    is_led = getattr(row.commitment, "is_led", None)
    if is_led is None:
        return ""
    return _("lead agency") if is_led else _("supporting agency")


_FIRST_COLUMNS = with_shown(
    fixed_columns("reference", "title", "status", "obligated", "presence"), title=titled(_part_of_agency)
)
_COLUMNS = {
    "deadline": (*_FIRST_COLUMNS, *fixed_columns("deadline")),
    "last": (*_FIRST_COLUMNS, *fixed_columns("last_activity_on", last_activity_on="w-deadline")),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A group of commitments; ``url`` is the full list, ``empty`` the sentence for an empty group."""

    key: str
    label: str
    note: str
    empty: str
    url: str
    count: int
    rows: Rows
    last_column: LastColumn

    @property
    def table(self) -> Table:
        """The rows as the page shows them."""
        return table_of(self.rows, _COLUMNS[self.last_column])

    @property
    def remaining(self) -> int:
        """The number of commitments that the section does not show."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What the sections of one page share: visible commitments, date, and scale of the presence strips."""

    visible: CommitmentQuerySet
    as_of: AsOf
    scale: Scale

    @classmethod
    def of(cls, visible: CommitmentQuerySet, as_of: AsOf, *shown: CommitmentQuerySet) -> "SectionContext":
        """The context of a page that shows ``shown``."""
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
        last_column: LastColumn = "deadline",
        order: Iterable[OrderBy | str] | None = None,
        most: int = FIRST,
    ) -> Section:
        """The section of ``found``; ``query`` are the parameters of the list that shows the same."""
        by = order or ([LONGEST_QUIET] if last_column == "last" else [LATEST_DAY, LONGEST_QUIET])
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
            last_column=last_column,
        )


LATEST_DAY = F("latest_then").asc(nulls_last=True)
LONGEST_QUIET = F("last_activity_on").asc()


def countries_in(sections: Iterable[Section]) -> tuple[Side, ...]:
    """The countries with a column in any of the sections, for the legend."""
    found = {country.code: country for section in sections for country in section.rows.countries}
    return tuple(found.values())
