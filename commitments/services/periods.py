"""The period of a reading, written in ISO 8601, and which readings would stand twice for one period."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.numbers import written

if TYPE_CHECKING:
    from commitments.models import Reading

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def days_of(period: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of ``period``. ``None`` if there is no period, or if it cannot be read."""
    first, _slash, last = period.partition("/")
    start, end = _span(first), _span(last or first)
    if start is None or end is None or end[1] < start[0]:
        return None
    return start[0], end[1]


def _span(text: str) -> tuple[dt.date, dt.date] | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year and month and day:
            return dt.date(year, month, day), dt.date(year, month, day)
        if year and month:
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return (dt.date(year, 1, 1), dt.date(year, 12, 31)) if year else None
    except ValueError:
        return None


def reading_of(others: Iterable["Reading"], *, as_of: dt.date, period: str) -> "Reading | None":
    """The one of ``others`` that is of the same period, or, without a period, of the same day.

    A period is the same however it is written: 2025 is 2025-01/2025-12. Periods that cannot be read, from
    before this rule or from a file, are compared as they are written.
    """
    days = days_of(period)
    for other in others:
        if period and (other.period == period or (days is not None and days_of(other.period) == days)):
            return other
        if not period and not other.period and other.as_of == as_of:
            return other
    return None


def reading_errors(others: Iterable["Reading"], *, as_of: dt.date, period: str) -> dict[str, list[str]]:
    """Why a reading cannot be added to ``others`` of the same target, by field: a period has one reading."""
    if period and days_of(period) is None:
        return {"period": [_("Write the period as 2025, 2025-01, 2025-01-31 or 2025-01/2025-11.")]}
    first = reading_of(others, as_of=as_of, period=period)
    if first is None:
        return {}
    told = {"value": written(first.value), "day": date_format(first.as_of)}
    if period:
        return {"period": [_("This period already has a reading: %(value)s, as of %(day)s.") % told]}
    return {"as_of": [_("This date already has a reading: %(value)s, as of %(day)s.") % told]}
