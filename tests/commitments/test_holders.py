"""With whom a commitment lies: every row of the table of docs/rules.md#now-with, written by hand."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from commitments.filtersets import CommitmentFilterSet
from commitments.models import Assignment, Commitment
from commitments.querysets import AsOf
from commitments.reports.rows import detailed_rows
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)
LONG_AGO = make.LONG_AGO


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def held(made: Commitment, day: dt.date = TODAY) -> tuple[str, dt.date] | None:
    """With whom it lies on ``day`` and since when; ``None`` where it is closed. Filter and column agree."""
    when = AsOf(day, TODAY)
    rows: Any = Commitment.objects.filter(pk=made.pk).at(when).with_holder(when)
    [(holder, since)] = rows.values_list("holder_then", "held_since")
    reader = make.user("reader", clearance=3)
    [row] = detailed_rows([made.pk], user=reader, when=when)
    assert row.details.holder == holder
    for value in ("reviewer", "officer", "focal_point", "lead_agency", "other_side", "nobody"):
        query = QueryDict(f"holder={value}&as_of={day}")
        found = CommitmentFilterSet(query, user=reader).qs
        assert (made in found) == (value == holder), value
    counts = Commitment.objects.filter(pk=made.pk).at(when).holder_counts(when)
    assert counts == ({holder: 1} if holder else {})
    return (holder, since) if holder else None


def charged(made: Commitment, *, code: str = "VN", focal: bool = False, role: str = "lead") -> None:
    agency = make.agency(f"{code.lower()}-charged", code=code)
    person = make.user("focal_point", agency=agency) if focal else None
    Assignment.objects.create(commitment=made, agency=agency, role=role, focal_point=person)


def submitted(made: Commitment, by: Any) -> None:
    photograph = EvidenceGiven(title="Photograph", url="https://example.org/p")
    apply_transition(
        commitment=made, name="submit", actor=by, note="Done.", outcome="fulfilled", evidence=[photograph]
    )


def test_under_review_it_lies_with_the_reviewer() -> None:
    made = make.commitment()
    submitted(made, make.user("officer", clearance=3))
    assert held(made) == ("reviewer", TODAY)
    assert held(made, dt.date(2025, 12, 31)) == ("nobody", LONG_AGO)


@pytest.mark.parametrize(
    ("obligated", "holder"),
    [(("KH",), "other_side"), (("VN",), "officer"), (("KH", "VN"), "officer")],
)
def test_a_request_lies_with_who_was_asked(obligated: tuple[str, ...], holder: str) -> None:
    assert held(make.commitment("requested", obligated=obligated)) == (holder, LONG_AGO)


def test_what_was_returned_lies_with_who_submitted_it() -> None:
    agency = make.agency()
    by_focal, by_officer = make.commitment(agencies=(agency,)), make.commitment(agencies=(agency,))
    submitted(by_focal, make.user("focal_point", agency=agency))
    submitted(by_officer, make.user("officer", "focal_point", agency=agency))
    for made in (by_focal, by_officer):
        apply_transition(commitment=made, name="return", actor=make.user("reviewer"), note="Not yet.")
    assert held(by_focal) == ("focal_point", TODAY)
    assert held(by_officer) == ("officer", TODAY)


def test_what_the_other_side_alone_must_do_lies_with_it() -> None:
    made = make.commitment(obligated=("KH",), officer=None)
    charged(made, focal=True)
    assert held(made) == ("other_side", LONG_AGO)


def test_else_the_officer_in_charge_then_the_focal_point_then_the_lead_agency() -> None:
    made = make.commitment()
    assert held(made) == ("nobody", LONG_AGO)
    charged(made, code="KH", focal=True)
    charged(made, code="VN", focal=True, role="support")
    assert held(made) == ("nobody", LONG_AGO)
    Assignment.objects.filter(agency__country__code="VN").update(role="lead", focal_point=None)
    assert held(made) == ("lead_agency", LONG_AGO)
    Assignment.objects.filter(agency__country__code="VN").update(focal_point=make.user("focal_point"))
    assert held(made) == ("focal_point", LONG_AGO)
    Commitment.objects.filter(pk=made.pk).update(officer=make.user("officer"))
    assert held(made) == ("officer", LONG_AGO)


@pytest.mark.parametrize("status", ["dropped", "fulfilled", "superseded"])
def test_what_is_closed_lies_with_nobody_any_more(status: str) -> None:
    assert held(make.commitment(status)) is None


def test_a_later_return_of_another_commitment_changes_nothing() -> None:
    agency = make.agency()
    other = make.commitment(agencies=(agency,))
    submitted(other, make.user("focal_point", agency=agency))
    apply_transition(commitment=other, name="return", actor=make.user("reviewer"), note="Not yet.")
    assert held(make.commitment()) == ("nobody", LONG_AGO)
