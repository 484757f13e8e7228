"""Meetings, sources, bodies and themes over HTTP: read by everybody, written by those who may."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from accounts.services.tokens import make_token
from commitments.choices import MentionKind
from commitments.models import Commitment, Mention, Theme
from relations.models import Agency, Country, Mechanism, Meeting, MeetingSource, Participation, Person, Source
from relations.services.sources import record_text
from tests import factories as make
from tests.commitments.api.conftest import signed_in

pytestmark = pytest.mark.django_db
API = "/api/v1/"
SECTIONS = ("meetings", "sources", "mechanisms", "agencies", "people", "countries", "themes")


@pytest.fixture
def officer() -> Client:
    return signed_in(make.user("officer"))


@pytest.fixture
def administrator() -> Client:
    return signed_in(make.user("administrator"))


@pytest.fixture
def reader() -> Client:
    return signed_in(make.user("reader"))


def post(client: Client, section: str, data: Any, **headers: str) -> Any:
    return client.post(f"{API}{section}/", data, content_type="application/json", headers=headers)


def patch(client: Client, address: str, data: Any, **headers: str) -> Any:
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
    return signed_in(make.user("administrator" if section in ("countries", "themes") else "officer"))


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


# -- reading ---------------------------------------------------------------------------------------------


def test_each_record_carries_the_keys_of_the_register_file_and_every_one_of_them(reader: Client) -> None:
    told = {section: reader.get(f"{API}{address}/").json() for section, address in whole_world().items()}
    assert told == {
        "meetings": {
            "key": "jc-22",
            "title": Meeting.objects.get(slug="jc-22").title,
            "mechanism": "joint-committee",
            "session": 22,
            "form": "talks",
            "level": "minister",
            "status": "planned",
            "starts_on": None,
            "ends_on": None,
            "window": {"wording": "in 2026", "earliest": None, "latest": None},
            "place": "",
            "country": None,
            "sources": ["note"],
            "participants": [
                {"person": "le-hoai-trung", "office": "Minister", "country": "VN", "role": "participant"}
            ],
            "url": "/meetings/jc-22/",
        },
        "sources": {
            "key": "note",
            "kind": "note_for_file",
            "title": Source.objects.get(slug="note").title,
            "publisher": "Báo",
            "published_on": "2025-01-02",
            "language": "vi",
            "url": "",
            "note": "",
            "based_on": ["report"],
            "sha256": Source.objects.get(slug="note").sha256,
            "page_url": "/sources/note/",
            "text": "1. They agreed.\n\n2. They agreed again.\n\n3. They met.\n",
            "paragraphs": [
                {"number": 1, "text": "They agreed."},
                {"number": 2, "text": "They agreed again."},
                {"number": 3, "text": "They met."},
            ],
        },
        "mechanisms": {
            "key": "joint-committee",
            "name": "Joint-committee",
            "acronym": "",
            "countries": ["KH", "VN"],
            "note": "",
            "url": "/mechanisms/joint-committee/",
        },
        "agencies": {
            "key": "vn-mofa",
            "name": "VN-MOFA",
            "acronym": "MOFA",
            "country": "VN",
            "kind": "ministry",
            "url": "/agencies/vn-mofa/",
        },
        "people": {"key": "le-hoai-trung", "name": "Lê Hoài Trung", "aliases": [], "country": "VN"},
        "countries": {"code": "VN", "name": "Viet Nam", "aliases": [], "url": "/countries/VN/"},
        "themes": {"key": "border", "name": "Border"},
    }
    assert len(told["sources"]["sha256"]) == 64


def test_a_list_tells_what_the_record_tells_but_for_the_texts_of_sources(reader: Client) -> None:
    for section, address in whole_world().items():
        shown = reader.get(f"{API}{address}/").json()
        listed = {
            row.get("key") or row["code"]: row for row in reader.get(f"{API}{section}/").json()["results"]
        }
        for long in ("text", "paragraphs"):
            shown.pop(long, None)
        assert listed[shown.get("key") or shown["code"]] == shown


def test_the_answers_are_as_the_schema_describes_them(reader: Client) -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)
    for section, address in whole_world().items():
        for path, url in ((f"/api/v1/{section}/", f"{API}{section}/"), (None, f"{API}{address}/")):
            if path is None:
                key = "code" if section == "countries" else "slug"
                path = f"/api/v1/{section}/{{{key}}}/"
            described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
            schema = {**_closed(described["schema"]), "components": _closed(document["components"])}
            answer = reader.get(url).json()
            assert [fault.message for fault in Draft202012Validator(schema).iter_errors(answer)] == []


def _closed(schema: Any) -> Any:
    """No object may hold more than is described; OpenAPI 3.0 says apart where null may stand."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _closed(each) for name, each in schema.items()}
    if found.get("type") == "object" and "properties" in found:
        found.setdefault("additionalProperties", False)
    if found.pop("nullable", False):
        return {"anyOf": [found, {"type": "null"}]}
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_list_is_a_list(section: str, reader: Client) -> None:
    for model in (Country, Theme):
        assert not model.objects.exists()
    answer = reader.get(f"{API}{section}/")
    assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}
    assert reader.get(f"{API}{section}/?page=2").status_code == 404


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("people/?q=le+hoai", ["le-hoai-trung"]),
        ("people/?q=TRUNG+l%C3%AA", ["le-hoai-trung"]),
        ("people/?q=Hoa&country=VN", ["do-van-hoa", "le-hoai-trung"]),
        ("people/?country=KH", ["prak-sokhonn"]),
        ("people/?country=KH&country=VN", ["do-van-hoa", "le-hoai-trung", "prak-sokhonn"]),
        ("people/?q=សុខុន", ["prak-sokhonn"]),
        ("agencies/?q=do", ["vn-do"]),
        ("agencies/?country=KH", ["kh-mfaic"]),
        ("agencies/?kind=parliament", []),
        ("mechanisms/?country=LA", ["cross"]),
        ("mechanisms/?country=LA&country=VN", ["cross", "joint"]),
        ("themes/?q=bien+gioi", ["bien-gioi"]),
        ("meetings/?q=hue", ["talks-hue"]),
        ("meetings/?status=planned&mechanism=joint", ["jc-22"]),
        ("sources/?q=bao+nhan+dan", ["note"]),
        ("sources/?kind=treaty", []),
    ],
)
def test_names_are_found_without_diacritics_and_lists_are_filtered(
    url: str, keys: list[str], reader: Client
) -> None:
    person(), person("do-van-hoa", "Đỗ Văn Hòa")
    person("prak-sokhonn", "Prak Sokhonn", "KH", aliases=["ប្រាក់ សុខុន"])
    make.agency("vn-do", name="Đo lường"), make.agency("kh-mfaic", "KH")
    make.mechanism("joint"), make.mechanism("cross", ("LA", "VN"))
    Theme.objects.create(slug="bien-gioi", name="Biên giới")
    make.meeting(slug="talks-hue", title="Talks", place="Huế")
    make.meeting(None, slug="jc-22", mechanism=Mechanism.objects.get(slug="joint"), status="planned")
    make.source(slug="note", publisher="Báo Nhân Dân")
    answer = reader.get(f"{API}{url}").json()
    assert sorted(row["key"] for row in answer["results"]) == keys
    assert answer["count"] == len(keys)


