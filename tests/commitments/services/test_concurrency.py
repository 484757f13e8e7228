"""Concurrent writers with real threads and transactions on PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections, transaction

from commitments.models import Commitment
from commitments.services.dossier import stamp_for
from commitments.services.errors import DossierChanged, IllegalTransition, RequirementsNotMet
from commitments.services.policy import workflow_context
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition, replay
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; a result or the exception of each."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return call()
        except Exception as error:  # noqa: BLE001  (the caller looks at what was raised)
            return error
        finally:
            close_old_connections()
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_ten_writers_get_serials_without_gap_or_duplicate() -> None:
    officer, theme = make.user("officer"), make.theme()
    mentions = [make.FirstMention(make.meeting(), make.source().paragraphs.get(number=1)) for _ in range(10)]
    make.country("VN"), make.country("KH")

    def ten(first: make.FirstMention) -> list[str]:
        return [make.commitment(actor=officer, theme=theme, mention=first).reference for _ in range(10)]

    results = at_once(*(lambda first=first: ten(first) for first in mentions))
    references = sorted(reference for batch in results for reference in batch)
    assert references == [f"KHVN-2024-{serial:03d}" for serial in range(1, 101)]


def test_a_registration_that_fails_leaves_no_gap() -> None:
    make.commitment()
    with transaction.atomic():
        assert make.commitment().reference == "KHVN-2024-002"
        transaction.set_rollback(True)
    assert make.commitment().reference == "KHVN-2024-002"


def test_of_two_concurrent_decisions_one_is_refused() -> None:
    for _round in range(5):
        officer, pledge = make.user("officer"), make.commitment()
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
        first, second = make.user("reviewer"), make.user("reviewer")
        results = at_once(
            lambda first=first, pledge=pledge: apply_transition(
                commitment=pledge, name="confirm", actor=first
            ),
            lambda second=second, pledge=pledge: apply_transition(
                commitment=pledge, name="return", actor=second, note="Not yet."
            ),
        )
        lost = [result for result in results if isinstance(result, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], IllegalTransition)
        stored = Commitment.objects.get(pk=pledge.pk)
        assert lost[0].status == stored.status
        assert replay(list(stored.status_changes.all())) == stored.status
        assert stored.status_changes.count() == 3


def test_an_edit_that_waits_for_a_decision_or_the_reverse_never_slips_between() -> None:
    """The stamp is compared under the lock: either the decision is refused, or the edit comes after it."""
    officer, reviewer = make.user("officer"), make.user("reviewer")
    for _round in range(5):
        pledge = make.commitment()
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
        stamp = stamp_for(reviewer, pledge.reference)
        decided, evidence = at_once(
            lambda pledge=pledge, stamp=stamp: apply_transition(
                commitment=pledge, name="confirm", actor=reviewer, stamp=stamp
            ),
            lambda pledge=pledge: add_evidence(
                commitment=pledge, actor=officer, title="Photo", url="https://example.org/p"
            ),
        )
        if isinstance(decided, DossierChanged):
            assert Commitment.objects.get(pk=pledge.pk).status == "under_review"
        else:
            assert decided.recorded_at < evidence.recorded_at


def test_a_decision_waits_for_an_edit_that_has_begun_and_is_then_refused() -> None:
    officer, reviewer, pledge = make.user("officer"), make.user("reviewer"), make.commitment()
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    stamp, result = stamp_for(reviewer, pledge.reference), []

    def decide() -> None:
        try:
            result.append(apply_transition(commitment=pledge, name="confirm", actor=reviewer, stamp=stamp))
        except DossierChanged as refused:
            result.append(refused)
        finally:
            connections.close_all()

    with transaction.atomic():
        add_evidence(commitment=pledge, actor=officer, title="Photo", url="https://example.org/p")
        second = threading.Thread(target=decide)
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join()
    assert [type(each) for each in result] == [DossierChanged]


def test_concurrent_transitions_lose_nothing() -> None:
    pledge, officers = make.commitment(), [make.user("officer") for _ in range(8)]

    def back_and_forth(officer: Any) -> int:
        made = 0
        for _ in range(10):
            for name in ("stall", "start"):
                try:
                    apply_transition(commitment=pledge, name=name, actor=officer, note="x")
                    made += 1
                except IllegalTransition:
                    continue
        return made

    made = at_once(*(lambda officer=officer: back_and_forth(officer) for officer in officers))
    stored = Commitment.objects.get(pk=pledge.pk)
    changes = list(stored.status_changes.order_by("number"))
    assert len(changes) == 1 + sum(made)
    assert sum(made) >= 20
    assert [change.number for change in changes] == list(range(1, len(changes) + 1))
    assert replay(changes) == stored.status == workflow_context(stored).status


def test_concurrent_supersessions_form_no_circle() -> None:
    officer = make.user("officer")
    for _round in range(5):
        one, two = make.commitment(), make.commitment()
        for pledge, successor in ((one, two), (two, one)):
            apply_transition(
                commitment=pledge,
                name="submit",
                actor=officer,
                note="x",
                outcome="superseded",
                successor=successor,
            )
        deciders = [make.user("reviewer"), make.user("reviewer")]
        results = at_once(
            lambda one=one, who=deciders[0]: apply_transition(commitment=one, name="confirm", actor=who),
            lambda two=two, who=deciders[1]: apply_transition(commitment=two, name="confirm", actor=who),
        )
        lost = [result for result in results if isinstance(result, Exception)]
        assert [type(each) for each in lost] == [RequirementsNotMet]
