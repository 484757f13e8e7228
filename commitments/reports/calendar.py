"""What the calendar shows: meetings, deadlines and reviews, for the page of a month and for feeds."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.filtersets import NOT_CONDITIONS, CommitmentFilterSet
from commitments.models import Commitment, SavedView
from commitments.querysets import BY_REFERENCE, AsOf, CommitmentQuerySet
from commitments.reports.columns import PARAMETER
from core.days import span_of_days
from relations.choices import MEETINGS_TO_COME, MeetingStatus
from relations.models import Agency, Meeting
from relations.querysets import MeetingQuerySet

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = (*BY_REFERENCE, "reference", "title", "classification")
"""The fields of a commitment that an entry shows."""


class EntryKind(StrEnum):
    """What an entry of the calendar is about. Within a day, entries stand in this order."""

    MEETING = "meeting"
    DEADLINE = "deadline"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A meeting, a deadline, or a review, with its first and its last day.

    ``precision`` says in words what the days mean: the wording of a deadline and its window. ``status`` is
    that of the meeting. ``is_off`` tells that a meeting does not take place on its day, ``is_fixed`` whether
    it is certain.
    """

    kind: EntryKind
    key: int
    first: dt.date
    last: dt.date
    title: str
    url: str
    reference: str = ""
    precision: str = ""
    status: str = ""
    place: str = ""
    classification: int = 0
    is_off: bool = False
    is_fixed: bool = True
    is_overdue: bool = False


class ViewUnfit(ValueError):
    """The filters of a saved view can no longer be applied."""


@dataclass(frozen=True)
class CalendarChoice:
    """Which part of the register a calendar shows to ``user``: all of it, or what these narrow it to.

    ``mine`` means what the account is in charge of, or reports on by name. Every read starts from what the
    account may see at that moment.
    """

    user: "User"
    agency: Agency | None = None
    view: SavedView | None = None
    mine: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether the calendar leaves anything out that the account may see."""
        return bool(self.agency or self.view or self.mine)

    def commitments(self, when: AsOf) -> CommitmentQuerySet:
        """The commitments of the calendar on the day ``when``. Raises ``ViewUnfit``."""
        rows = Commitment.objects.visible_to(self.user).at(when)
        if self.agency:
            rows = rows.assigned_to([self.agency.slug], none=False, lead_only=False)
        if self.mine:
            rows = rows.charged_to(self.user)
        return rows.filter(pk__in=_rows_of_view(self.view, self.user)) if self.view else rows

    def meetings(self, when: AsOf) -> MeetingQuerySet:
        """The meetings of the calendar.

        Narrowed: those that one of its commitments names, and the other sessions of their mechanisms.
        """
        rows: MeetingQuerySet = Meeting.objects.visible_to(self.user)
        if not self.is_narrowed:
            return rows
        named = Meeting.objects.visible_to(self.user).filter(self.commitments(when).names("meeting"))
        keys = named.order_by().values("pk")
        mechanisms = named.filter(mechanism__isnull=False).order_by().values("mechanism")
        return rows.filter(Q(pk__in=keys) | Q(mechanism__in=mechanisms))


def _rows_of_view(view: SavedView, user: "User") -> Any:
    """The keys of the rows of ``view``, on today's register: its date, order and columns do not count."""
    query = QueryDict(view.query, mutable=True)
    for name in (*NOT_CONDITIONS, PARAMETER):
        query.pop(name, None)
    filterset = CommitmentFilterSet(query, user=user)
    if filterset.faults:
        raise ViewUnfit(view.name)
    return filterset.qs.order_by().values("pk")


# -- entries of a span of days -------------------------------------------------------------------------------


def meetings_between(
    rows: MeetingQuerySet, first: dt.date, last: dt.date, *, windows: bool = False
) -> MeetingQuerySet:
    """Those that have a day from ``first`` to ``last``, both included.

    With ``windows``, also those to come that have none, if their whole window is known.
    """
    ends: Any = rows.alias(ends=Coalesce("ends_on", "starts_on"))
    fits = Q(starts_on__lte=last, ends__gte=first)
    if windows:
        fits |= Q(
            status__in=MEETINGS_TO_COME, starts_on=None, window_earliest__lte=last, window_latest__gte=first
        )
    found: MeetingQuerySet = ends.filter(fits).in_order()
    return found


def deadlines_between(rows: CommitmentQuerySet, first: dt.date, last: dt.date) -> CommitmentQuerySet:
    """Those whose clock runs and whose latest day lies from ``first`` to ``last``, both included."""
    return rows.due_between(first, last)


