"""The columns of the register: one definition for the list, the printable page and every export."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Choices
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.choices import Clearance
from commitments.choices import Holder, Nature, Status
from commitments.reports.row_relations import AgencyName, Side
from commitments.reports.rows import Deadline, Row
from core.days import span_of_days
from core.lists import listed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Value = str | int | Decimal | dt.date | Choices | None
"""The typed value of a cell: a spreadsheet gets dates as dates, a program gets statuses as keys."""

PARAMETER = "columns"
BETWEEN = "; "
"""Separates several names in one cell. Not a comma: names of agencies contain commas."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people, and its value for a row."""

    name: str
    heading: "str | _StrPromise"
    value: Callable[[Row], Value]
    width: int = 16
    """Width on a sheet, in characters."""


def in_words(value: Value) -> str:
    """``value`` as people read it."""
    if value is None:
        return ""
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, dt.date):
        return date_format(value)
    return number_format(value) if isinstance(value, int | Decimal) else value


def timeline(deadline: Deadline) -> str:
    """The deadline in one text: its wording, its earliest and latest date, and the date of its review."""
    parts = []
    if deadline.wording:
        parts.append(pgettext("quotation", "“%(text)s”") % {"text": deadline.wording})
    if deadline.earliest and deadline.latest:
        parts.append(span_of_days(deadline.earliest, deadline.latest))
    elif deadline.latest:
        parts.append(pgettext("deadline", "by %(day)s") % {"day": in_words(deadline.latest)})
    elif deadline.earliest:
        parts.append(pgettext("deadline", "from %(day)s") % {"day": in_words(deadline.earliest)})
    if deadline.review_on:
        parts.append(pgettext("deadline", "review on %(day)s") % {"day": in_words(deadline.review_on)})
    return BETWEEN.join(parts)


def _names(bodies: Iterable[Side | AgencyName]) -> str:
    return BETWEEN.join(each.name for each in bodies)


def _of(owner: Any, field: str) -> Any:
    return getattr(owner, field) if owner is not None else None


def _presence(row: Row) -> str:
    n, last_on = row.mentions.meetings, row.mentions.last_on
    if row.mentions.last_window:
        # Translators: the window of a meeting as it was worded, such as “early in 2025”.
        text = ngettext("%(n)s meeting (%(window)s)", "%(n)s meetings, the last one: %(window)s", n)
        return text % {"n": number_format(n), "window": row.mentions.last_window}
    if last_on is None:
        return ngettext("%(n)s meeting", "%(n)s meetings", n) % {"n": number_format(n)}
    return ngettext("%(n)s meeting, last on %(day)s", "%(n)s meetings, last on %(day)s", n) % {
        "n": number_format(n),
        "day": in_words(last_on),
    }


def _challenges(row: Row) -> str:
    """Why it is stalled, and the challenges of the last progress report, each once."""
    reported = row.details.progress.challenges if row.details.progress else ""
    return "\n".join(dict.fromkeys(text for text in (row.details.obstacle, reported) if text))


def _proposed(row: Row) -> Status | None:
    """The outcome on which a reviewer is to decide."""
    if (
        row.status != Status.UNDER_REVIEW
        or row.details.last_change is None
        or not row.details.last_change.outcome
    ):
        return None
    return Status(row.details.last_change.outcome)


def _holder(row: Row) -> Holder | None:
    """With whom it lies; closed, with nobody any more."""
    return Holder(row.details.holder) if row.details.holder else None


def _target(row: Row, field: str) -> Any:
    return _of(getattr(row.commitment, "target", None), field)


