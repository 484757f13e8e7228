"""The figures of the first page over HTTP."""

import datetime as dt

import pytest

from core import clock
from tests import factories as make
from tests.api.conftest import queries
from tests.clients import client_as

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)
ADDRESS = "/api/v1/overview/"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def test_a_claim_is_neither_verified_nor_open_work() -> None:
    make.commitment("fulfilled", theme=make.theme("border"))
    make.commitment("partly_fulfilled", theme=make.theme("border"))
    make.commitment("requested", theme=make.theme("border"))
    make.commitment(
        theme=make.theme("border"), deadline_wording="in 2025", deadline_latest=dt.date(2025, 12, 31)
    )
    told = client_as("reader").get(ADDRESS).json()
    assert told["by_theme"] == [
        {
            "theme": "border",
            "name": "Border",
            "verified": 1,
            "partial": 1,
            "claimed": 0,
            "reported": 0,
            "no_report": 1,
            "counted": 3,
            "overdue": 1,
        }
    ]
    assert [(each["country"], each["counted"]) for each in told["by_obligated"]] == [("KH", 3), ("VN", 3)]
    assert (told["recorded"], told["open"], told["overdue"]) == (4, 2, 1)


def test_it_has_a_tag_and_names_what_it_does_not_understand() -> None:
    reader = client_as("reader")
    first = reader.get(ADDRESS)
    assert reader.get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make.commitment()
    assert reader.get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 200
    for query in ("theme=border", "as_of=today", "as_of=2025-01-01&as_of=2025-01-02"):
        refused = reader.get(f"{ADDRESS}?{query}")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [query.split("=")[0]])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar(day: str) -> None:
    make.commitment(deadline_wording="soon", review_on=dt.date(2026, 2, 1))
    assert client_as("reader").get(f"{ADDRESS}?as_of={day}").status_code == 200
    assert client_as("reader").get(f"/?as_of={day}").status_code == 200


@pytest.mark.slow
def test_it_takes_the_same_queries_for_3_and_for_30_commitments() -> None:
    client, agency = client_as("officer"), make.agency()
    for _ in range(3):
        make.commitment(agencies=(agency,), deadline_wording="in 2026", deadline_latest=dt.date(2026, 2, 1))
    few = queries(client, ADDRESS)
    for _ in range(27):
        make.commitment(agencies=(agency,), deadline_wording="in 2026", deadline_latest=dt.date(2026, 2, 1))
    assert queries(client, ADDRESS) == few