def test_a_country_is_found_by_any_of_its_names(reader: Client) -> None:
    Country.objects.create(code="VN", name="Viet Nam", aliases=["Việt Nam"])
    Country.objects.create(code="KH", name="Cambodia", aliases=["កម្ពុជា", "Kampuchea"])
    for asked, codes in (("vietnam", ["VN"]), ("viet+nam", ["VN"]), ("កម្ពុជា", ["KH"]), ("x", [])):
        found = reader.get(f"{API}countries/?q={asked}").json()["results"]
        assert [row["code"] for row in found] == codes


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        *((f"{section}/?colour=red", "colour") for section in SECTIONS),
        ("people/?country=kh", "country"),
        ("people/?country=XX", "country"),
        ("people/?country=%00", "country"),
        ("countries/?country=VN", "country"),
        ("meetings/?mechanism=unknown", "mechanism"),
        ("meetings/?status=soon", "status"),
        ("sources/?kind=rumour", "kind"),
        ("themes/?page_size=501", "page_size"),
        ("themes/?page_size=0", "page_size"),
        ("themes/?page=one", "page"),
        ("themes/?q=%00", "q"),
        ("countries/VN/?colour=red", "colour"),
        ("countries/VN/?as_of=2025-01-01", "as_of"),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(url: str, parameter: str, reader: Client) -> None:
    make.country("VN")
    answer = reader.get(f"{API}{url}")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [parameter]


