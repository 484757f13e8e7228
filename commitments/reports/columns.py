"""The columns of the register: one definition for every table that leaves the program."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Clearance
from commitments.choices import Nature
from commitments.reports.export_rows import Charged, ExportRow, Party
from commitments.reports.rows import Deadline

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Value = str | int | Decimal | dt.date | Choices | None
"""What a cell holds: typed, so that a sheet gets its dates as dates and a program its statuses as keys."""

PARAMETER = "columns"
BETWEEN = "; "
"""Between several names in one cell; agencies have commas in theirs."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name that programs use, the heading that people read, and what it says of an entry."""

    name: str
    heading: "str | _StrPromise"
    value: Callable[[ExportRow], Value]
    width: int = 16
    """In characters, on a sheet."""


def in_words(value: Value) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, dt.date):
        return date_format(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def timeline(deadline: Deadline) -> str:
    """The deadline in one text: the words as agreed, the days they can mean, when to look at it again."""
    first, last = in_words(deadline.earliest), in_words(deadline.latest)
    days = ""
    if first and last:
        days = _("%(first)s to %(last)s") % {"first": first, "last": last}
    elif last:
        days = _("by %(day)s") % {"day": last}
    elif first:
        days = _("from %(day)s") % {"day": first}
    words = f"“{deadline.wording}”" if deadline.wording else ""
    review = _("review on %(day)s") % {"day": in_words(deadline.review_on)} if deadline.review_on else ""
    return BETWEEN.join(filter(None, (words, days, review)))


def _names(named: Iterable[Party | Charged]) -> str:
    return BETWEEN.join(each.name for each in named)


def _of(owner: Any, field: str) -> Any:
    return getattr(owner, field) if owner is not None else None


def _presence(entry: ExportRow) -> str:
    spoken = entry.spoken
    meetings = ngettext("%(n)d meeting", "%(n)d meetings", spoken.meetings) % {"n": spoken.meetings}
    if spoken.last_on is None:
        return meetings
    return _("%(meetings)s, last on %(day)s") % {"meetings": meetings, "day": in_words(spoken.last_on)}


def _target(entry: ExportRow, field: str) -> Any:
    return _of(getattr(entry.commitment, "target", None), field)


def _figure(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the database keeps behind it."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


MATRIX = (
    Column("reference", gettext_lazy("Reference"), lambda row: row.commitment.reference, 18),
    Column("lead_agency", gettext_lazy("Lead agency"), lambda row: _names(row.leads), 28),
    Column("partner", gettext_lazy("Partner"), lambda row: _names(row.partners)),
    Column("content", gettext_lazy("Content"), lambda row: row.commitment.text, 48),
    Column("timeline", gettext_lazy("Timeline"), lambda row: timeline(row.deadline), 28),
    Column("challenges", gettext_lazy("Challenges"), lambda row: _of(row.progress, "challenges"), 36),
    Column(
        "recommendations",
        gettext_lazy("Recommendations"),
        lambda row: _of(row.progress, "recommendations"),
        36,
    ),
)
"""What the ministry asks of each commitment, behind its reference and in its order."""

REST = (
    Column("title", gettext_lazy("Commitment"), lambda row: row.commitment.title, 40),
    Column("status", gettext_lazy("Status"), lambda row: row.status),
    Column("nature", gettext_lazy("Nature"), lambda row: Nature(row.commitment.nature), 20),
    Column("theme", gettext_lazy("Theme"), lambda row: row.commitment.theme.name, 24),
    Column("deadline", gettext_lazy("Deadline as worded"), lambda row: row.deadline.wording, 24),
    Column("earliest", gettext_lazy("Earliest day"), lambda row: row.deadline.earliest, 13),
    Column("latest", gettext_lazy("Latest day"), lambda row: row.deadline.latest, 13),
    Column("review_on", gettext_lazy("Review on"), lambda row: row.deadline.review_on, 13),
    Column("overdue_days", gettext_lazy("Days overdue"), lambda row: row.deadline.overdue_days, 10),
    Column("obligated", gettext_lazy("Must act"), lambda row: _names(row.obligated), 20),
    Column("parties", gettext_lazy("Parties"), lambda row: _names(row.parties), 20),
    Column("beneficiaries", gettext_lazy("Gains"), lambda row: _names(row.beneficiaries)),
    Column("support_agencies", gettext_lazy("Supporting agencies"), lambda row: _names(row.supports), 28),
    Column("made_on", gettext_lazy("First made on"), lambda row: row.spoken.first_on, 13),
    Column("made_at", gettext_lazy("First made at"), lambda row: row.spoken.first_at, 32),
    Column("last_mention_on", gettext_lazy("Last mentioned on"), lambda row: row.spoken.last_on, 13),
    Column("last_mention_at", gettext_lazy("Last mentioned at"), lambda row: row.spoken.last_at, 32),
    Column("meetings", gettext_lazy("Meetings"), lambda row: row.spoken.meetings, 10),
    Column("last_activity_on", gettext_lazy("Last heard"), lambda row: row.last_on, 13),
    Column("achieved", gettext_lazy("Achieved"), lambda row: _of(row.progress, "achieved"), 36),
    Column("reported_on", gettext_lazy("Progress as of"), lambda row: _of(row.progress, "occurred_on"), 13),
    Column("evidence", gettext_lazy("Pieces of evidence"), lambda row: row.evidence, 10),
    Column("target", gettext_lazy("Target"), lambda row: _target(row, "indicator"), 28),
    Column("target_value", gettext_lazy("To reach"), lambda row: _figure(_target(row, "value")), 12),
    Column("target_unit", gettext_lazy("Unit"), lambda row: _target(row, "unit"), 14),
    Column(
        "reading_value", gettext_lazy("Latest figure"), lambda row: _figure(_of(row.reading, "value")), 12
    ),
    Column("reading_on", gettext_lazy("Figure as of"), lambda row: _of(row.reading, "as_of"), 13),
    Column(
        "outcome_meeting",
        gettext_lazy("Meeting that fulfils it"),
        lambda row: _of(row.commitment.outcome_meeting, "title"),
        32,
    ),
    Column("successor", gettext_lazy("Replaced by"), lambda row: row.successor),
    Column("remarks", gettext_lazy("Remarks"), lambda row: row.commitment.remarks, 36),
    Column(
        "classification",
        gettext_lazy("Classification"),
        lambda row: Clearance(row.commitment.classification),
        14,
    ),
)

PRESENCE = Column("presence", gettext_lazy("Presence"), lambda row: _presence(row), 32)
"""Drawn on the page as the strip of its meetings, in words in a file; part of no table unless asked for."""

ALL = (*MATRIX, *REST)
REFERENCE = MATRIX[0]
COLUMNS = {column.name: column for column in (*ALL, PRESENCE)}
ON_PAPER = tuple(
    COLUMNS[name]
    for name in ("reference", "title", "status", "obligated", "deadline", "lead_agency", "last_activity_on")
)
"""What fits across a sheet of paper, for a page that is handed over."""


def columns_named(
    values: Sequence[str], *, default: tuple[Column, ...] = ALL
) -> tuple[tuple[Column, ...], list[str]]:
    """The columns that ``values`` name, one each or several between commas, and what is wrong with them.

    The reference stands first, whether it was named or not: without it no row can be spoken of.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    unknown = [name.replace("\x00", "?") for name in dict.fromkeys(names) if name not in COLUMNS]
    if unknown:
        possible = _("Possible: %(names)s.") % {"names": ", ".join(COLUMNS)}
        return (), [*(_("There is no column “%(name)s”.") % {"name": name} for name in unknown), possible]
    if not names:
        return default, []
    chosen = dict.fromkeys([REFERENCE.name, *names])
    return tuple(COLUMNS[name] for name in chosen), []
