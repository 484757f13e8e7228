"""Progress and readings over HTTP."""

import datetime as dt

import pytest

from commitments.models import ProgressUpdate, Reading, Target
from core import clock
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def test_progress_is_reported_and_sets_the_day_to_look_again() -> None:
    agency = make.agency()
    pledge = make.commitment(agencies=(agency,), deadline_wording="soon")
    focal = make.user("focal_point", agency=agency)
    body = {"achieved": "Half.", "occurred_on": "2026-01-10", "review_on": "2026-06-01"}
    made = post(client_as(focal), address(pledge, "progress/"), body)
    assert made.status_code == 201
    told = made.json()
    assert told == {
        "id": told["id"],
        "on": "2026-01-10",
        "achieved": "Half.",
        "review_on": "2026-06-01",
        "actor": focal.username,
        "recorded_at": told["recorded_at"],
    }
    assert made["Location"] == address(pledge, f"progress/{told['id']}/")
    read = client_as(focal).get(made["Location"])
    assert (read.json(), read["ETag"]) == (told, made["ETag"])
    deadline = client_as(focal).get(address(pledge)).json()["deadline"]
    assert deadline == {"wording": "soon", "review_on": "2026-06-01"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "achieved"),
        ({"achieved": "x", "occurred_on": "2026-01-17"}, "occurred_on"),
        ({"achieved": "x", "occurred_on": "16/01/2026"}, "occurred_on"),
        ({"achieved": "x", "review_on": "2026-01-15"}, "review_on"),
        ({"achieved": "x\x00y"}, "achieved"),
        ({"achieved": ["x"]}, "achieved"),
        ({"achieved": "x" * 20_001}, "achieved"),
    ],
)
def test_progress_that_does_not_fit_is_refused_at_its_field(body: dict, field: str) -> None:
    answer = post(client_as("officer"), address(make.commitment(), "progress/"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not ProgressUpdate.objects.exists()


def test_a_focal_point_of_another_agency_reports_nothing() -> None:
    pledge = make.commitment(agencies=(make.agency(),))
    both = make.user("focal_point", "reader", agency=make.agency("vn-mot"))
    assert post(client_as(both), address(pledge, "progress/"), {"achieved": "x"}).status_code == 403


def test_the_same_report_sent_twice_under_one_key_is_recorded_once() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    one, two = (
        post(officer, address(pledge, "progress/"), {"achieved": "x"}, **{"Idempotency-Key": "a"})
        for _ in range(2)
    )
    assert (one.status_code, one.json(), one["Location"]) == (201, two.json(), two["Location"])
    assert two["Idempotent-Replayed"] == "true"
    assert ProgressUpdate.objects.count() == 1


def test_a_reading_names_the_paragraph_on_which_it_rests() -> None:
    pledge, note, officer = make.commitment(), make.source(slug="note"), client_as("officer")
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    body = {"value": "10.40", "period": "2025-01/2025-11", "as_of": "2025-11-30", "note": "Customs."}
    made = post(officer, address(pledge, "readings/"), {**body, "source": "note", "paragraph": 2})
    assert made.status_code == 201
    told = made.json()
    assert told == {**body, "id": told["id"], "value": 10.4, "source": "note", "paragraph": 2}
    assert Reading.objects.get().paragraph == note.paragraphs.get(number=2)
    plain = post(officer, address(pledge, "readings/"), {"value": 11})
    assert plain.json() == {"id": plain.json()["id"], "as_of": "2026-01-16", "value": 11}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "value"),
        ({"value": "much"}, "value"),
        ({"value": "1e400"}, "value"),
        ({"value": "0.1234567"}, "value"),
        ({"value": 1, "as_of": "2026-01-17"}, "as_of"),
        ({"value": 1, "source": "note"}, "paragraph"),
        ({"value": 1, "paragraph": 1}, "source"),
        ({"value": 1, "source": "note", "paragraph": 9}, "paragraph"),
        ({"value": 1, "source": "note", "paragraph": 10**30}, "paragraph"),
        ({"value": 1, "source": "unknown", "paragraph": 1}, "source"),
        ({"value": 1, "source": "\x00", "paragraph": 1}, "source"),
    ],
)
def test_a_reading_that_does_not_fit_is_refused_at_its_field(body: dict, field: str) -> None:
    pledge = make.commitment()
    make.source(slug="note")
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    answer = post(client_as("officer"), address(pledge, "readings/"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Reading.objects.exists()


def test_without_a_target_there_is_nothing_to_read() -> None:
    answer = post(client_as("officer"), address(make.commitment(), "readings/"), {"value": 1})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["value"])
