"""Links that keep what the reader came with: the day on which the page is judged, the words of a search."""

from urllib.parse import urlencode

from django import template

from commitments.querysets import AsOf
from commitments.reports import links

register = template.Library()


@register.filter
def on_day(url: str, when: AsOf | None) -> str:
    """``url`` on the day of the page; as it is where the page shows today, or knows no day."""
    return links.on_day(url, when) if when else url


@register.filter
def searched(url: str, words: str) -> str:
    """``url`` with the words of the search that leads there; as it is where there are none."""
    return f"{url}?{urlencode({'q': words})}" if words else url
