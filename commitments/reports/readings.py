"""Readings of a target in words: the figure with its unit, and the period that it covers."""

import calendar
import datetime as dt
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import pgettext

from commitments.models import Reading
from commitments.services.periods import days_of
from core.days import span_of_days


def figure(value: Decimal) -> str:
    """``value`` without trailing zeros, in the format of the language."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return number_format(plain, decimal_pos=places, force_grouping=True)


def with_unit(value: Decimal, unit: str) -> str:
    """``value`` with its unit. A currency code comes first: “USD 20 billion”."""
    code, _space, rest = unit.partition(" ")
    if len(code) == 3 and code.isupper():
        if not rest:
            return pgettext("figure and currency", "%(currency)s %(figure)s") % {
                "currency": code,
                "figure": figure(value),
            }
        # Translators: an amount of money, such as “USD 20 billion”.
        return pgettext("figure and currency", "%(currency)s %(figure)s %(unit)s") % {
            "currency": code,
            "figure": figure(value),
            "unit": rest,
        }
    return pgettext("figure and unit", "%(figure)s %(unit)s") % {"figure": figure(value), "unit": unit}


def period_of(reading: Reading) -> tuple[dt.date, dt.date] | None:
    """The first and last day of the period of ``reading``, which is written in ISO 8601.

    Returns ``None`` if there is no period or if it cannot be parsed.
    """
    return days_of(reading.period)


def period_in_words(reading: Reading) -> str:
    """The period as “Jan–Nov 2025” or “2025”, or the date of the reading if it has no period."""
    span = period_of(reading)
    if span is None:
        return reading.period or date_format(reading.as_of)
    first, last = span
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return _span_in_words(str(first.year), str(last.year))
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return span_of_days(first, last)
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "SHORT_YEAR_MONTH_FORMAT")
    begin = date_format(first, "SHORT_MONTH_FORMAT" if first.year == last.year else "SHORT_YEAR_MONTH_FORMAT")
    return _span_in_words(begin, date_format(last, "SHORT_YEAR_MONTH_FORMAT"))


def _span_in_words(first: str, last: str) -> str:
    if first == last:
        return first
    # Translators: a period in months or years, such as “Jan–Nov 2025” or “2024–2025”.
    return pgettext("period", "%(first)s–%(last)s") % {"first": first, "last": last}