def _figure(value: Decimal | None) -> Decimal | None:
    """``value`` without the trailing zeros that the database stores."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


MATRIX = (
    Column("reference", gettext_lazy("Reference"), lambda row: row.commitment.reference, 18),
    Column("lead_agency", gettext_lazy("Lead agency"), lambda row: _names(row.leads), 28),
    Column("partner", gettext_lazy("Partner"), lambda row: _names(row.partners)),
    Column("content", gettext_lazy("Content"), lambda row: row.commitment.text, 48),
    Column("timeline", gettext_lazy("Timeline"), lambda row: timeline(row.deadline), 28),
    Column("challenges", gettext_lazy("Challenges"), lambda row: _challenges(row), 36),
    Column(
        "recommendations",
        gettext_lazy("Recommendations"),
        lambda row: _of(row.details.progress, "recommendations"),
        36,
    ),
)
"""The reference, then the six columns that the ministry asks for, in its order."""

REST = (
    Column("title", gettext_lazy("Commitment"), lambda row: row.commitment.title, 40),
    Column("status", gettext_lazy("Status"), lambda row: row.status),
    Column("nature", gettext_lazy("Nature"), lambda row: Nature(row.commitment.nature), 20),
    Column("theme", gettext_lazy("Theme"), lambda row: row.commitment.theme.name, 24),
    Column("deadline", gettext_lazy("Deadline wording"), lambda row: row.deadline.wording, 24),
    Column("earliest", gettext_lazy("Earliest date"), lambda row: row.deadline.earliest, 13),
    Column("latest", gettext_lazy("Latest date"), lambda row: row.deadline.latest, 13),
    Column("review_on", gettext_lazy("Review on"), lambda row: row.deadline.review_on, 13),
    Column("overdue_days", gettext_lazy("Days overdue"), lambda row: row.deadline.overdue_days, 10),
    Column("obligated", gettext_lazy("Responsible"), lambda row: _names(row.obligated), 20),
    Column("parties", gettext_lazy("Parties"), lambda row: _names(row.parties), 20),
    Column("beneficiaries", gettext_lazy("Beneficiary"), lambda row: _names(row.beneficiaries)),
    Column("support_agencies", gettext_lazy("Supporting agencies"), lambda row: _names(row.supports), 28),
    Column("made_on", gettext_lazy("First mentioned on"), lambda row: row.mentions.first_on, 13),
    Column("made_at", gettext_lazy("First mentioned at"), lambda row: row.mentions.first_at, 32),
    Column("last_mention_on", gettext_lazy("Last mentioned on"), lambda row: row.mentions.last_on, 13),
    Column("last_mention_at", gettext_lazy("Last mentioned at"), lambda row: row.mentions.last_at, 32),
    Column("meetings", gettext_lazy("Meetings"), lambda row: row.mentions.meetings, 10),
    Column("last_activity_on", gettext_lazy("Last news"), lambda row: row.last_on, 13),
    Column("achieved", gettext_lazy("Achieved"), lambda row: _of(row.details.progress, "achieved"), 36),
    Column(
        "reported_on",
        gettext_lazy("Progress as of"),
        lambda row: _of(row.details.progress, "occurred_on"),
        13,
    ),
    Column("evidence", gettext_lazy("Pieces of evidence"), lambda row: len(row.details.evidence), 10),
    Column("target", gettext_lazy("Target"), lambda row: _target(row, "indicator"), 28),
    Column("target_value", gettext_lazy("Target value"), lambda row: _figure(_target(row, "value")), 12),
    Column("target_unit", gettext_lazy("Unit"), lambda row: _target(row, "unit"), 14),
    Column(
        "reading_value",
        gettext_lazy("Latest figure"),
        lambda row: _figure(_of(row.details.reading, "value")),
        12,
    ),
    Column("reading_on", gettext_lazy("Figure as of"), lambda row: _of(row.details.reading, "as_of"), 13),
    Column(
        "outcome_meeting",
        gettext_lazy("Planned meeting"),
        lambda row: _of(row.commitment.outcome_meeting, "title"),
        32,
    ),
    Column("successor", gettext_lazy("Replaced by"), lambda row: row.details.successor),
    Column("remarks", gettext_lazy("Remarks"), lambda row: row.commitment.remarks, 36),
    Column(
        "classification",
        gettext_lazy("Classification"),
        lambda row: Clearance(row.commitment.classification),
        14,
    ),
    Column("evidence_titles", gettext_lazy("Evidence"), lambda row: BETWEEN.join(row.details.evidence), 32),
    Column(
        "status_note",
        gettext_lazy("Note on the status"),
        lambda row: _of(row.details.last_change, "note"),
        36,
    ),
    Column("proposed_outcome", gettext_lazy("Proposed outcome"), lambda row: _proposed(row), 18),
    Column(
        "deadline_changes",
        gettext_lazy("Changes of the deadline"),
        lambda row: row.deadline.moves.in_full(),
        36,
    ),
    Column(
        "officer",
        gettext_lazy("Officer in charge"),
        lambda row: _of(row.commitment.officer, "marked_name"),
        24,
    ),
    Column("holder", gettext_lazy("Now with"), lambda row: _holder(row), 16),
    Column("held_since", gettext_lazy("With it since"), lambda row: row.details.held_since, 13),
)

PRESENCE = Column("presence", gettext_lazy("Presence"), lambda row: _presence(row), 32)
"""A presence strip on the page, and words in a file. No table has it by default."""

ALL = (*MATRIX, *REST)
REFERENCE = MATRIX[0]
COLUMNS = {column.name: column for column in (*ALL, PRESENCE)}
ON_PAPER = tuple(
    COLUMNS[name]
    for name in ("reference", "title", "status", "obligated", "deadline", "lead_agency", "last_activity_on")
)
"""The default columns of the printable page: they fit across a sheet of paper."""


def columns_named(
    values: Sequence[str], *, default: tuple[Column, ...] = ALL
) -> tuple[tuple[Column, ...], list[str]]:
    """Return the columns that ``values`` name, and error messages for unknown names.

    A value names one column, or several separated by commas. The reference always comes first, named or not,
    because it identifies the row.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    unknown = [name.replace("\x00", "?") for name in dict.fromkeys(names) if name not in COLUMNS]
    if unknown:
        possible = _("Possible: %(names)s.") % {"names": listed(COLUMNS)}
        return (), [*(_("There is no column “%(name)s”.") % {"name": name} for name in unknown), possible]
    if not names:
        return default, []
    unique = dict.fromkeys([REFERENCE.name, *names])
    return tuple(COLUMNS[name] for name in unique), []
