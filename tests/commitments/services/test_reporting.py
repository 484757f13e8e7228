"""Progress, evidence, deadlines and assignments: what each writer accepts, refuses and leaves on record."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from commitments.models import Commitment
from commitments.services.assignments import assign
from commitments.services.deadlines import Window, change_deadline
from commitments.services.errors import RequirementsNotMet
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db
SOON = Window(wording="soon", review_on=dt.date(2030, 6, 30))


def test_a_deadline_change_keeps_the_old_window_on_record() -> None:
    pledge = make.commitment(deadline_wording="in 2025", deadline_latest=dt.date(2025, 12, 31))
    change = change_deadline(
        commitment=pledge, actor=make.user("officer"), window=SOON, reason="Put off by both sides."
    )
    pledge.refresh_from_db()
    assert (pledge.deadline_wording, pledge.deadline_latest, pledge.review_on) == (
        "soon",
        None,
        SOON.review_on,
    )
    assert (change.old_wording, change.old_latest, change.new_wording) == (
        "in 2025",
        dt.date(2025, 12, 31),
        "soon",
    )


@pytest.mark.parametrize(
    ("window", "reason", "field"),
    [
        (SOON, " ", "reason"),
        (Window(), "x", "wording"),
        (Window(wording="x", earliest=dt.date(2026, 2, 1), latest=dt.date(2026, 1, 1)), "x", "latest"),
        (Window(wording="x", latest=dt.date(2026, 1, 1), review_on=dt.date(2026, 1, 1)), "x", "review_on"),
        (Window(latest=dt.date(2026, 1, 1)), "x", "wording"),
    ],
)
def test_a_bad_deadline_is_named(window: Window, reason: str, field: str) -> None:
    pledge = make.commitment()
    with pytest.raises(RequirementsNotMet) as refused:
        change_deadline(commitment=pledge, actor=make.user("officer"), window=window, reason=reason)
    assert list(refused.value.errors) == [field]
    assert pledge.deadline_changes.count() == 0


@pytest.mark.parametrize("role", ["reviewer", "reader", "administrator"])
def test_only_an_officer_changes_a_deadline_or_assigns(role: str) -> None:
    pledge, actor = make.commitment(), make.user(role)
    with pytest.raises(PermissionDenied):
        change_deadline(commitment=pledge, actor=actor, window=SOON, reason="x")
    with pytest.raises(PermissionDenied):
        assign(commitment=pledge, actor=actor, agency=make.agency())


def test_progress_is_reported_by_officers_and_by_the_charged_agency() -> None:
    mofa = make.agency()
    pledge = make.commitment(agencies=(mofa,))
    for actor in (make.user("officer"), make.user("focal_point", agency=mofa)):
        record_progress(commitment=pledge, actor=actor, achieved="Talks opened.")
    for actor in (make.user("reviewer"), make.user("reader"), make.user("administrator")):
        with pytest.raises(PermissionDenied):
            record_progress(commitment=pledge, actor=actor, achieved="x")
    with pytest.raises(Commitment.DoesNotExist):
        record_progress(
            commitment=pledge, actor=make.user("focal_point", agency=make.agency("x-other")), achieved="x"
        )
    assert pledge.progress_updates.count() == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "achieved"),
        ({"achieved": "x", "occurred_on": dt.date(2999, 1, 1)}, "occurred_on"),
        ({"achieved": "x", "review_on": dt.date(2020, 1, 1)}, "review_on"),
    ],
)
def test_bad_progress_is_named(asked: dict, field: str) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        record_progress(commitment=make.commitment(), actor=make.user("officer"), **asked)
    assert list(refused.value.errors) == [field]


def test_a_next_review_is_only_for_a_deadline_without_a_latest_day() -> None:
    officer, later = make.user("officer"), clock.today() + dt.timedelta(days=30)
    fixed = make.commitment(deadline_wording="in 2030", deadline_latest=dt.date(2030, 12, 31))
    with pytest.raises(RequirementsNotMet):
        record_progress(commitment=fixed, actor=officer, achieved="x", review_on=later)
    vague = make.commitment(deadline_wording="soon")
    record_progress(commitment=vague, actor=officer, achieved="x", review_on=later)
    vague.refresh_from_db()
    assert vague.review_on == later
    assert vague.deadline_changes.get().new_review_on == later


def test_withdrawn_evidence_stays_on_record_but_shows_nothing() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    evidence = add_evidence(commitment=pledge, actor=officer, title="Minutes", url="https://example.org/m")
    withdraw_evidence(evidence=evidence, actor=officer, reason="Another meeting's.")
    assert pledge.evidence.get().is_withdrawn
    with pytest.raises(RequirementsNotMet):
        withdraw_evidence(evidence=evidence, actor=officer, reason="Again.")
    with pytest.raises(RequirementsNotMet) as refused:
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="fulfilled")
    assert list(refused.value.errors) == ["evidence"]


def test_evidence_given_since_the_opening_shows_delivery() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    add_evidence(commitment=pledge, actor=officer, title="Minutes", url="https://example.org/m")
    change = apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="fulfilled")
    assert change.outcome == "fulfilled"


def test_assigning_again_changes_the_charge_and_checks_the_focal_point() -> None:
    officer, pledge, mofa = make.user("officer"), make.commitment(), make.agency()
    focal, stranger = make.user("focal_point", agency=mofa), make.user("focal_point", agency=make.agency("x"))
    assign(commitment=pledge, actor=officer, agency=mofa, role="support")
    assign(commitment=pledge, actor=officer, agency=mofa, role="lead", focal_point=focal)
    assert [(each.agency, each.role, each.focal_point) for each in pledge.assignments.all()] == [
        (mofa, "lead", focal)
    ]
    with pytest.raises(RequirementsNotMet) as refused:
        assign(commitment=pledge, actor=officer, agency=mofa, focal_point=stranger)
    assert list(refused.value.errors) == ["focal_point"]
