"""Another deadline is proposed by one person and decided on by another."""

import datetime as dt

import pytest

from accounts.models import User
from commitments.choices import ProposalState
from commitments.models import Commitment, DeadlineChange, DeadlineDecision, DeadlineProposal
from commitments.querysets import AsOf
from commitments.services.deadline_proposals import decide_deadline, propose_deadline
from commitments.services.deadlines import Window
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.entered_in_error import enter_in_error
from commitments.services.errors import (
    DossierChanged,
    IsInError,
    NotEditable,
    PermissionDenied,
    ProposalClosed,
    RequirementsNotMet,
)
from commitments.services.progress import record_progress
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db
SOON = Window(wording="soon", review_on=dt.date(2030, 6, 30))
IN_2030 = Window(wording="in 2030", earliest=dt.date(2030, 1, 1), latest=dt.date(2030, 12, 31))


@pytest.fixture
def pledge() -> Commitment:
    return make.commitment(deadline_wording="in 2025", deadline_latest=dt.date(2025, 12, 31))


@pytest.fixture
def officer() -> User:
    return make.user("officer")


@pytest.fixture
def reviewer() -> User:
    return make.user("reviewer")


def propose(pledge: Commitment, actor: User, window: Window = SOON, **more: object) -> DeadlineProposal:
    return propose_deadline(
        commitment=pledge, actor=actor, window=window, **{"reason": "Put off by both sides.", **more}
    )


def decide(proposal: DeadlineProposal, actor: User, decision: str = "accepted", **more: object) -> object:
    return decide_deadline(proposal=proposal, actor=actor, decision=decision, **more)


def window(pledge: Commitment) -> Window:
    now = Commitment.objects.get(pk=pledge.pk)
    return Window(now.deadline_wording, now.deadline_earliest, now.deadline_latest, now.review_on)


def states(pledge: Commitment) -> list[str]:
    return list(pledge.deadline_proposals.order_by("number").values_list("state", flat=True))


