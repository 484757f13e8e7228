"""Links that keep the date of the page and the words of a search."""

from urllib.parse import urlencode

from django import template

from commitments.querysets import AsOf
from commitments.reports import links

register = template.Library()


@register.filter
def on_day(url: str, when: AsOf | None) -> str:
    """``url`` with the date of the page; unchanged if the page shows today or has no date."""
    return links.on_day(url, when) if when else url


@register.simple_tag
def list_url(when: AsOf, **query: str) -> str:
    """The address of the list of commitments with the filters ``query``, as of the date of the page."""
    return links.list_url(when, query)


@register.filter
def searched(url: str, words: str) -> str:
    """``url`` with the words of the search as ``q``; unchanged without words."""
    return f"{url}?{urlencode({'q': words})}" if words else url
