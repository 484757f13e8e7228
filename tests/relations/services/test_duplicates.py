"""What is recorded already is noticed before it is recorded again, by every door."""

import datetime as dt
from typing import Any

import pytest

from relations.models import Agency, Meeting, Person, Source
from relations.services.duplicates import AlreadyRecorded, recorded_already
from relations.services.sources import create_source, record_text
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 12, 8)


def found(record: Any, **facts: Any) -> list[str]:
    return [each.slug for each in recorded_already(record, user=make.user("officer"), **facts)]


def meeting(**fields: Any) -> Meeting:
    kind = {"form": "talks", "level": "minister", "status": "held"}
    return Meeting(**kind | {"title": "Another title", "starts_on": DAY} | fields)


def test_a_person_is_found_by_any_spelling() -> None:
    cambodia = make.country("KH")
    Person.objects.create(slug="hun-manet", name="Hun Manet", aliases=["Hun Mà-Nét"], country=cambodia)
    assert found(Person(name="HUN  Manét", country=cambodia)) == ["hun-manet"]
    assert found(Person(name="Manet Hun", country=cambodia)) == []
    assert found(Person(name="Samdech Hun", aliases=["hun ma-net"], country=cambodia)) == ["hun-manet"]


def test_an_agency_is_found_in_its_own_country() -> None:
    make.agency("vn-mofa", "VN", name="Ministry of Foreign Affairs", acronym="MOFA")
    same = {"name": "Ministry of Foreign  affairs", "kind": "ministry"}
    assert found(Agency(**same, country=make.country("VN"))) == ["vn-mofa"]
    assert found(Agency(name="Bộ Ngoại giao", acronym="mofa", country=make.country("VN"))) == ["vn-mofa"]
    assert found(Agency(**same, country=make.country("KH"))) == []


def test_a_meeting_is_found_by_day_and_title_mechanism_or_countries() -> None:
    committee, other = make.mechanism(), make.mechanism("border-committee")
    made = make.meeting(DAY, slug="jc-21", title="Joint Committee, 21st session", mechanism=committee)
    for code in ("KH", "VN"):
        person = make.country(code).people.create(slug=code.lower(), name=code)
        made.participations.create(person=person, office="Minister", country=person.country)
    both = {make.country("KH").pk, make.country("VN").pk}
    assert found(meeting(title="joint committee: 21ST session")) == ["jc-21"]
    assert found(meeting(title="joint committee: 21ST session", starts_on=dt.date(2025, 12, 9))) == []
    assert found(meeting(mechanism=committee)) == ["jc-21"]
    assert found(meeting(mechanism=other)) == []
    assert found(meeting(), countries=both) == ["jc-21"]
    assert found(meeting(level="head_of_government"), countries=both) == []
    assert found(meeting(), countries={make.country("KH").pk}) == []


def test_two_sessions_of_one_day_are_two() -> None:
    committee = make.mechanism()
    make.meeting(DAY, slug="jc-21", mechanism=committee, session=21)
    assert found(meeting(mechanism=committee, session=22)) == []


def test_a_source_is_found_by_its_text_or_by_title_and_date() -> None:
    made = Source(slug="note", title="Joint statement", kind="joint_statement", published_on=DAY)
    record_text(source=made, text="1. They met.\n")
    assert found(Source(title="Other"), text="1. They met.\n") == ["note"]
    assert found(Source(title="joint  Statement", published_on=DAY), text="1. Other.\n") == ["note"]
    assert found(Source(title="Joint statement", published_on=None), text="1. Other.\n") == []


def test_the_writer_refuses_and_writes_despite_what_is_named() -> None:
    officer = make.user("officer")
    fields = {"title": "Joint statement", "kind": "joint_statement", "published_on": DAY}
    create_source(actor=officer, fields=fields)
    with pytest.raises(AlreadyRecorded, match=r"Joint statement \(joint-statement\) may be the same"):
        create_source(actor=officer, fields=fields)
    assert Source.objects.count() == 1
    made = create_source(actor=officer, fields=fields, despite=["joint-statement"])
    assert made.slug == "joint-statement-2"


def test_the_api_names_them_and_takes_despite() -> None:
    client, body = client_as("officer"), {"name": "Hun Manet", "country": "KH"}
    make.country("KH")

    def post(**more: Any) -> Any:
        return client.post("/api/v1/people/", body | more, content_type="application/json")

    assert post().status_code == 201
    refused = post()
    assert (refused.status_code, refused.json()["twins"]) == (409, ["hun-manet"])
    assert Person.objects.count() == 1
    assert post(despite=["hun-manet"]).json()["key"] == "hun-manet-2"


def test_the_admin_shows_them_beside_a_box_that_names_them() -> None:
    cambodia = make.country("KH")
    there = Person.objects.create(slug="hun-manet", name="Hun Manet", country=cambodia)
    client, url = client_as("officer"), "/admin/relations/person/add/"
    rows = {"participations-TOTAL_FORMS": 0, "participations-INITIAL_FORMS": 0}
    data = {"name": "Hun <b>Manet</b>", "aliases": "Hun Manet", "country": cambodia.pk, **rows}
    page = page_of(client.post(url, data))
    assert page.links(".errorlist")["Hun Manet (hun-manet)"] == (
        f"/admin/relations/person/{there.pk}/change/"
    )
    box = page.one("input[name=despite]")
    assert Person.objects.count() == 1
    assert client.post(url, data | {"despite": box["value"]}).status_code == 302
    assert Person.objects.count() == 2