def reviews_between(rows: CommitmentQuerySet, first: dt.date, last: dt.date) -> CommitmentQuerySet:
    """Those that are open and to be reviewed on a day from ``first`` to ``last``, both included."""
    is_open: Any = rows.open()
    found: CommitmentQuerySet = is_open.filter(review_on_then__gte=first, review_on_then__lte=last)
    return found


def windows_across(rows: CommitmentQuerySet, first: dt.date, last: dt.date) -> CommitmentQuerySet:
    """Those whose clock runs and whose window of more than a day has a day from ``first`` to ``last``."""
    runs: Any = rows.clock_runs()
    found: CommitmentQuerySet = runs.filter(
        earliest_then__lte=last, latest_then__gte=first, earliest_then__lt=F("latest_then")
    )
    return found


def counts_by_day(rows: CommitmentQuerySet, day: str) -> dict[dt.date, int]:
    """How many of ``rows`` have each value of the column ``day``."""
    grouped: Any = rows.order_by().values_list(day).annotate(n=Count("*"))
    return dict(grouped)


def first_of_each_day(rows: CommitmentQuerySet, day: str, most: int) -> list[Any]:
    """The first ``most`` of ``rows``, by reference, for each value of the column ``day``."""
    place = Window(RowNumber(), partition_by=[F(day)], order_by=[F(field) for field in BY_REFERENCE])
    numbered: Any = rows.annotate(place=place).filter(place__lte=most).only(*SHOWN)
    return list(numbered.order_by(day, *BY_REFERENCE))


# -- one entry -----------------------------------------------------------------------------------------------


def entry_of_meeting(meeting: Meeting) -> CalendarEntry:
    """The entry of a meeting that has a day, or a whole window."""
    first = meeting.starts_on or meeting.window_earliest
    last = (meeting.ends_on or meeting.starts_on) if meeting.starts_on else meeting.window_latest
    if first is None or last is None:
        raise ValueError(f"the meeting {meeting.slug} has no day")
    return CalendarEntry(
        kind=EntryKind.MEETING,
        key=meeting.pk,
        first=first,
        last=last,
        title=meeting.title,
        url=meeting.get_absolute_url(),
        precision="" if meeting.starts_on else precision_in_words(meeting.window_wording, first, last),
        status=meeting.get_status_display(),
        place=meeting.place,
        classification=meeting.classification,
        is_off=meeting.status not in {*MEETINGS_TO_COME, MeetingStatus.HELD},
        is_fixed=bool(meeting.starts_on) and meeting.status != MeetingStatus.PLANNED,
    )


def entry_of_deadline(row: Any, today: dt.date) -> CalendarEntry:
    """The entry of the deadline of ``row``, which ``at`` annotated and which has a latest day."""
    return CalendarEntry(
        kind=EntryKind.DEADLINE,
        key=row.pk,
        first=row.earliest_then or row.latest_then,
        last=row.latest_then,
        title=row.title,
        reference=row.reference,
        url=row.get_absolute_url(),
        precision=precision_in_words(row.wording_then, row.earliest_then, row.latest_then),
        classification=row.classification,
        is_overdue=row.latest_then < today,
    )


def entry_of_review(row: Any) -> CalendarEntry:
    """The entry of the review of ``row``, which ``at`` annotated."""
    return CalendarEntry(
        kind=EntryKind.REVIEW,
        key=row.pk,
        first=row.review_on_then,
        last=row.review_on_then,
        title=row.title,
        reference=row.reference,
        url=row.get_absolute_url(),
        precision=precision_in_words(row.wording_then, row.earliest_then, None),
        classification=row.classification,
    )


def precision_in_words(wording: str, earliest: dt.date | None, latest: dt.date | None) -> str:
    """How exact a deadline is: its wording, and the days that it can mean."""
    if earliest and latest and earliest != latest:
        days = _("any day of %(days)s") % {"days": span_of_days(earliest, latest)}
    elif latest:
        days = pgettext("deadline", "by %(day)s") % {"day": date_format(latest)}
    elif earliest:
        days = pgettext("deadline", "from %(day)s") % {"day": date_format(earliest)}
    else:
        days = _("no latest day")
    if not wording:
        return days
    # Translators: a deadline and what it means, as in “in 2026”, any day of 1 Jan – 31 Dec 2026.
    return pgettext("wording and days", "“%(wording)s”, %(days)s") % {"wording": wording, "days": days}


def in_order(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    """``entries`` as a day lists them: meetings, then deadlines, then reviews."""
    kinds = list(EntryKind)
    return sorted(entries, key=lambda each: (kinds.index(each.kind), each.first, each.reference))
