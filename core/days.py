"""Days in words: a span of days, as briefly as the language allows."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import pgettext


def span_of_days(first: dt.date, last: dt.date | None, *, long: bool = False) -> str:
    """``first`` to ``last``: "16–17 October 2026", "30 Sep – 2 Oct 2026", or one day where both are the same.

    ``long`` writes the month in full. The formats of the parts have names in ``config/formats``, so that each
    language decides which parts it leaves out.
    """
    whole = "LONG_DATE_FORMAT" if long else "DATE_FORMAT"
    if last is None or last == first:
        return date_format(first, whole)
    if (first.year, first.month) == (last.year, last.month):
        begin = date_format(first, "DAY_OF_MONTH_FORMAT")
        return pgettext("span within a month", "%(first)s–%(last)s") % {
            "first": begin,
            "last": date_format(last, whole),
        }
    same_year = "MONTH_DAY_FORMAT" if long else "SHORT_MONTH_DAY_FORMAT"
    begin = date_format(first, same_year if first.year == last.year else whole)
    return pgettext("span of days", "%(first)s – %(last)s") % {
        "first": begin,
        "last": date_format(last, whole),
    }
