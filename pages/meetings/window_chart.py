"""The window of a meeting without a date, drawn as a line of months."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import ngettext

from relations.models import Meeting

MAX_DAYS = 10 * 366
"""A window of more days is not drawn."""


@dataclass(frozen=True, slots=True)
class MonthTick:
    """A month of the chart. ``x`` is a percentage of the width."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class WindowChart:
    """The time in which a planned meeting can take place.

    ``done`` is the percentage of it that has begun, and ``today_x`` the place of today as a percentage.
    """

    label: str
    ticks: tuple[MonthTick, ...]
    done: float
    today_x: float | None
    today: str
    latest: str


def window_chart(meeting: Meeting, today: dt.date) -> WindowChart | None:
    """The chart of a meeting without a date; ``None`` where an end is unknown or the window is too long."""
    first, last = meeting.window_earliest, meeting.window_latest
    if meeting.starts_on or first is None or last is None or not 0 < (last - first).days <= MAX_DAYS:
        return None
    days = (last - first).days + 1
    gone = min(max((today - first).days + 1, 0), days)

    def x(day: dt.date) -> float:
        return round(100 * (day - first).days / days, 2)

    return WindowChart(
        label=ngettext(
            "The window runs from %(first)s to %(last)s; %(gone)d of its %(days)d days has begun.",
            "The window runs from %(first)s to %(last)s; %(gone)d of its %(days)d days have begun.",
            gone,
        )
        % {
            "first": date_format(first, "LONG_DATE_FORMAT"),
            "last": date_format(last, "LONG_DATE_FORMAT"),
            "gone": gone,
            "days": days,
        },
        ticks=tuple(MonthTick(x(day), label) for day, label in _months(first, last)),
        done=round(100 * gone / days, 2),
        today_x=x(today) if first <= today <= last else None,
        today=date_format(today, "SHORT_MONTH_DAY_FORMAT"),
        latest=date_format(last),
    )


def _months(first: dt.date, last: dt.date) -> Iterable[tuple[dt.date, str]]:
    is_long = (last - first).days > 120
    day = first
    while day <= last:
        is_labelled = not is_long or (day.month - 1) % 3 == 0 or day == first
        format_name = "SHORT_YEAR_MONTH_FORMAT" if day.month == 1 or day == first else "SHORT_MONTH_FORMAT"
        yield day, date_format(day, format_name) if is_labelled else ""
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if end >= last:
            return
        day = end + dt.timedelta(days=1)
