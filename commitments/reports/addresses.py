"""Addresses that keep the day on which a page is judged."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from commitments.querysets import AsOf

Query = Mapping[str, str | Iterable[str]]
"""Filter parameters by name; several values of one are a list."""


def on_day(url: str, as_of: AsOf) -> str:
    """``url`` on the day of the page; as it is where the page shows today."""
    if as_of.day == as_of.today:
        return url
    path, hash_sign, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}as_of={as_of.day.isoformat()}{hash_sign}{fragment}"


def list_url(as_of: AsOf, query: Query) -> str:
    """The list of commitments, filtered by ``query``, on the day of the page."""
    return on_day(f"{reverse('commitments')}?{urlencode(query, doseq=True)}", as_of)
