"""What hangs on a commitment: lists of pages, one by its address, tags, and what is not to be seen."""

import datetime as dt
from collections.abc import Callable

import pytest

from commitments.models import Assignment, Commitment, Mention, Target
from commitments.services.deadlines import Window
from commitments.services.progress import add_evidence, record_progress
from commitments.services.readings import record_reading
from tests import factories as make
from tests.api.conftest import address, post, queries
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def progress(pledge: Commitment, n: int) -> None:
    record_progress(commitment=pledge, actor=make.user("officer"), achieved=f"Step {n}.")


def mentions(pledge: Commitment, n: int) -> None:
    paragraph = make.source().paragraphs.get(number=1)
    Mention.objects.create(commitment=pledge, meeting=make.meeting(), paragraph=paragraph, kind="reaffirmed")


def evidence(pledge: Commitment, n: int) -> None:
    url = f"https://example.org/{n}"
    add_evidence(commitment=pledge, actor=make.user("officer"), title=f"Paper {n}", url=url)


def readings(pledge: Commitment, n: int) -> None:
    Target.objects.get_or_create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    note = make.source().paragraphs.get(number=1)
    day = dt.date(2025, 1, 1) + dt.timedelta(days=n)
    record_reading(commitment=pledge, actor=make.user("officer"), value=n, as_of=day, paragraph=note)


def deadlines(pledge: Commitment, n: int) -> None:
    officer = make.user("officer")
    make.new_deadline(commitment=pledge, actor=officer, window=Window(wording=f"soon {n}"), reason="Agreed.")


def assignments(pledge: Commitment, n: int) -> None:
    agency = make.agency(f"vn-{n}-{pledge.pk}")
    Assignment.objects.create(
        commitment=pledge, agency=agency, focal_point=make.user("focal_point", agency=agency)
    )


KINDS: dict[str, Callable[[Commitment, int], None]] = {
    "progress/": progress,
    "mentions/": mentions,
    "evidence/": evidence,
    "readings/": readings,
    "deadline-changes/": deadlines,
    "assignments/": assignments,
}
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.slow
@every_kind
def test_a_list_takes_the_same_queries_for_3_and_for_30_rows(kind: str) -> None:
    pledge, reader = make.commitment(), client_as("reader")
    for n in range(3):
        KINDS[kind](pledge, n)
    few = queries(reader, address(pledge, kind))
    for n in range(3, 30):
        KINDS[kind](pledge, n)
    assert reader.get(address(pledge, kind)).json()["count"] >= 30
    assert queries(reader, address(pledge, kind)) == few


@every_kind
def test_a_list_has_pages_oldest_first_and_names_what_it_does_not_understand(kind: str) -> None:
    pledge, reader = make.commitment(), client_as("reader")
    for n in range(5):
        KINDS[kind](pledge, n)
    whole = reader.get(address(pledge, kind)).json()
    keys = [each.get("id", each.get("number")) for each in whole["results"]]
    assert keys == sorted(keys)
    second = reader.get(address(pledge, f"{kind}?page=2&page_size=2")).json()
    assert second["count"] == len(keys)
    assert [each.get("id", each.get("number")) for each in second["results"]] == keys[2:4]
    assert "page=3" in second["next"]
    assert "page=1" in second["previous"]
    assert reader.get(address(pledge, f"{kind}?page=99")).status_code == 404
    for query in ("pages=2", "page=0", "page_size=501", "page_size=99999999999999999999"):
        refused = reader.get(address(pledge, f"{kind}?{query}"))
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [query.split("=")[0]])


@every_kind
def test_each_has_an_address_and_a_strong_tag(kind: str) -> None:
    pledge, reader = make.commitment(), client_as("reader")
    KINDS[kind](pledge, 1)
    listed = reader.get(address(pledge, kind)).json()["results"][-1]
    one = address(pledge, f"{kind}{listed.get('id', listed.get('number'))}/")
    answer = reader.get(one)
    assert answer.json() == listed
    again = reader.get(one, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.head(one).headers["ETag"] == answer["ETag"]
    assert reader.get(f"{one}?as_of=2025-01-01").json()["errors"].keys() == {"as_of"}
    assert reader.put(one).status_code == 405


@every_kind
def test_what_belongs_to_another_commitment_or_may_not_be_seen_is_not_there(kind: str) -> None:
    pledge, other, secret = make.commitment(), make.commitment(), make.commitment(classification=3)
    officer = client_as("officer")
    for each in (pledge, secret):
        mentions(each, 1) if kind == "mentions/" else None
    KINDS[kind](pledge, 1)
    listed = officer.get(address(pledge, kind)).json()["results"][-1]
    key = listed.get("id", listed.get("number"))
    assert officer.get(address(other, f"{kind}{key}/")).status_code == 404
    assert officer.get(address(secret, kind)).status_code == 404
    assert post(officer, address(secret, kind), {}).status_code == 404
    for wrong in ("9" * 30, "9" * 5000, "-1", "%00"):
        assert officer.get(address(pledge, f"{kind}{wrong}/")).status_code == 404
    assert officer.get(f"/api/v1/commitments/%00/{kind}").status_code == 404


@every_kind
def test_the_entries_of_the_commitment_itself_say_the_same(kind: str) -> None:
    pledge, reader = make.commitment(), client_as("reader")
    KINDS[kind](pledge, 1)
    name = {"assignments/": "agencies", "deadline-changes/": "deadline_changes"}.get(kind, kind[:-1])
    whole = reader.get(address(pledge)).json()
    told = whole["target"]["readings"] if name == "readings" else whole[name]
    listed = reader.get(address(pledge, kind)).json()["results"]
    key = "number" if kind == "deadline-changes/" else "id"
    # The list also has the proposals, and so says of each change which one it was.
    of_the_list = {key, "proposal", "state"} if kind == "deadline-changes/" else {key}
    assert [{k: v for k, v in each.items() if k not in of_the_list} for each in listed] == told
    assert all(isinstance(each[key], int) for each in listed)


@every_kind
def test_a_faulty_body_is_refused_by_name_and_writes_nothing(kind: str) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    KINDS[kind](pledge, 1)
    before = officer.get(address(pledge, kind)).json()["count"]
    for body in ({"unknown": 1}, [], [{}], "x", None, 7):
        answer = post(officer, address(pledge, kind), body)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), body
    assert "unknown" in post(officer, address(pledge, kind), {"unknown": 1}).json()["errors"]
    assert officer.get(address(pledge, kind)).json()["count"] == before


@every_kind
@pytest.mark.parametrize("role", ["reader", "reviewer", "administrator"])
def test_who_may_not_write_is_told_so_before_the_body_is_read(kind: str, role: str) -> None:
    pledge = make.commitment()
    assert post(client_as(role), address(pledge, kind), {"unknown": 1}).status_code == 403
