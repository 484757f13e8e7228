"""Meetings, sources, bodies and themes changed over HTTP, and nobody's change lost."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Theme
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from tests import factories as make
from tests.api.records import API, SECTIONS, patch, whole_world, writer
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("key", ["nothing", "%00", "a%20b", "%F0%9F%8F%B3"])
def test_nothing_is_changed_that_is_not_there(section: str, key: str) -> None:
    answer = patch(writer(section), f"{section}/{key}", {"name": "x"}, **{"If-Match": "*"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("meetings", {"place": "Huế"}),
        ("sources", {"note": "Read with care."}),
        ("mechanisms", {"acronym": "JC", "countries": ["LA", "VN"]}),
        ("agencies", {"name": "Bộ Công an"}),
        ("people", {"aliases": ["Le Hoai Trung"]}),
        ("countries", {"aliases": ["Việt Nam"]}),
        ("themes", {"name": "Biên giới"}),
    ],
)
def test_what_is_given_changes_and_the_rest_stays(section: str, change: dict[str, Any]) -> None:
    make.country("LA")
    client, address = writer(section), whole_world()[section]
    before = client.get(f"{API}{address}/").json()
    answer = patch(client, address, change)
    assert answer.status_code == 200, answer.json()
    assert answer.json() == before | change
    read = client.get(f"{API}{address}/")
    assert (read.json(), read.headers["ETag"]) == (answer.json(), answer.headers["ETag"])


@pytest.mark.parametrize("section", SECTIONS)
def test_nobodys_change_is_lost(section: str) -> None:
    client, address = writer(section), whole_world()[section]
    named = {"title" if section in ("meetings", "sources") else "name": "Anew"}
    stale = client.get(f"{API}{address}/").headers["ETag"]
    assert client.patch(f"{API}{address}/", named, "application/json").status_code == 428
    assert patch(client, address, named, **{"If-Match": stale}).status_code == 200
    other = {name: "Otherwise" for name in named}
    assert patch(client, address, other, **{"If-Match": stale}).status_code == 412
    assert client.get(f"{API}{address}/").json() | named == client.get(f"{API}{address}/").json()
    assert patch(client, address, other, **{"If-Match": "*"}).status_code == 200


_MODELS: dict[str, Any] = {
    "meetings": Meeting,
    "sources": Source,
    "mechanisms": Mechanism,
    "agencies": Agency,
    "people": Person,
    "countries": Country,
    "themes": Theme,
}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_change_of_nothing_leaves_no_trace(section: str) -> None:
    client, address = writer(section), whole_world()[section]
    told = client.get(f"{API}{address}/").json()
    record = _MODELS[section].objects.get(
        **{"code" if section == "countries" else "slug": address.split("/")[1]}
    )
    rows, version = record.history.count(), record.version
    for derived in ("page_url", "sha256", "paragraphs", "versions"):
        told.pop(derived, None)
    if section != "sources":
        told.pop("url", None)
    assert patch(client, address, told).status_code == 200
    assert patch(client, address, {}).status_code == 200
    record.refresh_from_db()
    assert (record.history.count(), record.version) == (rows, version)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_key_never_changes(section: str) -> None:
    client, address = writer(section), whole_world()[section]
    field = "code" if section == "countries" else "key"
    own = address.split("/")[1]
    refused = patch(client, address, {field: "KH" if field == "code" else "other"})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [field]
    assert patch(client, address, {field: own}).status_code == 200
    assert client.get(f"{API}{address}/").status_code == 200


def test_a_change_leaves_one_row_of_history_with_who_and_what() -> None:
    owner, address = make.user("officer"), whole_world()["agencies"]
    patch(client_as(owner), address, {"name": "Bộ Ngoại giao"})
    history = Agency.objects.get(slug="vn-mofa").history.first()
    assert (history.history_type, history.name, history.history_user) == ("~", "Bộ Ngoại giao", owner)


def test_a_rule_that_came_later_does_not_stand_in_the_way_of_another_field(officer: Client) -> None:
    make.source(slug="old", url="http://intranet/r")
    assert patch(officer, "sources/old", {"note": "Read it."}).status_code == 200
    assert list(patch(officer, "sources/old", {"url": "http://"}).json()["errors"]) == ["url"]


def test_commitments_are_found_by_the_new_name_of_an_agency_and_of_a_person(officer: Client) -> None:
    whole_world()
    talks = Meeting.objects.get(slug="jc-22")
    note = Source.objects.get(slug="note")
    pledge = make.commitment(
        agencies=(make.agency("vn-mofa"),), mention=make.FirstMention(talks, note.paragraphs.get(number=1))
    )

    def found(words: str) -> list[str]:
        return [row["reference"] for row in officer.get(f"{API}commitments/?q={words}").json()["results"]]

    assert (found("ngoai+giao"), found("tran+hung")) == ([], [])
    patch(officer, "agencies/vn-mofa", {"name": "Bộ Ngoại giao"})
    patch(officer, "people/le-hoai-trung", {"name": "Trần Hưng"})
    assert (found("ngoai+giao"), found("tran+hung")) == ([pledge.reference], [pledge.reference])
    patch(officer, "meetings/jc-22", {"participants": []})
    assert found("tran+hung") == []
