"""What the tests of meetings, sources, bodies and themes share: records of each kind, how they are sent."""

import datetime as dt
from typing import Any

from django.test import Client

from relations.models import Meeting, MeetingSource, Participation, Person
from tests import factories as make
from tests.clients import client_as

API = "/api/v1/"
SECTIONS = ("meetings", "sources", "mechanisms", "agencies", "people", "countries", "themes")


def post(client: Client, section: str, data: Any, **headers: str) -> Any:
    """Send a new record of ``section``."""
    return client.post(f"{API}{section}/", data, content_type="application/json", headers=headers)


def patch(client: Client, address: str, data: Any, **headers: str) -> Any:
    """Change the record at ``address``, as it was just read unless ``headers`` say otherwise."""
    headers = headers or {"If-Match": client.get(f"{API}{address}/").headers["ETag"]}
    return client.patch(f"{API}{address}/", data, "application/json", headers=headers)


def person(
    slug: str = "le-hoai-trung", name: str = "Lê Hoài Trung", code: str = "VN", **fields: Any
) -> Person:
    return Person.objects.create(slug=slug, name=name, country=make.country(code), **fields)


def a_new(section: str) -> dict[str, Any]:
    """The least that a new record of the section needs."""
    make.country("VN"), make.country("KH")
    return {
        "meetings": {"title": "Họp Ủy ban", "form": "talks", "level": "minister", "status": "planned"},
        "sources": {"title": "Biên bản", "kind": "agreed_minutes"},
        "mechanisms": {"name": "Ủy ban hỗn hợp", "countries": ["VN", "KH"]},
        "agencies": {"name": "Bộ Ngoại giao", "country": "VN", "kind": "ministry"},
        "people": {"name": "Đỗ Văn Hòa", "country": "VN"},
        "countries": {"code": "LA", "name": "Lao PDR"},
        "themes": {"name": "Biên giới"},
    }[section]


def writer(section: str) -> Client:
    return client_as("administrator" if section in ("countries", "themes") else "officer")


def whole_world() -> dict[str, str]:
    """One record of each kind with everything that can be said of it; their addresses."""
    make.agency("vn-mofa", acronym="MOFA")
    joint = make.mechanism("joint-committee")
    minister = person()
    theme = make.theme("border")
    report = make.source("Reported.", slug="report", url="https://example.org/r")
    note = make.source(slug="note", published_on=dt.date(2025, 1, 2), publisher="Báo", language="vi")
    note.based_on.add(report)
    talks = make.meeting(
        None, slug="jc-22", mechanism=joint, session=22, status="planned", window_wording="in 2026"
    )
    MeetingSource.objects.create(meeting=talks, source=note)
    Participation.objects.create(meeting=talks, person=minister, office="Minister", country=minister.country)
    return {
        "meetings": f"meetings/{talks.slug}",
        "sources": f"sources/{note.slug}",
        "mechanisms": f"mechanisms/{joint.slug}",
        "agencies": "agencies/vn-mofa",
        "people": f"people/{minister.slug}",
        "countries": "countries/VN",
        "themes": f"themes/{theme.slug}",
    }


def whole_world_once() -> dict[str, str]:
    """The same, where it may have been made before."""
    known = {
        "meetings": "meetings/jc-22",
        "sources": "sources/note",
        "mechanisms": "mechanisms/joint-committee",
        "agencies": "agencies/vn-mofa",
        "people": "people/le-hoai-trung",
        "countries": "countries/VN",
        "themes": "themes/border",
    }
    if not Meeting.objects.filter(slug="jc-22").exists():
        assert whole_world() == known
    return known
