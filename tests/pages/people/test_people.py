"""The list of people, and the page of a person: positions by meeting and the commitments mentioned there."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from relations.models import Participation, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trung() -> Person:
    made = Person.objects.create(
        slug="le-hoai-trung", name="Lê Hoài Trung", country=make.country("VN"), aliases=["Le Hoai Trung"]
    )
    for day, office in ((dt.date(2025, 9, 1), "Acting Minister"), (dt.date(2025, 12, 9), "Minister")):
        took_part(made, day, office)
    return made


def took_part(person: Person, day: dt.date, office: str) -> Any:
    meeting = make.meeting(day, title=f"Talks of {day}")
    Participation.objects.create(meeting=meeting, person=person, office=office, country=person.country)
    return meeting


def test_the_page_has_the_positions_by_meeting_the_latest_first(reader: Client, trung: Person) -> None:
    page = page_of(reader.get("/people/le-hoai-trung/"))
    assert page.texts("h1") == ["Lê Hoài Trung"]
    assert page.texts("#positions-h") == ["Positions"]
    assert [row.texts("th, td")[1:4] for row in page.select("table tbody tr")[:2]] == [
        ["Talks of 2025-12-09", "Minister", "Viet Nam"],
        ["Talks of 2025-09-01", "Acting Minister", "Viet Nam"],
    ]
    assert "Le Hoai Trung" in page.one("aside").text
    earlier = page_of(reader.get("/people/le-hoai-trung/?as_of=2025-10-01"))
    assert "Acting Minister" in earlier.text
    assert "Talks of 2025-12-09" not in earlier.text


def test_the_page_lists_the_commitments_mentioned_there_and_no_others(trung: Person) -> None:
    meeting = trung.participations.order_by("pk").last().meeting
    paragraph = make.source().paragraphs.get(number=1)
    shown = make.commitment(mention=make.FirstMention(meeting, paragraph))
    done = make.commitment("fulfilled", mention=make.FirstMention(meeting, paragraph))
    hidden = make.commitment(mention=make.FirstMention(meeting, paragraph), classification=2)
    elsewhere = make.commitment()
    page = page_of(client_as("reader").get("/people/le-hoai-trung/"))
    assert page.texts("#open .ref, #closed .ref") == [shown.reference, done.reference]
    assert "2 commitments were mentioned at these meetings, 1 open." in page.text
    assert page.links("header")["2"] == "/commitments/?person=le-hoai-trung"
    for other in (hidden, elsewhere):
        assert other.reference not in page.text
    stranger = make.user("focal_point", agency=make.agency("vn-mnd"))
    assert "0 commitments were mentioned" in text_of(client_as(stranger).get("/people/le-hoai-trung/"))


def test_somebody_who_took_part_in_nothing_has_a_page(reader: Client) -> None:
    Person.objects.create(slug="x", name="X", country=make.country("KH"))
    page = page_of(reader.get("/people/x/"))
    assert "This person took part in no meeting that is recorded." in page.text
    assert reader.get("/people/y/").status_code == 404


def test_the_list_finds_names_without_diacritics(reader: Client, trung: Person) -> None:
    Person.objects.create(slug="x", name="Xuân", country=make.country("KH"))
    page = page_of(reader.get("/people/"))
    assert page.texts("a.reg__title") == ["Lê Hoài Trung", "Xuân"]
    assert "Minister" in page.text
    assert page.links(".tabs")["People"] == "/people/"
    assert page_of(reader.get("/people/?q=le+hoai")).texts("a.reg__title") == ["Lê Hoài Trung"]
    assert page_of(reader.get("/people/?country=KH")).texts("a.reg__title") == ["Xuân"]
    assert "Nobody with this name is recorded." in text_of(reader.get("/people/?q=nemo"))
    assert reader.get("/people/?country=XX").status_code == 400
    assert reader.get("/people/?page=9").status_code == 404


def test_people_are_links_where_they_are_named(reader: Client, trung: Person) -> None:
    meeting = trung.participations.order_by("pk").first().meeting
    page = page_of(reader.get(f"/meetings/{meeting.slug}/"))
    assert page.links("aside")["Lê Hoài Trung"] == "/people/le-hoai-trung/"
    past = page_of(reader.get(f"/meetings/{meeting.slug}/?as_of=2025-10-01"))
    assert past.links("aside")["Lê Hoài Trung"] == "/people/le-hoai-trung/?as_of=2025-10-01"


def test_ten_people_take_as_many_queries_as_two(reader: Client, trung: Person, queries: Any) -> None:
    few = queries(reader, "/people/"), queries(reader, "/people/le-hoai-trung/")
    for n in range(10):
        other = Person.objects.create(slug=f"p-{n}", name=f"P {n}", country=make.country("KH"))
        took_part(other, dt.date(2025, 1, 1 + n), "Minister")
        took_part(trung, dt.date(2025, 2, 1 + n), "Deputy Minister")
    assert (queries(reader, "/people/"), queries(reader, "/people/le-hoai-trung/")) == few
