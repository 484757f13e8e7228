"""Reading commitments over HTTP: the register file's keys, the caller's moves, a fixed number of queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.services.progress import add_evidence, record_progress
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


def many(count: int) -> None:
    officer, meeting, note = make.user("officer"), make.meeting(), make.source()
    others = [make.agency("vn-mofa"), make.agency("kh-mfaic", "KH")]
    previous = None
    for _ in range(count):
        pledge = make.commitment(
            agencies=tuple(others),
            actor=officer,
            mention=make.FirstMention(meeting, note.paragraphs.get(number=1)),
            deadline_wording="in 2025",
            deadline_latest=dt.date(2025, 12, 31),
        )
        record_progress(commitment=pledge, actor=officer, achieved="Something.")
        add_evidence(commitment=pledge, actor=officer, title="A", url="https://example.org/a")
        if previous:
            pledge.related.add(previous)
        previous = pledge


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.slow
@pytest.mark.parametrize("url", ["/api/v1/commitments/", "/api/v1/commitments/?as_of=2025-12-01"])
@pytest.mark.parametrize("role", ["officer", "focal_point"])
def test_the_list_takes_the_same_queries_for_3_and_for_30_rows(url: str, role: str) -> None:
    many(3)
    client = client_as(role, agency=make.agency("vn-mofa"))
    few = queries(client, url)
    many(27)
    assert client.get(url).json()["count"] == 30
    assert queries(client, url) == few


def test_a_commitment_carries_the_keys_of_the_register_file() -> None:
    pledge = make.commitment(agencies=(make.agency("vn-mofa"),), remarks="Unsure.")
    shown = client_as("officer").get(f"/api/v1/commitments/{pledge.reference}/").json()
    assert {
        "reference": pledge.reference,
        "nature": "cooperation",
        "theme": "border",
        "parties": ["KH", "VN"],
        "obligated": ["KH", "VN"],
        "beneficiaries": [],
        "agencies": [{"agency": "vn-mofa", "role": "lead"}],
        "deadline": None,
        "status": "agreed",
        "state": "open",
        "related": [],
        "remarks": "Unsure.",
        "overdue": False,
        "available_transitions": ["start", "stall", "submit"],
        "last_activity_on": "2024-07-13",
    }.items() <= shown.items()
    assert [(each["status"], each["on"]) for each in shown["status_history"]] == [("agreed", "2024-07-13")]
    assert [(each["paragraph"], each["kind"]) for each in shown["mentions"]] == [(1, "made")]


def test_what_may_not_be_seen_is_not_there_and_not_named() -> None:
    open_one, secret = make.commitment(), make.commitment(classification=3)
    open_one.related.add(secret)
    client = client_as("reader")
    assert client.get(f"/api/v1/commitments/{secret.reference}/").status_code == 404
    assert client.get(f"/api/v1/commitments/{open_one.reference}/").json()["related"] == []


@pytest.mark.parametrize(
    "path", ["nothing/", "commitments/KHVN-1999-001/", "commitments/%00/", "commitments"]
)
def test_a_wrong_address_is_a_problem_in_json(path: str) -> None:
    answer = client_as("reader").get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Not Found"


def test_an_unknown_method_and_a_broken_body_are_problems_too() -> None:
    pledge, client = make.commitment(), client_as("officer")
    url = f"/api/v1/commitments/{pledge.reference}/transitions/"
    for answer, status in (
        (client.delete(url), 405),
        (client.post(url, "{", content_type="application/json"), 400),
        (client.post(url, "[1]", content_type="application/json"), 400),
        (client.post(url, "transition=start", content_type="text/plain"), 415),
    ):
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
