"""A commitment as a briefing tells it: every placeholder of a row, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from commitments.choices import CLOSED, MentionKind, Status
from commitments.models import Mention
from commitments.querysets import AsOf
from commitments.reports.citations import cite
from commitments.reports.columns import COLUMNS, in_words
from commitments.reports.rows import Row, detailed_rows

if TYPE_CHECKING:
    from accounts.models import User

Entry = dict[str, str]
"""The values of one commitment by placeholder."""

OURS, THEIRS, JOINT = "ours", "theirs", "joint"
CHUNK = 1000
_PLEDGES = (MentionKind.MADE, MentionKind.REAFFIRMED, MentionKind.REQUESTED)
"""The mentions that word the undertaking itself. The others report on it."""

FURTHER = {
    "wording": gettext_lazy("The last wording, as the paragraph has it"),
    "source": gettext_lazy("The source of the wording, with the paragraph"),
    "said_at": gettext_lazy("The meeting at which it was worded so"),
    "said_on": gettext_lazy("The day of that meeting"),
    "overdue": gettext_lazy("“12 days overdue”, or empty"),
    "obstacle": gettext_lazy("Why it is stalled"),
    "done": gettext_lazy("What was done: the outcome, or the last report"),
    "reason": gettext_lazy("Why it is listed here"),
    "number": gettext_lazy("Its number in the list"),
    "opens_theme": gettext_lazy("In a list by themes: the theme, at its first commitment"),
}
"""The placeholders of a commitment beside the columns of the register."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The last wording of a commitment, where it stands, and when it was said."""

    wording: str = ""
    source: str = ""
    said_at: str = ""
    said_on: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A row of the register and its values in words."""

    row: Row
    values: Entry

    @property
    def key(self) -> int:
        """The primary key of the commitment."""
        return int(self.row.commitment.pk)

    @property
    def side(self) -> str:
        """Who must act: only our own country, only others, or both."""
        codes = {side.code for side in self.row.obligated}
        if settings.HOME_COUNTRY not in codes:
            return THEIRS
        return OURS if len(codes) == 1 else JOINT

    def told(self, *, number: int, reason: str = "") -> Entry:
        """The values, as they stand in a numbered list."""
        return self.values | {"number": number_format(number), "reason": reason}


def entries_of(keys: Iterable[int], reader: "User", as_of: AsOf) -> dict[int, Entered]:
    """The commitments of ``keys`` that ``reader`` may see, by primary key."""
    wanted = list(dict.fromkeys(keys))
    found: dict[int, Entered] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        quotes = quotes_of(chunk, as_of)
        for row in detailed_rows(chunk, user=reader, when=as_of):
            found[row.commitment.pk] = Entered(row, _values(row, quotes.get(row.commitment.pk, Quote())))
    return found


def quotes_of(keys: Iterable[int], as_of: AsOf) -> Mapping[int, Quote]:
    """The last wording of each commitment by that date; where nothing words it, the last report on it."""
    mentions = (
        Mention.objects.filter(as_of.happened("meeting__day"), commitment__in=keys)
        .select_related("paragraph__source", "meeting")
        .defer("paragraph__source__text", "paragraph__source__search_text", "meeting__search_text")
        .order_by(F("meeting__day").asc(nulls_first=True), "pk")
    )
    last: dict[int, Any] = {}
    for mention in mentions:
        before = last.get(mention.commitment_id)
        if before is None or mention.kind in _PLEDGES or before.kind not in _PLEDGES:
            last[mention.commitment_id] = mention
    return {key: _quote(mention) for key, mention in last.items()}


def _quote(mention: Any) -> Quote:
    return Quote(
        wording=mention.paragraph.text,
        source=cite(mention.paragraph).title,
        said_at=mention.meeting.title,
        said_on=mention.meeting.date_in_words(),
    )


def _values(row: Row, quote: Quote) -> Entry:
    values = {name: in_words(column.value(row)) for name, column in COLUMNS.items()}
    values["status"] = capfirst(values["status"])
    return values | {
        "wording": quote.wording,
        "source": quote.source,
        "said_at": quote.said_at,
        "said_on": quote.said_on,
        "overdue": overdue_in_words(row.deadline.overdue_days),
        "obstacle": row.details.obstacle,
        "done": done_in_words(row),
        "reason": "",
        "number": "",
        "opens_theme": "",
    }


def overdue_in_words(days: int) -> str:
    """How long it is overdue; "" if it is not."""
    if not days:
        return ""
    return ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": number_format(days)}


def done_in_words(row: Row) -> str:
    """What was done: how it ended and why, else what the last report achieved, with its day."""
    progress, change = row.details.progress, row.details.last_change
    told = []
    if row.status in CLOSED and change is not None:
        told.append(_dated(capfirst(str(row.status.label)), change.delivered_on or change.happened_on))
        told.append(change.note)
    if progress is not None and progress.achieved:
        told.append(_dated(progress.achieved, progress.occurred_on))
    if told:
        return "\n".join(filter(None, told))
    if row.status == Status.AGREED:
        return _("Nothing was reported since it was agreed.")
    return change.note if change is not None and row.status not in (Status.REQUESTED, Status.STANDING) else ""


def _dated(text: str, day: Any) -> str:
    # Translators: what was done, and the day: “Fulfilled (3 Mar 2026)”.
    return pgettext("what was done and the day", "%(text)s (%(day)s)") % {
        "text": text,
        "day": date_format(day),
    }
