"""The window of a session without a day, as a line of months."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from relations.models import Meeting

LONGEST = 10 * 366
"""Days that are drawn month by month; a longer window is told in words."""


@dataclass(frozen=True, slots=True)
class MonthTick:
    """A month on the drawing of the window."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class WindowChart:
    """The time in which a planned session can fall, and how much of it is gone."""

    label: str
    ticks: tuple[MonthTick, ...]
    done: float
    today_x: float | None
    today: str
    latest: str


def window_chart(meeting: Meeting, today: dt.date) -> WindowChart | None:
    """The window of a session without a day, where both its ends are known and it can be drawn."""
    first, last = meeting.window_earliest, meeting.window_latest
    if meeting.starts_on or first is None or last is None or not 0 < (last - first).days <= LONGEST:
        return None
    days = (last - first).days + 1
    gone = min(max((today - first).days + 1, 0), days)

    def x(day: dt.date) -> float:
        return round(100 * (day - first).days / days, 2)

    return WindowChart(
        label=_("The window runs from %(first)s to %(last)s; %(gone)d of its %(days)d days have begun.")
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
    many = (last - first).days > 120
    day = first
    while day <= last:
        named = not many or (day.month - 1) % 3 == 0 or day == first
        name = "SHORT_YEAR_MONTH_FORMAT" if day.month == 1 or day == first else "SHORT_MONTH_FORMAT"
        yield day, date_format(day, name) if named else ""
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if end >= last:
            return
        day = end + dt.timedelta(days=1)