@pytest.mark.parametrize(
    "address",
    [
        *(f"{section}/nothing/" for section in SECTIONS),
        "countries/vn/",
        "countries/%00/",
        "meetings/%00/",
        "people/a%20b/",
        "themes/?page=99999999999999999999999",
    ],
)
def test_what_is_not_there_is_404_in_json(address: str, reader: Client) -> None:
    make.country("VN")
    answer = reader.get(f"{API}{address}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("key", ["nothing", "%00", "a%20b", "%F0%9F%8F%B3"])
def test_nothing_is_changed_that_is_not_there(section: str, key: str) -> None:
    answer = patch(writer(section), f"{section}/{key}", {"name": "x"}, **{"If-Match": "*"})
    assert answer.status_code == 404


def fill(count: int) -> None:
    """Some records of each kind, with all that hangs on them."""
    for number in range(Country.objects.count(), Country.objects.count() + count):
        code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}"
        state = Country.objects.create(code=code, name=f"State {number}")
        minister = person(f"person-{number}", f"Person {number}", code)
        make.agency(f"agency-{number}", code)
        body = make.mechanism(f"body-{number}", (code,))
        make.theme(f"theme-{number}")
        note = make.source()
        note.based_on.add(make.source(""))
        meeting = make.meeting(mechanism=body, session=1, country=state)
        MeetingSource.objects.create(meeting=meeting, source=note)
        Participation.objects.create(meeting=meeting, person=minister, office="x", country=state)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_list_takes_the_same_queries_for_3_and_for_33_rows(section: str, reader: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(f"{API}{section}/?page_size=500").status_code == 200
        return len(captured)

    fill(3)
    queries()
    few = queries()
    fill(30)
    assert reader.get(f"{API}{section}/").json()["count"] >= 33
    assert queries() == few


def test_a_list_comes_in_pages(reader: Client) -> None:
    for name in ("a", "b", "c"):
        make.theme(name)
    first = reader.get(f"{API}themes/?page_size=2").json()
    assert ([row["key"] for row in first["results"]], first["previous"]) == (["a", "b"], None)
    second = reader.get(first["next"]).json()
    assert ([row["key"] for row in second["results"]], second["next"], second["count"]) == (["c"], None, 3)


def test_no_list_of_sources_reads_their_texts(reader: Client) -> None:
    make.source("Very long.")
    with CaptureQueriesContext(connection) as captured:
        reader.get(f"{API}sources/")
    assert not any('"relations_source"."text"' in query["sql"] for query in captured)


@pytest.mark.parametrize("section", SECTIONS)
def test_who_has_it_already_is_answered_304(section: str, reader: Client) -> None:
    url = f"{API}{whole_world()[section]}/"
    first = reader.get(url)
    again = reader.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    head = reader.head(url)
    assert (head.status_code, head.headers["ETag"], head.content) == (200, first.headers["ETag"], b"")


# -- recording -------------------------------------------------------------------------------------------


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
        client = signed_in(make.user(role))
        assert post(client, section, a_new(section)).status_code == 403
        assert post(client, section, {"nonsense": 1}).status_code == 403
        refused = patch(client, whole_world_once()[section], {"nonsense": 1}, **{"If-Match": "*"})
        assert refused.status_code == 403
        assert client.patch(f"{API}{whole_world_once()[section]}/").status_code == 403
    assert Client().get(f"{API}{section}/").status_code == 401


def whole_world_once() -> dict[str, str]:
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
    keys = [post(officer, "people", a_new("people")).json()["key"] for _ in range(3)]
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
        ("countries", {"code": "la"}, "code"),
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


# -- changing --------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("section", SECTIONS)
def test_a_change_of_nothing_leaves_no_trace(section: str) -> None:
    client, address = writer(section), whole_world()[section]
    told = client.get(f"{API}{address}/").json()
    record = _MODELS[section].objects.get(
        **{"code" if section == "countries" else "slug": address.split("/")[1]}
    )
    rows, version = record.history.count(), record.version
    for derived in ("page_url", "sha256", "paragraphs"):
        told.pop(derived, None)
    if section != "sources":
        told.pop("url", None)
    assert patch(client, address, told).status_code == 200
    assert patch(client, address, {}).status_code == 200
    record.refresh_from_db()
    assert (record.history.count(), record.version) == (rows, version)


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
    patch(signed_in(owner), address, {"name": "Bộ Ngoại giao"})
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


# -- meetings --------------------------------------------------------------------------------------------


def test_a_meeting_is_recorded_with_all_that_hangs_on_it(officer: Client) -> None:
    make.mechanism("joint-committee"), make.source(slug="minutes"), make.source(slug="report")
    person(), person("prak-sokhonn", "Prak Sokhonn", "KH")
    body = {
        "key": "jc-23",
        "title": "Kỳ họp lần thứ 23 – សម័យប្រជុំ",
        "mechanism": "joint-committee",
        "session": 23,
        "form": "committee_session",
        "level": "minister",
        "status": "held",
        "starts_on": "2026-01-20",
        "ends_on": "2026-01-21",
        "place": "Phnôm Pênh",
        "country": "KH",
        "sources": ["report", "minutes", "report"],
        "participants": [
            {"person": "prak-sokhonn", "office": "ឧបនាយករដ្ឋមន្ត្រី", "role": "co_chair"},
            {"person": "le-hoai-trung", "office": "Bộ trưởng", "country": "VN"},
        ],
    }
    made = post(officer, "meetings", body)
    assert made.status_code == 201, made.json()
    assert made.json() == body | {
        "window": None,
        "sources": ["report", "minutes"],
        "participants": [
            {"person": "prak-sokhonn", "office": "ឧបនាយករដ្ឋមន្ត្រី", "country": "KH", "role": "co_chair"},
            {"person": "le-hoai-trung", "office": "Bộ trưởng", "country": "VN", "role": "participant"},
        ],
        "url": "/meetings/jc-23/",
    }
    twice = post(officer, "meetings", body | {"key": "other"})
    assert list(twice.json()["errors"]) == ["session"]
    assert not Meeting.objects.filter(slug="other").exists()


def test_a_planned_meeting_is_marked_held(officer: Client) -> None:
    whole_world()
    assert list(patch(officer, "meetings/jc-22", {"status": "held"}).json()["errors"]) == ["starts_on"]
    held = patch(officer, "meetings/jc-22", {"status": "held", "starts_on": "2026-01-16", "window": None})
    assert held.status_code == 200
    assert (held.json()["status"], held.json()["window"]) == ("held", None)
    meeting = Meeting.objects.get(slug="jc-22")
    assert (meeting.day, meeting.window_wording) == (dt.date(2026, 1, 16), "")


def test_a_window_is_given_whole(officer: Client) -> None:
    whole_world()
    answer = patch(officer, "meetings/jc-22", {"window": {"latest": "2026-12-31"}}).json()
    assert answer["window"] == {"wording": "", "earliest": None, "latest": "2026-12-31"}
    held = patch(officer, "meetings/jc-22", {"session": None, "mechanism": None}).json()
    assert (held["session"], held["mechanism"]) == (None, None)


def test_participants_are_replaced_by_the_difference(officer: Client) -> None:
    whole_world()
    person("prak-sokhonn", "Prak Sokhonn", "KH"), person("do-van-hoa", "Đỗ Văn Hòa")
    seats = [
        {"person": "le-hoai-trung", "office": "Minister", "country": "VN", "role": "participant"},
        {"person": "prak-sokhonn", "office": "Minister", "country": "KH", "role": "co_chair"},
    ]
    assert patch(officer, "meetings/jc-22", {"participants": seats}).json()["participants"] == seats
    kept = Participation.objects.get(person__slug="le-hoai-trung")
    seats = [
        {"person": "le-hoai-trung", "office": "Minister", "country": "VN", "role": "participant"},
        {"person": "do-van-hoa", "office": "Vụ trưởng", "country": "VN", "role": "observer"},
    ]
    assert patch(officer, "meetings/jc-22", {"participants": seats}).json()["participants"] == seats
    assert Participation.objects.get(person__slug="le-hoai-trung").pk == kept.pk
    assert kept.history.count() == 1
    assert [row.history_type for row in Participation.history.filter(person__slug="prak-sokhonn")] == [
        "-",
        "+",
    ]
    twice = patch(officer, "meetings/jc-22", {"participants": [seats[0], seats[0]]})
    assert list(twice.json()["errors"]) == ["participants.1.person"]


def test_a_change_asks_as_much_of_each_participant_as_a_record_does(officer: Client) -> None:
    whole_world()
    refused = patch(officer, "meetings/jc-22", {"participants": [{"person": "le-hoai-trung"}]})
    assert list(refused.json()["errors"]) == ["participants.0.office"]


def test_a_source_that_is_cited_at_the_meeting_stays_among_its_sources(officer: Client) -> None:
    whole_world()
    talks, note = Meeting.objects.get(slug="jc-22"), Source.objects.get(slug="note")
    make.commitment(mention=make.FirstMention(talks, note.paragraphs.get(number=1)), classification=3)
    refused = patch(officer, "meetings/jc-22", {"sources": ["report"], "place": "Huế"})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["sources"]
    assert "(note)" in refused.json()["errors"]["sources"][0]
    assert officer.get(f"{API}meetings/jc-22/").json()["place"] == ""
    assert patch(officer, "meetings/jc-22", {"sources": ["report", "note"]}).json()["sources"] == [
        "note",
        "report",
    ]
    elsewhere = make.meeting(slug="elsewhere")
    MeetingSource.objects.create(meeting=elsewhere, source=note)
    assert patch(officer, "meetings/elsewhere", {"sources": []}).json()["sources"] == []


# -- sources ---------------------------------------------------------------------------------------------


def test_a_pasted_text_is_numbered_and_cut_into_paragraphs(officer: Client) -> None:
    make.source(slug="report")
    made = post(
        officer,
        "sources",
        a_new("sources") | {"text": "Hai bên nhất trí.\r\n\r\nភាគីទាំងពីរ។\n", "based_on": ["report"]},
    ).json()
    assert made["text"] == "1. Hai bên nhất trí.\n\n2. ភាគីទាំងពីរ។\n"
    assert [each["text"] for each in made["paragraphs"]] == ["Hai bên nhất trí.", "ភាគីទាំងពីរ។"]
    assert made["based_on"] == ["report"]
    assert Source.objects.get(slug=made["key"]).is_unaltered


def test_a_cited_paragraph_never_changes(officer: Client) -> None:
    note = make.source("One.\n\nTwo.", slug="note")
    make.commitment(mention=make.FirstMention(make.meeting(), note.paragraphs.get(number=1)))
    for text in ("1. One, corrected.\n\n2. Two.\n", ""):
        refused = patch(officer, "sources/note", {"text": text, "note": "x"})
        assert refused.status_code == 400
        assert "new source" in refused.json()["errors"]["text"][0]
    assert officer.get(f"{API}sources/note/").json()["note"] == ""
    changed = patch(officer, "sources/note", {"text": "1. One.\n\n2. Two, corrected.\n\n3. Three.\n"})
    assert [each["text"] for each in changed.json()["paragraphs"]] == ["One.", "Two, corrected.", "Three."]
    assert changed.json()["sha256"] == Source.objects.get(slug="note").sha256 != note.sha256


def test_a_text_sent_back_as_it_was_read_is_not_recorded_anew(officer: Client) -> None:
    note = record_text(source=Source(slug="note", title="Note", kind="other"), text="1. One.\n\n\n")
    told = officer.get(f"{API}sources/note/").json()
    assert patch(officer, "sources/note", {"text": told["text"]}).json() == told
    assert Source.objects.get(slug="note").version == note.version


def test_a_source_is_not_based_on_itself(officer: Client) -> None:
    make.source(slug="note")
    refused = patch(officer, "sources/note", {"based_on": ["note"]})
    assert list(refused.json()["errors"]) == ["based_on"]


def test_commitments_stay_out_of_every_document(reader: Client) -> None:
    addresses = whole_world()
    talks, note = Meeting.objects.get(slug="jc-22"), Source.objects.get(slug="note")
    secret = make.commitment(
        mention=make.FirstMention(talks, note.paragraphs.get(number=1)),
        classification=3,
        agencies=(make.agency("vn-mofa"),),
    )
    assert Mention.objects.get(commitment=secret).kind == MentionKind.MADE
    assert Commitment.objects.visible_to(make.user("reader")).count() == 0
    for section, address in addresses.items():
        for url in (f"{API}{section}/", f"{API}{address}/"):
            assert secret.reference not in reader.get(url).content.decode()


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
