"""Template filters that count down to a date, as whole phrases."""

import datetime as dt

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from core import clock

register = template.Library()


@register.filter
def closes(closes_on: dt.date, today: dt.date) -> str:
    """When the meeting, or its window, closes, seen from ``today``: "closes in 12 days"."""
    days = (closes_on - today).days
    if days == 0:
        return gettext("closes today") if today == clock.today() else gettext("closes on this date")
    if days < 0:
        return ngettext("closed %(days)s day ago", "closed %(days)s days ago", -days) % {
            "days": number_format(-days)
        }
    return ngettext("closes in %(days)s day", "closes in %(days)s days", days) % {"days": number_format(days)}


@register.filter
def review_in(review_on: dt.date, today: dt.date) -> str:
    """When a review is due that lies after ``today``: "review in 12 days"."""
    days = (review_on - today).days
    return ngettext("review in %(days)s day", "review in %(days)s days", days) % {"days": number_format(days)}
