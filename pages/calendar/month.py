"""The page of a month: what each day has, and the windows that are open in it."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format, get_format

from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports.calendar import (
    SHOWN,
    CalendarChoice,
    CalendarEntry,
    counts_by_day,
    deadlines_between,
    entry_of_deadline,
    entry_of_meeting,
    entry_of_review,
    first_of_each_day,
    in_order,
    meetings_between,
    reviews_between,
    windows_across,
)
from commitments.reports.links import list_url
from relations.models import Meeting

MOST_A_DAY = 5
"""How many deadlines, and how many reviews, a day lists. The rest of them it counts."""
MOST_MEETINGS = 200
MOST_WINDOWS = 20
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month. ``deadlines_url`` leads to its deadlines on the list, where a filter finds them.

    ``more_deadlines`` and ``more_reviews`` count those that are not listed.
    """

    date: dt.date
    entries: tuple[CalendarEntry, ...] = ()
    deadlines: int = 0
    more_deadlines: int = 0
    more_reviews: int = 0
    deadlines_url: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing falls on it."""
        return not self.entries


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window of days, as a bar over the days of the month: ``x`` and ``width`` in per cent."""

    entry: CalendarEntry
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class MonthPage:
    """The content of the page. A week has seven places; ``None`` stands for a day of another month."""

    first: dt.date
    title: str
    before: str
    after: str
    weekdays: tuple[dt.date, ...]
    weeks: tuple[tuple[Day | None, ...], ...]
    windows: tuple[OpenWindow, ...]
    more_windows: int
    undated: tuple[Meeting, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing falls into the month."""
        days = [day for week in self.weeks for day in week if day]
        return all(day.is_empty for day in days) and not self.windows and not self.undated


def month_page(choice: CalendarChoice, month: dt.date, when: AsOf) -> MonthPage:
    """The month that begins on ``month``, as ``choice`` narrows it. Raises ``ViewUnfit``."""
    rows, meetings = choice.commitments(when), choice.meetings(when)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    windows = windows_across(rows, month, last)
    days = _days(choice, rows, when, month, last)
    for entry in map(entry_of_meeting, meetings_between(meetings, month, last)[:MOST_MEETINGS]):
        day = max(entry.first, month)
        while day <= min(entry.last, last):
            days[day].append(entry)
            day += dt.timedelta(days=1)
    counted = counts_by_day(deadlines_between(rows, month, last), "latest_then")
    reviews = counts_by_day(reviews_between(rows, month, last), "review_on_then")
    shown_windows = windows.only(*SHOWN).by_reference("latest_then", "earliest_then")[:MOST_WINDOWS]
    drawn = tuple(_window(entry_of_deadline(row, when.day), month, last) for row in shown_windows)
    undated = meetings.to_come(when.day).filter(
        starts_on=None, window_earliest__lte=last, window_latest__gte=month
    )

    def day_of(date: dt.date) -> Day:
        n = counted.get(date, 0)
        return Day(
            date,
            tuple(in_order(days[date])),
            n,
            max(0, n - MOST_A_DAY),
            max(0, reviews.get(date, 0) - MOST_A_DAY),
            _deadlines_url(choice, date, when),
        )

    weeks = calendar.Calendar(_first_weekday()).monthdatescalendar(month.year, month.month)
    return MonthPage(
        first=month,
        title=date_format(month, "YEAR_MONTH_FORMAT"),
        before=_month_name(month - dt.timedelta(days=1)),
        after=_month_name(last + dt.timedelta(days=1)),
        weekdays=tuple(weeks[0]),
        weeks=tuple(tuple(day_of(d) if d.month == month.month else None for d in week) for week in weeks),
        windows=drawn,
        more_windows=windows.count() - len(drawn),
        undated=tuple(undated[:MOST_WINDOWS]),
    )


def _days(
    choice: CalendarChoice, rows: CommitmentQuerySet, when: AsOf, first: dt.date, last: dt.date
) -> Mapping[dt.date, list[CalendarEntry]]:
    """The deadlines and reviews that each day lists."""
    days: defaultdict[dt.date, list[CalendarEntry]] = defaultdict(list)
    for row in first_of_each_day(deadlines_between(rows, first, last), "latest_then", MOST_A_DAY):
        days[row.latest_then].append(entry_of_deadline(row, when.day))
    for row in first_of_each_day(reviews_between(rows, first, last), "review_on_then", MOST_A_DAY):
        days[row.review_on_then].append(entry_of_review(row))
    return days


def _deadlines_url(choice: CalendarChoice, date: dt.date, when: AsOf) -> str:
    """The list of the deadlines of a day; "" where the list has no filter for it."""
    if choice.mine or choice.view:
        return ""
    # Both leave out what has no running clock, as the calendar does.
    clock = {"overdue": "true"} if date < when.day else {"due_within": str((date - when.day).days)}
    agency = {"agency": choice.agency.slug} if choice.agency else {}
    day = date.isoformat()
    return list_url(when, {**agency, **clock, "due_after": day, "due_before": day})


def _window(entry: CalendarEntry, first: dt.date, last: dt.date) -> OpenWindow:
    days = (last - first).days + 1
    begin, end = max(entry.first, first), min(entry.last, last)
    x = round(100 * (begin - first).days / days, 2)
    return OpenWindow(entry, x, round(100 * ((end - begin).days + 1) / days, 2))


def _first_weekday() -> int:
    """The day on which weeks begin in the language of the page, as ``calendar`` counts: Monday is 0."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _month_name(day: dt.date) -> str:
    """The month of ``day`` as the parameter ``month`` names it; "" beyond the years of the calendar."""
    return f"{day:%Y-%m}" if FIRST_YEAR <= day.year <= LAST_YEAR else ""
