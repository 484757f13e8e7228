"""Agencies, themes and classifications of many commitments over HTTP."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Assignment, Commitment
from commitments.services.dossier import stamp_for
from tests import factories as make
from tests.api.conftest import post
from tests.clients import client_as

pytestmark = pytest.mark.django_db
AGENCIES, COMMITMENTS = "/api/v1/bulk/assignments/", "/api/v1/bulk/commitments/"


@pytest.fixture
def officer() -> Client:
    return client_as("officer")


def patch(client: Client, body: Any) -> Any:
    return client.patch(COMMITMENTS, body, content_type="application/json")


def agencies_of(pledge: Commitment) -> dict[str, str]:
    return dict(pledge.assignments.values_list("agency__slug", "role"))


def test_agencies_are_assigned_replaced_and_removed_each_by_itself(officer: Client) -> None:
    old = make.agency("vn-old")
    make.agency("vn-new")
    free, led, replaced, removed, secret = (
        make.commitment(agencies=each, **more)
        for each, more in (((), {}), ((old,), {}), ((old,), {}), ((old,), {}), ((), {"classification": 3}))
    )
    items = [
        {"reference": free.reference, "agency": "vn-new", "note": "By decree 12."},
        {"reference": led.reference, "agency": "vn-new"},
        {"reference": led.reference, "agency": "vn-new", "role": "support"},
        {"reference": replaced.reference, "action": "replace_lead", "agency": "vn-new", "note": "Merged."},
        {"reference": removed.reference, "action": "remove", "agency": "vn-old", "note": "Dissolved."},
        {"reference": removed.reference, "action": "remove", "agency": "vn-old"},
        {"reference": secret.reference, "agency": "vn-new"},
        {"reference": free.reference, "agency": "nobody"},
        {"reference": free.reference, "agency": "vn-new", "action": "eat"},
        {"agency": "vn-new"},
        "x",
    ]
    answer = post(officer, AGENCIES, {"items": items})
    assert answer.status_code == 200, answer.json()
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [200, 409, 200, 200, 200, 409, 404, 400, 400, 400, 400]
    assert results[1]["detail"] == "Unchanged: VN-OLD already leads it."
    assert results[5]["detail"] == "Unchanged: VN-OLD is not assigned."
    assert [agencies_of(each) for each in (free, led, replaced, removed)] == [
        {"vn-new": "lead"},
        {"vn-old": "lead", "vn-new": "support"},
        {"vn-new": "lead"},
        {},
    ]
    reasons = Assignment.history.filter(history_change_reason__isnull=False).order_by("history_id")
    assert list(reasons.values_list("history_change_reason", flat=True)) == [
        "By decree 12.",
        "Merged.",
        "Merged.",
        "Dissolved.",
    ]


def test_theme_and_classification_are_set_with_a_reason(officer: Client) -> None:
    make.theme("trade")
    one, two = make.commitment(), make.commitment("dropped")
    items = [
        {"reference": one.reference, "theme": "trade", "reason": "x" * 300},
        {"reference": two.reference, "theme": "trade"},
        {"reference": one.reference, "classification": "secret"},
        {"reference": one.reference, "title": "Not here"},
    ]
    answer = patch(officer, {"items": items})
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [200, 200, 400, 400]
    assert list(results[2]["errors"]) == ["classification"]
    assert list(results[3]["errors"]) == ["title"]
    for pledge in (one, two):
        pledge.refresh_from_db()
        assert (pledge.theme.slug, pledge.classification) == ("trade", 0)
    assert Commitment.history.filter(id=one.pk).latest("history_id").history_change_reason == "x" * 300


def test_all_or_nothing_undoes_all(officer: Client) -> None:
    make.theme("trade")
    pledge = make.commitment()
    items = [{"reference": pledge.reference, "theme": "trade"}, {"reference": "none"}]
    answer = patch(officer, {"items": items, "all_or_nothing": True}).json()
    assert (answer["done"], answer["refused"]) == (0, 1)
    pledge.refresh_from_db()
    assert pledge.theme.slug == "border"


def test_an_item_may_name_the_state_that_was_read() -> None:
    account = make.user("officer")
    client, pledge = client_as(account), make.commitment()
    make.theme("trade")
    read = client.get(f"/api/v1/commitments/{pledge.reference}/")["ETag"]
    item = {"reference": pledge.reference, "theme": "trade", "if_match": read}
    before = stamp_for(account, pledge.reference)
    stale = patch(client, {"items": [item | {"if_match": '"other"'}]})
    assert [each["status"] for each in stale.json()["results"]] == [412]
    assert stamp_for(account, pledge.reference) == before
    answers = [patch(client, {"items": [item]}).json()["results"][0]["status"] for _n in range(2)]
    assert answers == [200, 412]


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_only_officers_may(role: str) -> None:
    client = client_as(role, agency=make.agency())
    body = {"items": [{"reference": "x"}]}
    assert (post(client, AGENCIES, body).status_code, patch(client, body).status_code) == (403, 403)