def test_a_proposal_changes_nothing_until_a_reviewer_accepts_it(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    agreed = dt.date(2025, 6, 1)
    before = window(pledge)
    proposal = propose(pledge, officer, occurred_on=agreed)
    assert (window(pledge), DeadlineChange.objects.count(), states(pledge)) == (before, 0, ["proposed"])
    made = decide(proposal, reviewer, note="Minutes read.")
    assert (window(pledge), states(pledge)) == (SOON, ["accepted"])
    change = pledge.deadline_changes.get()
    assert (change.old_wording, change.old_latest, change.new_wording) == (
        "in 2025",
        dt.date(2025, 12, 31),
        "soon",
    )
    assert (change.occurred_on, change.reason, change.actor) == (agreed, "Put off by both sides.", reviewer)
    assert (made.change, made.note, made.actor, change.recorded_at) == (
        change,
        "Minutes read.",
        reviewer,
        made.recorded_at,
    )


def test_officers_and_focal_points_of_an_assigned_agency_propose(officer: User) -> None:
    mofa = make.agency()
    pledge = make.commitment(agencies=(mofa,))
    propose(pledge, officer)
    propose(pledge, make.user("focal_point", agency=mofa), IN_2030)
    for role in ("reviewer", "reader", "administrator", "security_officer"):
        with pytest.raises(PermissionDenied):
            propose(pledge, make.user(role), Window(wording="later"))
    with pytest.raises(Commitment.DoesNotExist):
        propose(pledge, make.user("focal_point", agency=make.agency("x-other")), Window(wording="later"))
    assert states(pledge) == ["proposed", "proposed"]


def test_who_proposes_never_decides(pledge: Commitment) -> None:
    both = make.user("officer", "reviewer", is_superuser=True)
    proposal = propose(pledge, both)
    for decision in ("accepted", "refused"):
        with pytest.raises(PermissionDenied, match="You proposed this deadline yourself"):
            decide(proposal, both, decision, note="x")
    assert states(pledge) == ["proposed"]
    decide(proposal, make.user("officer", "reviewer"))
    assert states(pledge) == ["accepted"]


@pytest.mark.parametrize("role", ["officer", "reader", "administrator", "focal_point"])
def test_only_reviewers_decide(pledge: Commitment, officer: User, role: str) -> None:
    mofa = make.agency()
    pledge = make.commitment(agencies=(mofa,))
    proposal = propose(pledge, officer)
    with pytest.raises(PermissionDenied):
        decide(proposal, make.user(role, agency=mofa))
    assert states(pledge) == ["proposed"]


def test_a_proposal_that_cannot_be_seen_is_not_decided(officer: User, reviewer: User) -> None:
    secret = make.commitment(classification=2)
    proposal = propose(secret, make.user("officer", clearance=2))
    with pytest.raises(Commitment.DoesNotExist):
        decide(proposal, reviewer)


def test_a_refusal_says_why_and_a_withdrawal_is_for_who_proposed(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    proposal = propose(pledge, officer)
    with pytest.raises(RequirementsNotMet) as missing:
        decide(proposal, reviewer, "refused", note=" ")
    assert list(missing.value.errors) == ["note"]
    with pytest.raises(PermissionDenied):
        decide(proposal, reviewer, "withdrawn")
    with pytest.raises(RequirementsNotMet) as unknown:
        decide(proposal, reviewer, "lapsed")
    assert list(unknown.value.errors) == ["decision"]
    decide(proposal, reviewer, "refused", note="Not agreed.")
    decide(propose(pledge, officer), officer, "withdrawn")
    assert (states(pledge), pledge.deadline_changes.count()) == (["refused", "withdrawn"], 0)
    for decision in ("accepted", "refused"):
        with pytest.raises(ProposalClosed):
            decide(proposal, reviewer, decision, note="x")


def test_a_submission_lets_proposals_lapse(pledge: Commitment, officer: User, reviewer: User) -> None:
    proposal = propose(pledge, officer)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    assert states(pledge) == ["lapsed"]
    assert proposal.decision.actor is None
    with pytest.raises(NotEditable):
        propose(pledge, officer, IN_2030)
    apply_transition(commitment=pledge, name="return", actor=reviewer, note="Not yet.")
    with pytest.raises(ProposalClosed, match="lapsed"):
        decide(proposal, reviewer)
    assert pledge.deadline_changes.count() == 0


def test_a_deadline_that_was_changed_meanwhile_lets_the_other_proposals_lapse(
    officer: User, reviewer: User
) -> None:
    pledge = make.commitment(deadline_wording="soon")
    first, second = propose(pledge, officer), propose(pledge, officer, IN_2030)
    decide(second, reviewer)
    assert states(pledge) == ["lapsed", "accepted"]
    with pytest.raises(ProposalClosed):
        decide(first, reviewer)
    vague = make.commitment(deadline_wording="soon")
    propose(vague, officer, IN_2030)
    record_progress(
        commitment=vague, actor=officer, achieved="x", review_on=clock.today() + dt.timedelta(days=30)
    )
    assert states(vague) == ["lapsed"]


def test_nobody_accepts_a_proposal_once_the_window_moved(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    proposal = propose(pledge, officer)
    Commitment.objects.filter(pk=pledge.pk).update(deadline_wording="moved by a load")
    with pytest.raises(ProposalClosed, match="changed after this was proposed"):
        decide(proposal, reviewer)
    assert (states(pledge), pledge.deadline_changes.count()) == (["proposed"], 0)
    decide(proposal, reviewer, "refused", note="Out of date.")


def test_a_reviewer_decides_on_what_was_read(pledge: Commitment, officer: User, reviewer: User) -> None:
    proposal = propose(pledge, officer)
    seen = stamp_for(reviewer, pledge.reference)
    record_progress(commitment=pledge, actor=officer, achieved="Half.")
    for stamp in (seen, Stamp()):
        with pytest.raises(DossierChanged):
            decide(proposal, reviewer, stamp=stamp)
    assert states(pledge) == ["proposed"]
    decide(proposal, reviewer, stamp=stamp_for(reviewer, pledge.reference))
    assert states(pledge) == ["accepted"]


def test_what_was_entered_in_error_takes_no_proposal_and_no_decision(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    proposal = propose(pledge, officer)
    enter_in_error(thing=pledge, actor=reviewer, reason="Never said.")
    with pytest.raises(IsInError):
        propose(pledge, officer, IN_2030)
    with pytest.raises(IsInError):
        decide(proposal, reviewer)


@pytest.mark.parametrize(
    ("new", "more", "field"),
    [
        (SOON, {"reason": " "}, "reason"),
        (Window("in 2025", latest=dt.date(2025, 12, 31)), {}, "wording"),
        (Window(wording="x", earliest=dt.date(2026, 2, 1), latest=dt.date(2026, 1, 1)), {}, "latest"),
        (Window(wording="x", latest=dt.date(2026, 1, 1), review_on=dt.date(2026, 1, 1)), {}, "review_on"),
        (Window(latest=dt.date(2026, 1, 1)), {}, "wording"),
        (SOON, {"occurred_on": dt.date(2999, 1, 1)}, "occurred_on"),
        (SOON, {"occurred_on": dt.date(2024, 12, 1)}, "occurred_on"),
        (IN_2030, {}, "wording"),
    ],
)
def test_an_invalid_proposal_is_named(
    pledge: Commitment, officer: User, new: Window, more: dict, field: str
) -> None:
    make.new_deadline(
        commitment=pledge,
        actor=officer,
        window=Window("in 2025", latest=dt.date(2025, 12, 31), earliest=dt.date(2025, 1, 1)),
        reason="x",
        occurred_on=dt.date(2025, 1, 1),
    )
    make.new_deadline(
        commitment=pledge,
        actor=officer,
        window=Window("in 2025", latest=dt.date(2025, 12, 31)),
        reason="x",
        occurred_on=dt.date(2025, 1, 2),
    )
    propose(pledge, officer, IN_2030)
    with pytest.raises(RequirementsNotMet) as refused:
        propose(pledge, officer, new, **more)
    assert list(refused.value.errors) == [field]
    assert states(pledge)[2:] == ["proposed"]


def test_a_change_that_a_wrong_clock_dated_in_the_future_blocks_nothing(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge, today = make.commitment(), clock.today()
    with monkeypatch.context() as wrong:
        wrong.setattr(clock, "today", lambda: today + dt.timedelta(days=400))
        make.new_deadline(commitment=pledge, actor=officer, window=SOON, reason="Agreed anew.")
    change = make.new_deadline(commitment=pledge, actor=officer, window=IN_2030, reason="Agreed anew.")
    assert (change.number, change.occurred_on) == (2, today)


def test_what_awaits_a_decision_awaits_every_reviewer_but_the_one_who_proposed(
    pledge: Commitment, reviewer: User
) -> None:
    both, as_of = make.user("officer", "reviewer"), AsOf.now()
    proposal = propose(pledge, both)
    submitted = make.commitment()
    apply_transition(commitment=submitted, name="submit", actor=both, note="x", outcome="dropped")

    def awaiting(user: User, when: AsOf = as_of) -> set[Commitment]:
        return set(Commitment.objects.visible_to(user).at(when).awaiting(user, when))

    assert awaiting(reviewer) == {pledge, submitted}
    in_order = Commitment.objects.visible_to(reviewer).at(as_of).awaiting(reviewer, as_of)
    assert list(in_order.longest_waiting_first()) == [pledge, submitted]
    assert awaiting(both) == awaiting(make.user("officer")) == set()
    yesterday = AsOf(day=as_of.day - dt.timedelta(days=1), today=as_of.day)
    assert awaiting(reviewer, yesterday) == set()
    decide(proposal, reviewer)
    assert awaiting(reviewer) == {submitted}


def test_the_state_follows_from_the_decision(pledge: Commitment, officer: User, reviewer: User) -> None:
    decide(propose(pledge, officer), reviewer)
    propose(pledge, officer, IN_2030)
    rows = DeadlineProposal.objects.annotate(derived=DeadlineProposal.derivations()["state"])
    assert [(each.state, each.derived) for each in rows.order_by("number")] == [
        ("accepted", "accepted"),
        ("proposed", "proposed"),
    ]
    assert DeadlineDecision.objects.get().state == ProposalState.ACCEPTED
