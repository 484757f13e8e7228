"""Readings of a target in words: figures with their unit, and the period that a reading covers."""

import calendar
import datetime as dt
import re
from decimal import Decimal

from django.utils.formats import date_format, number_format

from commitments.models import Reading

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z")


def figure(value: Decimal) -> str:
    """A figure without trailing noughts, as the language writes it."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return number_format(plain, decimal_pos=places, force_grouping=True)


def with_unit(value: Decimal, unit: str) -> str:
    """A figure with its unit; a currency code goes before it: “USD 20 billion”."""
    code, _space, rest = unit.partition(" ")
    if len(code) == 3 and code.isupper():
        return f"{code} {figure(value)} {rest}".strip()
    return f"{figure(value)} {unit}"


def period_of(reading: Reading) -> tuple[dt.date, dt.date] | None:
    """First and last day of the reading's period, written as ISO 8601; none where it is not understood."""
    if not reading.period:
        return None
    first, _slash, last = reading.period.partition("/")
    start, end = _span(first), _span(last or first)
    if start is None or end is None or end[1] < start[0]:
        return None
    return start[0], end[1]


def _span(text: str) -> tuple[dt.date, dt.date] | None:
    match = _DAY.match(text.strip())
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


def period_in_words(reading: Reading) -> str:
    """“Jan–Nov 2025”, “2025”, or the day of the reading."""
    span = period_of(reading)
    if span is None:
        return reading.period or date_format(reading.as_of)
    first, last = span
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        years = (first.year, last.year)
        return str(first.year) if years[0] == years[1] else f"{years[0]}–{years[1]}"
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return f"{date_format(first)}–{date_format(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "SHORT_YEAR_MONTH_FORMAT")
    begin = date_format(first, "SHORT_MONTH_FORMAT" if first.year == last.year else "SHORT_YEAR_MONTH_FORMAT")
    return f"{begin}–{date_format(last, 'SHORT_YEAR_MONTH_FORMAT')}"
