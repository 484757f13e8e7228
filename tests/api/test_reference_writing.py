"""New meetings, sources, bodies and themes over HTTP, by those who may."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.services.tokens import make_token
from commitments.models import Theme
from relations.models import Agency, Country, Mechanism, Meeting, Person, Source
from tests import factories as make
from tests.api.records import (
    API,
    SECTIONS,
    a_new,
    patch,
    post,
    whole_world,
    whole_world_once,
    writer,
)
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("meetings", "hop-uy-ban"),
        ("sources", "bien-ban"),
        ("mechanisms", "uy-ban-hon-hop"),
        ("agencies", "bo-ngoai-giao"),
        ("people", "do-van-hoa"),
        ("countries", "LA"),
        ("themes", "bien-gioi"),
    ],
)
def test_the_least_is_enough_and_the_key_is_made_from_the_name(section: str, key: str) -> None:
    client = writer(section)
    made = post(client, section, a_new(section))
    assert made.status_code == 201, made.json()
    assert made.headers["Location"] == f"{API}{section}/{key}/"
    read = client.get(made.headers["Location"])
    assert read.json() == made.json()
    assert read.headers["ETag"] == made.headers["ETag"]
    assert a_new(section).items() <= {**made.json(), "countries": ["VN", "KH"]}.items()


@pytest.mark.parametrize("section", SECTIONS)
def test_whoever_may_not_write_is_told_so_whatever_was_sent(section: str, reader: Client) -> None:
    for role in ("reader", "reviewer", "focal_point"):
        client = client_as(role)
        assert post(client, section, a_new(section)).status_code == 403
        assert post(client, section, {"nonsense": 1}).status_code == 403
        refused = patch(client, whole_world_once()[section], {"nonsense": 1}, **{"If-Match": "*"})
        assert refused.status_code == 403
        assert client.patch(f"{API}{whole_world_once()[section]}/").status_code == 403
    assert Client().get(f"{API}{section}/").status_code == 401


@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_is_deleted_or_replaced(section: str) -> None:
    client, address = writer(section), whole_world()[section]
    assert client.delete(f"{API}{address}/").status_code == 405
    assert client.put(f"{API}{address}/", {}, "application/json").status_code == 405
    assert client.patch(f"{API}{section}/", {}, "application/json").status_code == 405


@pytest.mark.parametrize("section", SECTIONS)
def test_a_request_sent_again_is_carried_out_once(section: str) -> None:
    client = writer(section)
    first = post(client, section, a_new(section), **{"Idempotency-Key": "a"})
    again = post(client, section, a_new(section), **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    other = post(client, section, a_new(section) | {"key": "b"}, **{"Idempotency-Key": "a"})
    assert other.status_code == 422


@pytest.mark.parametrize("section", [each for each in SECTIONS if each != "countries"])
def test_a_key_is_free_and_a_slug(section: str) -> None:
    client = writer(section)
    assert post(client, section, a_new(section) | {"key": "mine"}).json()["key"] == "mine"
    other = {"name": "Other"} if section == "themes" else {}
    for key in ("mine", "two words", "khóa", "a/b", "", "x" * 81, None, ["mine"], {}, "a\x00b"):
        refused = post(client, section, a_new(section) | other | {"key": key})
        assert refused.status_code == 400, key
        assert list(refused.json()["errors"]) == ["key"]


def test_words_of_the_addresses_are_no_keys(officer: Client) -> None:
    for section, key in (("meetings", "record"), ("meetings", "new"), ("agencies", "none")):
        refused = post(officer, section, a_new(section) | {"key": key})
        assert list(refused.json()["errors"]) == ["key"]
    assert post(officer, "meetings", a_new("meetings") | {"title": "Record"}).json()["key"] == "record-2"
    assert post(officer, "agencies", a_new("agencies") | {"name": "None"}).json()["key"] == "none-2"


def test_two_of_one_name_get_two_keys(officer: Client) -> None:
    keys: list[str] = []
    for _ in range(3):
        keys.append(post(officer, "people", a_new("people") | {"despite": keys}).json()["key"])
    assert keys == ["do-van-hoa", "do-van-hoa-2", "do-van-hoa-3"]


@pytest.mark.parametrize("name", ["Nguyễn Thị Kim Ngân", "ប្រាក់ សុខុន", "Đặng Ngọc Ân ‘Tư’"])
def test_names_in_vietnamese_and_khmer_come_back_to_the_letter(name: str, officer: Client) -> None:
    make.country("KH")
    made = post(officer, "people", {"name": name, "country": "KH", "aliases": [name, name, "A B"]}).json()
    assert (made["name"], made["aliases"]) == (name, [name, "A B"])
    assert [row["key"] for row in officer.get(f"{API}people/?q={name}").json()["results"]] == [made["key"]]


@pytest.mark.parametrize(
    ("section", "body", "field"),
    [
        ("people", {"name": ["A"]}, "name"),
        ("people", {"name": None}, "name"),
        ("people", {"name": "  "}, "name"),
        ("people", {"name": "a\x00"}, "name"),
        ("people", {"name": "x" * 201}, "name"),
        ("people", {"aliases": 7}, "aliases"),
        ("people", {"aliases": "A"}, "aliases"),
        ("people", {"aliases": None}, "aliases"),
        ("people", {"aliases": {"A": 1}}, "aliases"),
        ("people", {"aliases": ["A", ["B"]]}, "aliases.1"),
        ("people", {"aliases": [""]}, "aliases.0"),
        ("people", {"country": "XX"}, "country"),
        ("people", {"country": "vn"}, "country"),
        ("people", {"country": ["VN"]}, "country"),
        ("people", {"country": None}, "country"),
        ("people", {"country": "V\x00"}, "country"),
        ("people", {"office": "Minister"}, "office"),
        ("people", {"url": "/"}, "url"),
        ("agencies", {"kind": "club"}, "kind"),
        ("agencies", {"kind": 3}, "kind"),
        ("agencies", {"acronym": "x" * 31}, "acronym"),
        ("mechanisms", {"countries": 7}, "countries"),
        ("mechanisms", {"countries": "VN"}, "countries"),
        ("mechanisms", {"countries": {"VN": 1}}, "countries"),
        ("mechanisms", {"countries": []}, "countries"),
        ("mechanisms", {"countries": ["VN", 3]}, "countries"),
        ("mechanisms", {"countries": ["VN", "\x00"]}, "countries"),
        ("mechanisms", {"countries": None}, "countries"),
        ("countries", {"code": "ZZ"}, "code"),
        ("countries", {"code": "vn"}, "code"),
        ("countries", {"code": "LAO"}, "code"),
        ("countries", {"code": "L1"}, "code"),
        ("countries", {"code": 12}, "code"),
        ("countries", {"code": "VN"}, "code"),
        ("countries", {"name": "Viet Nam"}, "name"),
        ("countries", {"key": "la"}, "key"),
        ("sources", {"kind": ""}, "kind"),
        ("sources", {"published_on": "yesterday"}, "published_on"),
        ("sources", {"published_on": 2025}, "published_on"),
        ("sources", {"url": "not an address"}, "url"),
        ("sources", {"url": "javascript:alert(1)"}, "url"),
        ("sources", {"text": ["One."]}, "text"),
        ("sources", {"text": "1. One.\n\n2. \n\n3. Three."}, "text"),
        ("sources", {"text": None}, "text"),
        ("sources", {"based_on": "note"}, "based_on"),
        ("sources", {"based_on": ["unknown"]}, "based_on"),
        ("sources", {"sha256": "0" * 64}, "sha256"),
        ("sources", {"paragraphs": []}, "paragraphs"),
        ("meetings", {"form": "chat"}, "form"),
        ("meetings", {"session": "last"}, "session"),
        ("meetings", {"session": 0}, "session"),
        ("meetings", {"session": 2**31}, "session"),
        ("meetings", {"session": 10**30}, "session"),
        ("meetings", {"session": 22}, "mechanism"),
        ("meetings", {"mechanism": 3}, "mechanism"),
        ("meetings", {"ends_on": "2026-01-02"}, "ends_on"),
        ("meetings", {"starts_on": "2026-01-02", "ends_on": "2026-01-01"}, "ends_on"),
        ("meetings", {"status": "held"}, "starts_on"),
        ("meetings", {"window": {"earliest": "2026-02-01", "latest": "2026-01-01"}}, "window.latest"),
        ("meetings", {"window": {"wording": "x" * 201}}, "window.wording"),
        ("meetings", {"window": {"from": "2026-02-01"}}, "window.from"),
        ("meetings", {"window": ["soon"]}, "window"),
        ("meetings", {"participants": 3}, "participants"),
        ("meetings", {"participants": {"person": "x"}}, "participants"),
        ("meetings", {"participants": [{"person": "unknown", "office": "x"}]}, "participants.0.person"),
        ("meetings", {"sources": None}, "sources"),
        ("themes", {"name": {"en": "Border"}}, "name"),
    ],
)
def test_a_fault_is_told_at_its_field_and_changes_nothing(section: str, body: Any, field: str) -> None:
    client, known = writer(section), a_new(section)
    before = client.get(f"{API}{section}/").json()
    refused = post(client, section, known | body)
    assert refused.status_code == 400, refused.json()
    assert list(refused.json()["errors"]) == [field]
    assert client.get(f"{API}{section}/").json() == before


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("body", ["[]", '"text"', "null", "7", "{", ""])
def test_a_body_that_is_no_object_is_refused(section: str, body: str) -> None:
    answer = writer(section).post(f"{API}{section}/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_every_missing_field_is_named_at_once(officer: Client) -> None:
    assert set(post(officer, "meetings", {"colour": 1}).json()["errors"]) == {
        "title",
        "form",
        "level",
        "status",
        "colour",
    }


def test_a_token_writes_in_the_name_of_its_owner_and_the_history_says_so() -> None:
    owner = make.user("officer")
    _token, key = make_token(owner=owner, name="Records", scope="write", days=30)
    _token, reading = make_token(owner=owner, name="Dashboard", scope="read", days=30)
    assert post(Client(), "people", a_new("people"), Authorization=f"Bearer {reading}").status_code == 403
    assert post(Client(), "people", a_new("people"), Authorization=f"Bearer {key}").status_code == 201
    history = Person.objects.get(slug="do-van-hoa").history.get()
    assert (history.history_type, history.history_user) == ("+", owner)


def test_what_was_written_here_goes_into_the_register_file_and_comes_back(tmp_path: Path) -> None:
    for section in ("countries", "themes", "agencies", "people", "mechanisms", "sources", "meetings"):
        more = {
            "sources": {"text": "- “Một”\t:\n\n# ពីរ\n\n- yes", "note": "a: b\r\n  c # d ", "title": "null"},
            "people": {"aliases": ["1e3", "no", "  Đỗ   Hòa "]},
            "meetings": {"window": {"wording": "“soon”: 2026", "latest": "2026-12-31"}, "place": "0755"},
        }.get(section, {})
        assert post(writer(section), section, a_new(section) | more).status_code == 201
    officer = writer("meetings")
    told = {section: officer.get(f"{API}{section}/").json()["results"] for section in SECTIONS}
    file = tmp_path / "register.yaml"
    call_command("dump_register", str(file), verbosity=0)
    for model in (Meeting, Source, Mechanism, Agency, Person, Theme, Country):
        model.objects.all().delete()
    call_command("load_register", str(file), verbosity=0)
    assert {section: officer.get(f"{API}{section}/").json()["results"] for section in SECTIONS} == told
