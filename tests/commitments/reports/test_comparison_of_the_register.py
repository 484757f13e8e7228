"""Changes between two dates of the shipped register. The expected numbers were counted in its file."""

import datetime as dt

import pytest

from commitments.models import Commitment
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports import comparison
from commitments.reports.comparison import BETWEEN_DAYS, changed, comparison_of

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db]

TODAY = dt.date(2026, 1, 16)
EVERYTHING = slice(0, 500)


def on(day: str) -> AsOf:
    return AsOf(dt.date.fromisoformat(day), TODAY)


def between(one: str, other: str) -> dict[str, list[str]]:
    rows = Commitment.objects.all()
    found = changed(rows, comparison.days(rows, on(one), on(other)))
    return {key: references(getattr(found, key)) for key in BETWEEN_DAYS}


def references(rows: CommitmentQuerySet) -> list[str]:
    return list(rows.order_by("prefix", "year", "serial").values_list("reference", flat=True))


def counts(one: str, other: str) -> dict[str, int]:
    return {key: len(found) for key, found in between(one, other).items()}


def test_from_the_telephone_call_to_the_joint_committee() -> None:
    found = between("2025-09-11", "2025-12-09")
    assert {key: len(rows) for key, rows in found.items()} == {
        "new": 26,
        "moved": 9,
        "closed": 1,
        "deadline": 0,
        "mentioned": 24,
        "silent": 26,
    }
    assert found["new"][0] == "KHLAVN-2025-003"
    assert found["new"][-1] == "KHVN-2025-030"
    assert found["moved"] == [
        "KHLAVN-2025-002",
        "KHVN-2024-003",
        "KHVN-2024-004",
        "KHVN-2024-006",
        "KHVN-2024-016",
        "KHVN-2024-018",
        "KHVN-2024-037",
        "KHVN-2025-002",
        "KHVN-2025-003",
    ]
    assert found["closed"] == ["KHVN-2025-001"]
    assert {"KHVN-2024-001", "KHVN-2025-005"} <= set(found["mentioned"])
    assert {"KHVN-2024-039", "KHVN-2024-040", "KHLAVN-2025-001"} <= set(found["silent"])
    assert set(found["silent"]).isdisjoint(found["mentioned"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024-07-13", "2025-12-09", (33, 7, 1, 0, 19, 24)),
        ("2024-07-12", "2026-01-16", (77, 0, 1, 0, 0, 0)),
        ("2025-09-10", "2025-09-11", (7, 1, 0, 0, 6, 37)),
        ("2025-12-08", "2025-12-09", (8, 0, 1, 0, 18, 50)),
        ("2025-12-08", "2026-01-15", (9, 0, 1, 0, 24, 44)),
        ("2025-09-11", "2025-09-11", (0, 0, 0, 0, 0, 0)),
        ("2026-01-16", "2030-01-01", (0, 0, 0, 0, 0, 0)),
        ("2025-10-01", "2025-11-01", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_other_dates(one: str, other: str, expected: tuple[int, ...]) -> None:
    assert tuple(counts(one, other).values()) == expected


def test_the_order_of_the_dates_does_not_matter() -> None:
    assert between("2025-12-09", "2025-09-11") == between("2025-09-11", "2025-12-09")


def test_rows_have_the_status_of_both_dates() -> None:
    rows = Commitment.objects.all()
    span = comparison.days(rows, on("2025-09-11"), on("2025-12-09"))
    groups = {
        group.key: group for group in comparison_of(rows, rows, span, BETWEEN_DAYS, most=EVERYTHING).groups
    }
    moved = {
        each.row.commitment.reference: (str(each.status_before), each.row.status.value)
        for each in groups["moved"].rows
    }
    assert moved["KHVN-2024-037"] == ("requested", "in_progress")
    assert moved["KHVN-2024-018"] == ("agreed", "in_progress")
    assert [each.status_before for each in groups["new"].rows] == [None] * 26
    assert [(str(each.status_before), each.row.status.value) for each in groups["closed"].rows] == [
        ("agreed", "fulfilled")
    ]
