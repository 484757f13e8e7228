"""The whole register, a third of it classified: no page of any record names what is classified.

With TORTURE_EXAMPLES only every tenth address is read.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model

from commitments.models import Commitment, Theme
from commitments.services.search import refresh_search_text
from relations.models import Agency, Country, Mechanism, Meeting, MeetingSource, Person, Source
from tests import factories as make
from tests.addresses import filled, read, routes
from tests.clients import client_as

pytestmark = [
    pytest.mark.torture,
    pytest.mark.usefixtures("register", "plain_briefings"),
    pytest.mark.django_db,
]

MARK = "unspeakable"
STEP = 10 if os.environ.get("TORTURE_EXAMPLES") else 1
KINDS: dict[str, tuple[type[Model], str]] = {
    "meetings": (Meeting, "slug"),
    "sources": (Source, "slug"),
    "mechanisms": (Mechanism, "slug"),
    "agencies": (Agency, "slug"),
    "people": (Person, "slug"),
    "themes": (Theme, "slug"),
    "countries": (Country, "code"),
    "commitments": (Commitment, "reference"),
}
"""The records with pages of their own, by the part of the address before the key."""


def values_of_all(hidden: set[int]) -> Iterator[dict[str, Any]]:
    """What fills in the addresses of each record, and of each paragraph as it is recorded."""
    yield {}
    for section, (model, field) in KINDS.items():
        for row in model._default_manager.all():
            if isinstance(row, Commitment) and row.pk in hidden:
                continue
            name = model._meta.model_name
            yield {
                f"{section}/{field}": getattr(row, field),
                f"{name}/object_id": row.pk,
                f"{name}/pk": row.pk,
            }
    for link in MeetingSource.objects.select_related("meeting", "source"):
        for number in link.source.paragraphs.values_list("number", flat=True):
            place = {"meetings/slug": link.meeting.slug, "record/source": link.source.slug}
            yield place | {"source/number": number}
            yield {"sources/slug": link.source.slug, "paragraphs/number": number}


def all_addresses(hidden: set[int]) -> Iterator[str]:
    for values in values_of_all(hidden):
        for route in routes():
            try:
                yield filled(route, values)
            except KeyError:  # of another kind of record
                continue


@pytest.mark.parametrize("role", ["officer", "focal_point", "reader"])
def test_no_page_of_the_register_names_what_is_classified(role: str) -> None:
    hidden = {each.pk: each.reference for each in Commitment.objects.order_by("pk")[::3]}
    texts = dict.fromkeys(("title", "text", "remarks"), MARK)
    Commitment.objects.filter(pk__in=hidden).update(classification=3, **texts)
    refresh_search_text(hidden)
    assert MARK in read(client_as("reader", clearance=3), "/commitments/").text
    client = client_as(make.user(role, agency=Agency.objects.get(slug="vn-mofa")))
    found = []
    for url in list(dict.fromkeys(all_addresses(set(hidden))))[::STEP]:
        text = read(client, url).text
        found += [(url, word) for word in (MARK, *hidden.values()) if word in text]
    assert found == []
