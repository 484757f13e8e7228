"""Bulk actions: each row is written on its own and has a result, and jobs can be continued."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from commitments.models import Assignment, BulkJob, BulkRow, Commitment
from commitments.services import bulk
from commitments.services.bulk import (
    begin_assignment,
    begin_transition,
    run_some,
    select,
    select_again,
    stop,
)
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make


def statuses(*pledges: Commitment) -> list[str]:
    return [Commitment.objects.get(pk=pledge.pk).status for pledge in pledges]


def job_of(owner: Any, *pledges: Commitment) -> BulkJob:
    return select(owner=owner, commitments=Commitment.objects.filter(pk__in=[each.pk for each in pledges]))


def agencies_of(pledge: Commitment) -> dict[str, str]:
    return dict(pledge.assignments.values_list("agency__slug", "role"))


def results(job: BulkJob) -> list[tuple[str, str]]:
    return list(job.rows.order_by("position").values_list("result", "detail"))


# -- what a row may be refused for ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_refusal_does_not_affect_the_other_rows() -> None:
    officer = make.user("officer")
    first, closed, hidden, last = (
        make.commitment(),
        make.commitment("dropped"),
        make.commitment(),
        make.commitment(),
    )
    job = begin_transition(job=job_of(officer, first, closed, hidden, last), name="stall", note="No money.")
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    run_some(job=job)
    assert statuses(first, closed, hidden, last) == ["stalled", "dropped", "agreed", "stalled"]
    assert results(job) == [
        ("done", ""),
        ("refused", "The commitment is dropped now; “Report stalled” is not possible from this status."),
        ("refused", "Not found."),
        ("done", ""),
    ]
    written = first.status_changes.get(number=2)
    assert (written.actor, written.note) == (officer, "No money.")
    assert list(job.rows.values_list("written", flat=True)) == [
        [written.pk],
        [],
        [],
        [last.status_changes.get(number=2).pk],
    ]


@pytest.mark.django_db
def test_a_row_that_changed_since_it_was_selected_is_refused() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    stale = job_of(officer, pledge)
    apply_transition(commitment=pledge, name="start", actor=officer, note="x")
    fresh = job_of(officer, pledge)
    for job in (stale, fresh):
        run_some(job=begin_transition(job=job, name="stall", note="x"))
    assert results(stale)[0][0] == "refused"
    assert "changed it meanwhile" in results(stale)[0][1]
    assert results(fresh) == [("done", "")]
    assert statuses(pledge) == ["stalled"]


@pytest.mark.django_db
def test_many_are_assigned_and_those_with_another_lead_stay_unchanged() -> None:
    officer, mofa, moit = make.user("officer"), make.agency("vn-mofa"), make.agency("vn-moit")
    army = (make.agency("vn-mnd", acronym="MND"), make.agency("kh-mnd", "KH", acronym="MND"))
    led, free, own, twice = (make.commitment(agencies=each) for each in ((moit,), (), (mofa,), army))
    job = begin_assignment(job=job_of(officer, led, free, own, twice), agency=mofa)
    run_some(job=job)
    assert results(job) == [
        ("refused", "Unchanged: VN-MOIT already leads it."),
        ("done", ""),
        ("done", ""),
        ("refused", "Unchanged: MND (VN) and MND (KH) already lead it."),
    ]
    assert [agencies_of(each) for each in (led, free, own)] == [
        {"vn-moit": "lead"},
        {"vn-mofa": "lead"},
        {"vn-mofa": "lead"},
    ]
    for more, role in (({"role": "support"}, "support"), ({"beside": True}, "lead")):
        again = begin_assignment(job=job_of(officer, led), agency=mofa, **more)
        run_some(job=again)
        assert results(again) == [("done", "")]
        assert agencies_of(led) == {"vn-moit": "lead", "vn-mofa": role}
    with pytest.raises(NotYours):
        begin_assignment(job=job_of(make.user("reviewer"), led), agency=mofa)


# -- selecting -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_selection_is_stored_in_the_order_of_references_with_the_last_changes() -> None:
    officer = make.user("officer")
    first, second, secret = make.commitment(), make.commitment("stalled"), make.commitment(classification=3)
    job = job_of(officer, second, secret, first)
    assert list(job.rows.values_list("position", "commitment", "seen", "result")) == [
        (1, first.pk, 1, "pending"),
        (2, second.pk, 2, "pending"),
    ]
    assert (job.act, job.begun_at, job.finished_at) == ("", None, None)
    make.commitment()
    assert job.rows.count() == 2


@pytest.mark.django_db
def test_no_rows_and_too_many_rows_cannot_be_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    officer, pledges = make.user("officer"), [make.commitment() for _n in range(3)]
    with pytest.raises(RequirementsNotMet, match="at least one"):
        job_of(officer, make.commitment(classification=3))
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    with pytest.raises(RequirementsNotMet, match="at most 2"):
        job_of(officer, *pledges)
    assert not BulkJob.objects.exists()


@pytest.mark.django_db
def test_a_selection_without_an_action_is_deleted_after_a_day() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    begun, fresh, left = (job_of(officer, pledge) for _n in range(3))
    begin_transition(job=begun, name="start", note="x")
    BulkJob.objects.filter(pk__in=[begun.pk, left.pk]).update(
        created_at=timezone.now() - dt.timedelta(days=2)
    )
    job_of(make.user("officer"), pledge)
    assert BulkJob.objects.filter(pk=left.pk).exists()
    new = job_of(officer, pledge)
    assert set(BulkJob.objects.filter(owner=officer)) == {begun, fresh, new}


# -- beginning -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_errors_of_every_row_are_raised_before_any_row_is_run() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    job = job_of(officer, pledge)
    with pytest.raises(RequirementsNotMet) as unmet:
        begin_transition(
            job=job, name="start", note=" ", occurred_on=dt.date(2999, 1, 1), delivered_on=clock.today()
        )
    assert set(unmet.value.errors) == {"note", "occurred_on", "delivered_on"}
    for name in ("confirm", "register"):
        with pytest.raises(NotYours):
            begin_transition(job=job, name=name, note="x")
    with pytest.raises(NotYours):
        begin_assignment(job=job_of(make.user("reviewer"), pledge), agency=make.agency())
    job.refresh_from_db()
    assert job.begun_at is None
    begin_transition(job=job, name="start", note="x")
    for begin in (
        lambda: begin_transition(job=job, name="stall", note="x"),
        lambda: begin_assignment(job=job, agency=make.agency()),
    ):
        with pytest.raises(RequirementsNotMet, match="already started"):
            begin()


@pytest.mark.django_db
def test_an_empty_date_is_that_of_the_start_but_decisions_are_dated_when_they_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    officer, reviewer = make.user("officer"), make.user("reviewer")
    pledge, today = make.commitment(), clock.today()
    job = begin_transition(job=job_of(officer, pledge), name="submit", note="x", outcome="dropped")
    tomorrow = today + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    run_some(job=job)
    change = pledge.status_changes.get(transition="submit")
    assert (change.occurred_on, change.delivered_on) == (today, today)
    job = begin_transition(job=job_of(reviewer, pledge), name="return", note="Not yet.")
    monkeypatch.setattr(clock, "today", lambda: tomorrow + dt.timedelta(days=1))
    run_some(job=job)
    assert pledge.status_changes.get(transition="return").occurred_on == tomorrow + dt.timedelta(days=1)


# -- running ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_applies_its_transition_and_stores_each_refusal() -> None:
    officer = make.user("officer")
    good, closed, moved, hidden = (make.commitment() for _n in range(4))
    make.record(closed, "dropped")
    job = job_of(officer, good, closed, moved, hidden)
    apply_transition(commitment=moved, name="stall", actor=make.user("officer"), note="x")
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    evidence = EvidenceGiven("Minutes", "https://example.org/m", "minutes", dt.date(2025, 1, 2))
    job = begin_transition(
        job=job,
        name="submit",
        note="All done.",
        occurred_on=dt.date(2025, 2, 1),
        delivered_on=dt.date(2025, 1, 31),
        outcome="fulfilled",
        evidence=[evidence],
    )
    assert run_some(job=job) == 4
    assert [result for result, _detail in results(job)] == ["done", "refused", "refused", "refused"]
    assert "dropped now" in results(job)[1][1]
    assert "changed it meanwhile" in results(job)[2][1]
    assert results(job)[3][1] == "Not found."
    change = good.status_changes.get(transition="submit")
    assert (change.note, change.outcome, change.actor) == ("All done.", "fulfilled", officer)
    assert (change.occurred_on, change.delivered_on) == (dt.date(2025, 2, 1), dt.date(2025, 1, 31))
    given = good.evidence.get()
    assert (given.title, given.url, given.type, given.dated_on) == (
        "Minutes",
        "https://example.org/m",
        "minutes",
        dt.date(2025, 1, 2),
    )
    assert job.finished_at is not None
    assert not job.stopped
    assert statuses(good, closed, moved, hidden) == ["under_review", "dropped", "stalled", "agreed"]


@pytest.mark.django_db
def test_a_job_assigns_and_supersedes() -> None:
    officer, mofa = make.user("officer"), make.agency("vn-mofa")
    lan = make.user("focal_point", agency=mofa)
    pledge, led, successor = (
        make.commitment(),
        make.commitment(agencies=(make.agency("x"),)),
        make.commitment(),
    )
    job = begin_assignment(job=job_of(officer, pledge, led), agency=mofa, role="lead", focal_point=lan)
    run_some(job=job)
    held = Assignment.objects.get(agency=mofa)
    assert (held.commitment, held.role, held.focal_point) == (pledge, "lead", lan)
    assert results(job) == [("done", ""), ("refused", "Unchanged: X already leads it.")]
    job = begin_transition(
        job=job_of(officer, pledge), name="submit", note="x", outcome="superseded", successor=successor
    )
    run_some(job=job)
    assert pledge.status_changes.get(transition="submit").successor == successor


@pytest.mark.django_db
def test_a_job_saves_its_note_with_each_assignment_that_it_adds_or_changes() -> None:
    officer, mofa = make.user("officer"), make.agency("vn-mofa")
    free, held = make.commitment(), make.commitment(agencies=(mofa,))
    job = begin_assignment(
        job=job_of(officer, free, held), agency=mofa, role="support", note=" By decree 12.\n"
    )
    assert BulkJob.objects.get(pk=job.pk).note == "By decree 12."
    run_some(job=job)
    outcomes = Assignment.history.filter(history_change_reason="By decree 12.").order_by("history_id")
    assert list(outcomes.values_list("commitment", "history_type", "role")) == [
        (free.pk, "+", "support"),
        (held.pk, "~", "support"),
    ]


@pytest.mark.django_db
def test_a_job_continues_where_it_stopped() -> None:
    officer, pledges = make.user("officer"), [make.commitment() for _n in range(5)]
    job = begin_transition(job=job_of(officer, *pledges), name="start", note="x")
    assert run_some(job=job, most=2) == 2
    assert statuses(*pledges) == ["in_progress"] * 2 + ["agreed"] * 3
    assert job.finished_at is None
    again = BulkJob.objects.get(pk=job.pk)
    assert run_some(job=again, most=2) == 2
    assert run_some(job=again, most=2) == 1
    assert again.finished_at is not None
    assert run_some(job=again) == 0
    assert [pledge.status_changes.count() for pledge in pledges] == [2] * 5


@pytest.mark.django_db(transaction=True)
def test_after_a_crash_no_row_is_half_done_and_the_job_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    officer, pledges = make.user("officer"), [make.commitment() for _n in range(4)]
    job = begin_transition(job=job_of(officer, *pledges), name="start", note="x")
    original = BulkRow.save

    def crash_at_the_third(row: BulkRow, **kwargs: Any) -> None:
        if row.position == 3:
            raise ConnectionError
        original(row, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(BulkRow, "save", crash_at_the_third)
        with pytest.raises(ConnectionError):
            run_some(job=job)
    assert [result for result, _detail in results(job)] == ["done", "done", "pending", "pending"]
    assert statuses(*pledges) == ["in_progress", "in_progress", "agreed", "agreed"]
    assert run_some(job=BulkJob.objects.get(pk=job.pk)) == 2
    assert statuses(*pledges) == ["in_progress"] * 4
    assert [pledge.status_changes.count() for pledge in pledges] == [2] * 4


@pytest.mark.django_db
def test_losing_the_right_refuses_the_remaining_rows() -> None:
    officer, pledges = make.user("officer"), [make.commitment() for _n in range(2)]
    job = begin_transition(job=job_of(officer, *pledges), name="start", note="x")
    run_some(job=job, most=1)
    officer.groups.set([])
    run_some(job=BulkJob.objects.get(pk=job.pk))
    assert results(job) == [("done", ""), ("refused", "Not found.")]


@pytest.mark.django_db
def test_a_stopped_job_leaves_its_remaining_rows_which_can_be_selected_again() -> None:
    officer, pledges = make.user("officer"), [make.commitment() for _n in range(3)]
    job = begin_transition(job=job_of(officer, *pledges), name="start", note="x")
    run_some(job=job, most=1)
    stopped = stop(job=job)
    assert stopped is not None
    assert stopped.stopped
    assert run_some(job=stopped) == 0
    assert run_some(job=job) == 0
    assert statuses(*pledges) == ["in_progress", "agreed", "agreed"]
    fresh = select_again(job=stopped)
    assert list(fresh.rows.values_list("commitment", flat=True)) == [pledges[1].pk, pledges[2].pk]
    assert fresh.begun_at is None
    assert stop(job=fresh) is None
    assert not BulkJob.objects.filter(pk=fresh.pk).exists()


@pytest.mark.django_db
def test_each_row_takes_a_bounded_number_of_queries(django_assert_max_num_queries: Any) -> None:
    officer = make.user("officer")
    counts = []
    for size in (3, 30):
        job = begin_transition(
            job=job_of(officer, *(make.commitment() for _n in range(size))), name="start", note="x"
        )
        with django_assert_max_num_queries(10_000) as captured:
            run_some(job=BulkJob.objects.get(pk=job.pk))
        counts.append(len(captured))
    for_each_row = (counts[1] - counts[0]) / 27
    assert for_each_row == int(for_each_row)
    assert for_each_row <= 14


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_runs_never_run_a_row_twice() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")
    officer, pledges = make.user("officer"), [make.commitment("stalled") for _n in range(60)]
    job = begin_transition(job=job_of(officer, *pledges), name="start", note="x")
    gate = threading.Barrier(3)

    def work(_n: int) -> int:
        try:
            mine = BulkJob.objects.get(pk=job.pk)
            gate.wait()
            return run_some(job=mine)
        finally:
            close_old_connections()
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        tried = list(pool.map(work, range(3)))
    run_some(job=BulkJob.objects.get(pk=job.pk))
    assert sum(tried) <= 60
    assert results(job) == [("done", "")] * 60
    assert [pledge.status_changes.count() for pledge in pledges] == [3] * 60
    assert BulkJob.objects.get(pk=job.pk).finished_at is not None
