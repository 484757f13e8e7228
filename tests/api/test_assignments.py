"""Who is charged, over HTTP."""

import pytest

from commitments.models import Assignment
from tests import factories as make
from tests.api.conftest import JSON, address, post
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def patch(client, url: str, body: dict, tag: str = "*"):
    return client.patch(url, body, content_type=JSON, headers={"If-Match": tag} if tag else {})


def test_an_agency_is_charged_changed_and_let_go_and_the_history_keeps_it() -> None:
    pledge, officer, agency = make.commitment(), client_as("officer"), make.agency("vn-mot")
    focal = make.user("focal_point", agency=agency)
    made = post(officer, address(pledge, "assignments/"), {"agency": "vn-mot", "focal_point": focal.username})
    assert made.status_code == 201
    told = made.json()
    assert told == {"id": told["id"], "agency": "vn-mot", "role": "lead", "focal_point": focal.username}
    where = made["Location"]
    changed = patch(officer, where, {"role": "support"}, made["ETag"])
    assert changed.status_code == 200
    assert changed.json() == {**told, "role": "support"}
    assert changed["ETag"] == officer.get(where)["ETag"] != made["ETag"]
    assert patch(officer, where, {"role": "lead"}, made["ETag"]).status_code == 412
    assert patch(officer, where, {"role": "lead"}, "").status_code == 428
    assert patch(officer, where, {"focal_point": None}).json() == {
        "id": told["id"],
        "agency": "vn-mot",
        "role": "support",
    }
    assert officer.delete(where, headers={"If-Match": changed["ETag"]}).status_code == 412
    assert officer.delete(where, headers={"If-Match": "*"}).status_code == 204
    assert officer.delete(where, headers={"If-Match": "*"}).status_code == 404
    assert officer.get(address(pledge)).json()["agencies"] == []
    kept = Assignment.history.filter(id=told["id"]).order_by("history_id")
    assert [each.history_type for each in kept] == ["+", "~", "~", "-"]


def test_an_agency_that_is_charged_takes_what_is_given_anew() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    make.agency("vn-mot")
    first = post(officer, address(pledge, "assignments/"), {"agency": "vn-mot"})
    again = post(officer, address(pledge, "assignments/"), {"agency": "vn-mot", "role": "support"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "role": "support"}
    assert "Location" not in again


def test_only_an_officer_charges() -> None:
    agency = make.agency("vn-mot")
    pledge = make.commitment(agencies=(agency,))
    where = address(pledge, f"assignments/{pledge.assignments.get().pk}/")
    for role in ("reviewer", "focal_point", "reader", "administrator"):
        client = client_as(role, agency=agency)
        assert post(client, address(pledge, "assignments/"), {"agency": "vn-mot"}).status_code == 403
        assert patch(client, where, {"role": "support"}).status_code == 403
        assert client.delete(where, headers={"If-Match": "*"}).status_code == 403
    assert pledge.assignments.get().role == "lead"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "agency"),
        ({"agency": "unknown"}, "agency"),
        ({"agency": "vn-mot", "role": "chief"}, "role"),
        ({"agency": "vn-mot", "focal_point": "stranger"}, "focal_point"),
        ({"agency": "vn-mot", "focal_point": "nobody-at-all"}, "focal_point"),
        ({"agency": "vn-mot", "note": "x"}, "note"),
    ],
)
def test_a_charge_that_does_not_fit_is_refused_at_its_field(body: dict, field: str) -> None:
    make.agency("vn-mot")
    make.user("reader", username="stranger")
    pledge = make.commitment()
    answer = post(client_as("officer"), address(pledge, "assignments/"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not pledge.assignments.exists()


def test_a_change_does_not_move_the_charge_to_another_agency() -> None:
    pledge, officer = make.commitment(agencies=(make.agency("vn-mot"),)), client_as("officer")
    where = address(pledge, f"assignments/{pledge.assignments.get().pk}/")
    assert list(patch(officer, where, {"agency": "x"}).json()["errors"]) == ["agency"]
