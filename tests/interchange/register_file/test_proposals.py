"""Proposed deadlines in a register file that is loaded into a register which has them, or some of them."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from commitments.models import Commitment, DeadlineProposal
from commitments.services.deadline_proposals import decide_deadline, propose_deadline
from commitments.services.deadlines import Window
from commitments.services.transitions import apply_transition
from interchange.register_file.load import load_register
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> Commitment:
    return make.commitment(deadline_wording="soon")


@pytest.fixture
def officer() -> User:
    return make.user("officer")


def propose(pledge: Commitment, officer: User, wording: str = "in 2030") -> DeadlineProposal:
    return propose_deadline(commitment=pledge, actor=officer, window=Window(wording), reason="Floods.")


def decide(proposal: DeadlineProposal, decision: str = "accepted") -> None:
    decide_deadline(proposal=proposal, actor=make.user("reviewer"), decision=decision, note="Read.")


def dumped(tmp_path: Path) -> Path:
    file = tmp_path / "register.yaml"
    call_command("dump_register", str(file))
    return file


def states(pledge: Commitment) -> list[str]:
    return list(pledge.deadline_proposals.order_by("number").values_list("state", flat=True))


def test_a_decision_of_the_register_stays(tmp_path: Path, pledge: Commitment, officer: User) -> None:
    proposal = propose(pledge, officer)
    file = dumped(tmp_path)
    decide(proposal, "refused")
    assert load_register(file).conflicts == []
    assert states(pledge) == ["refused"]


def test_a_file_adds_proposals_and_decisions(tmp_path: Path, pledge: Commitment, officer: User) -> None:
    first = propose(pledge, officer)
    load_register(dumped(tmp_path))  # what was loaded last, from which the file differs
    with transaction.atomic():
        decide(first)
        decide(propose(pledge, officer, "in 2031"), "refused")
        propose(pledge, officer, "in 2032")
        file = dumped(tmp_path)
        transaction.set_rollback(True)
    assert states(pledge) == ["proposed"]
    assert load_register(file).conflicts == []
    assert states(pledge) == ["accepted", "refused", "proposed"]
    assert pledge.deadline_changes.get().decision.proposal == first
    pledge.refresh_from_db()
    assert pledge.deadline_wording == "in 2030"
    again = load_register(file)
    assert (again.conflicts, again.changed) == ([], {})


def test_a_proposal_lapses_when_a_file_changes_the_deadline(
    tmp_path: Path, pledge: Commitment, officer: User
) -> None:
    propose(pledge, officer)
    file = dumped(tmp_path)
    load_register(file)
    text = file.read_text()
    assert text.count("wording: soon") == 2
    file.write_text(text.replace("wording: soon", "wording: shortly", 1))
    load_register(file)
    pledge.refresh_from_db()
    assert (pledge.deadline_wording, states(pledge)) == ("shortly", ["lapsed"])


def test_what_differs_is_a_conflict(tmp_path: Path, pledge: Commitment, officer: User) -> None:
    with transaction.atomic():
        propose(pledge, officer)
        file = dumped(tmp_path)
        transaction.set_rollback(True)
    propose(pledge, officer, "in 2040")
    conflicts = load_register(file).conflicts
    assert [each.location.rpartition(".")[2] for each in conflicts] == ["deadline_proposals"]
    assert states(pledge) == ["proposed"]
    assert pledge.deadline_proposals.get().new_wording == "in 2040"


def test_a_proposal_of_a_file_lapses_under_review(tmp_path: Path, pledge: Commitment, officer: User) -> None:
    with transaction.atomic():
        propose(pledge, officer)
        file = dumped(tmp_path)
        transaction.set_rollback(True)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    load_register(file)
    assert states(pledge) == ["lapsed"]
