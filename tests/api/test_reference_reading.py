"""Meetings, sources, bodies and themes over HTTP, read by everybody."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from commitments.choices import MentionKind
from commitments.models import Commitment, Mention, Theme
from relations.models import Country, Mechanism, Meeting, MeetingSource, Participation, Source
from tests import factories as make
from tests.api.records import API, SECTIONS, person, whole_world

pytestmark = pytest.mark.django_db


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
            "classification": "unclassified",
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
            "number": "",
            "publisher": "Báo",
            "published_on": "2025-01-02",
            "language": "vi",
            "url": "",
            "note": "",
            "classification": "unclassified",
            "based_on": ["report"],
            "sha256": Source.objects.get(slug="note").sha256,
            "page_url": "/sources/note/",
            "text": "1. They agreed.\n\n2. They agreed again.\n\n3. They met.\n",
            "paragraphs": [
                {"number": 1, "text": "They agreed."},
                {"number": 2, "text": "They agreed again."},
                {"number": 3, "text": "They met."},
            ],
            "versions": [],
        },
        "mechanisms": {
            "key": "joint-committee",
            "name": "Joint-committee",
            "acronym": "",
            "aliases": [],
            "countries": ["KH", "VN"],
            "note": "",
            "former_keys": [],
            "url": "/mechanisms/joint-committee/",
        },
        "agencies": {
            "key": "vn-mofa",
            "name": "VN-MOFA",
            "acronym": "MOFA",
            "aliases": [],
            "country": "VN",
            "kind": "ministry",
            "former_keys": [],
            "url": "/agencies/vn-mofa/",
        },
        "people": {
            "key": "le-hoai-trung",
            "name": "Lê Hoài Trung",
            "aliases": [],
            "country": "VN",
            "former_keys": [],
            "url": "/people/le-hoai-trung/",
        },
        "countries": {
            "code": "VN",
            "name": "Viet Nam",
            "aliases": [],
            "former_keys": [],
            "url": "/countries/VN/",
        },
        "themes": {"key": "border", "name": "Border"},
    }
    assert len(told["sources"]["sha256"]) == 64


def test_a_list_tells_what_the_record_tells_but_for_the_texts_of_sources(reader: Client) -> None:
    for section, address in whole_world().items():
        shown = reader.get(f"{API}{address}/").json()
        listed = {
            row.get("key") or row["code"]: row for row in reader.get(f"{API}{section}/").json()["results"]
        }
        for long in ("text", "paragraphs", "versions"):
            shown.pop(long, None)
        assert listed[shown.get("key") or shown["code"]] == shown


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
        ("people/?q=Trung,+Le.", ["le-hoai-trung"]),
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


@pytest.mark.slow
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
