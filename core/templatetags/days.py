"""Dates and periods in the format of all pages: 13 Jul 2024, 552 days ago."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core import clock
from core.days import span_of_days

register = template.Library()
register.filter("to_day", span_of_days)


@register.filter(expects_localtime=True)
def day(value: dt.date | None) -> SafeString | str:
    """``value`` as a short date in a ``<time>`` element; "" for ``None``. A datetime shows its local date."""
    if value is None:
        return ""
    local = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local))


@register.filter
def span(value: dt.date, today: dt.date) -> str:
    """The number of days between ``value`` and ``today``, without direction."""
    days = abs((today - value).days)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number_format(days)}


@register.filter
def ago(value: dt.date | None, today: dt.date) -> str:
    """How many days ``value`` is before or after the date of the page, ``today``."""
    if value is None:
        return ""
    days = (today - value).days
    if days == 0:
        return gettext("today") if today == clock.today() else gettext("that day")
    if days < 0:
        return ngettext("in %(days)s day", "in %(days)s days", -days) % {"days": number_format(-days)}
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": number_format(days)}
