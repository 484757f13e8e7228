"""Links that keep the date of the page, and the data of a link to a commitment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from commitments.choices import Status
from commitments.querysets import AsOf

Query = Mapping[str, str | Iterable[str]]
"""Filter parameters by name. A parameter with several values has a list."""


def on_day(url: str, as_of: AsOf) -> str:
    """``url`` with the date of the page in ``as_of``; unchanged if the page shows today."""
    if as_of.day == as_of.today:
        return url
    path, hash_sign, fragment = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}as_of={as_of.day.isoformat()}{hash_sign}{fragment}"


def list_url(as_of: AsOf, query: Query) -> str:
    """The URL of the list of commitments, filtered by ``query``, as of the date of the page."""
    path, parameters = reverse("commitments"), urlencode(query, doseq=True)
    return on_day(f"{path}?{parameters}" if parameters else path, as_of)


@dataclass(frozen=True, slots=True)
class CommitmentLink:
    """A commitment as another page names it, as of the date of that page."""

    reference: str
    title: str
    url: str
    status: Status
    deadline_wording: str


def commitment_link(commitment: Any, as_of: AsOf) -> CommitmentLink:
    """The link to a commitment that was read with ``at``."""
    return CommitmentLink(
        reference=commitment.reference,
        title=commitment.title,
        url=on_day(commitment.get_absolute_url(), as_of),
        status=Status(commitment.status_then),
        deadline_wording=commitment.wording_then,
    )
