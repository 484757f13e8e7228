"""Transitions: every status by every transition, roles, requirements, and the order of refusals."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from commitments.choices import Nature, Status
from commitments.models import Commitment, StatusChange
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import available_transitions
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition, replay
from core import clock
from tests import factories as make

pytestmark = pytest.mark.django_db

STATUSES = [
    "requested",
    "agreed",
    "in_progress",
    "stalled",
    "standing",
    "under_review",
    "fulfilled",
    "partly_fulfilled",
    "not_fulfilled",
    "superseded",
    "dropped",
]

# Written by hand from the rules; never read from the table. For a commitment of nature cooperation:
# rows are moves, columns the status it starts from, the cell where it leads ("" = refused as 409).
MATRIX = {
    #             requested      agreed         in_progress    stalled        standing
    "register": ("", "", "", "", ""),
    "agree": ("agreed", "", "", "", ""),
    "start": ("", "in_progress", "", "in_progress", "in_progress"),
    "stall": ("", "stalled", "stalled", "", ""),
    "uphold": ("", "standing", "standing", "", ""),
    "submit": ("under_review", "under_review", "under_review", "under_review", "under_review"),
    "confirm": ("", "", "", "", ""),
    "return": ("", "", "", "", ""),
    "withdraw": ("", "", "", "", ""),
    "reopen": ("", "", "", "", ""),
}
FROM_REVIEW = {"confirm": "fulfilled", "return": "in_progress", "withdraw": "in_progress"}
OPEN_STATUSES = STATUSES[:5]
CLOSED_STATUSES = STATUSES[6:]
LINK = (EvidenceGiven(title="Minutes", url="https://example.org/minutes"),)


@pytest.fixture
def officer() -> User:
    return make.user("officer")


@pytest.fixture
def reviewer() -> User:
    return make.user("reviewer")


def submitted(officer: User, status: str = "in_progress", outcome: str = "fulfilled", **kwargs) -> Commitment:
    pledge = make.commitment(status, **kwargs)
    evidence = LINK if outcome in ("fulfilled", "partly_fulfilled") else ()
    apply_transition(
        commitment=pledge, name="submit", actor=officer, note="Done.", outcome=outcome, evidence=evidence
    )
    return Commitment.objects.get(pk=pledge.pk)


def everyone() -> User:
    """Somebody who holds every role and has done nothing yet, so that only the status can refuse."""
    return make.user("officer", "reviewer")


def ask(pledge: Commitment, name: str, actor: User, **kwargs) -> StatusChange:
    kwargs.setdefault("note", "Because.")
    if name == "submit":
        kwargs.setdefault("outcome", "dropped")
    return apply_transition(commitment=pledge, name=name, actor=actor, **kwargs)


@pytest.mark.parametrize("name", MATRIX)
@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_open_statuses_by_transition(status: str, name: str) -> None:
    pledge = make.commitment(status)
    leads_to = MATRIX[name][OPEN_STATUSES.index(status)]
    if leads_to:
        change = ask(pledge, name, everyone())
        assert (change.from_status, change.to_status) == (status, leads_to)
        assert Commitment.objects.get(pk=pledge.pk).status == leads_to
    else:
        with pytest.raises(IllegalTransition) as refused:
            ask(pledge, name, everyone())
        assert refused.value.status == status
        assert Commitment.objects.get(pk=pledge.pk).status == status


@pytest.mark.parametrize("name", [*MATRIX, "correct"])
def test_under_review_only_a_decision_or_a_withdrawal(name: str, officer: User) -> None:
    pledge = submitted(officer)
    actor = officer if name == "withdraw" else everyone()
    if name in FROM_REVIEW:
        assert ask(pledge, name, actor).to_status == FROM_REVIEW[name]
    else:
        with pytest.raises(IllegalTransition):
            ask(pledge, name, actor)


@pytest.mark.parametrize("name", [*MATRIX, "correct"])
@pytest.mark.parametrize("status", CLOSED_STATUSES)
def test_closed_statuses_can_only_be_reopened(status: str, name: str) -> None:
    pledge = make.commitment(status)
    if name == "reopen":
        assert ask(pledge, name, everyone()).to_status == "agreed"
    else:
        with pytest.raises(IllegalTransition):
            ask(pledge, name, everyone())


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("agree", {"officer"}),
        ("start", {"officer", "focal_point"}),
        ("stall", {"officer", "focal_point"}),
        ("uphold", {"reviewer"}),
        ("submit", {"officer", "focal_point"}),
        ("confirm", {"reviewer"}),
        ("return", {"reviewer"}),
        ("correct", {"reviewer"}),
        ("reopen", {"reviewer"}),
        ("register", {"officer"}),
    ],
)
@pytest.mark.parametrize(
    "role", ["officer", "reviewer", "focal_point", "reader", "administrator", "superuser"]
)
def test_roles(name: str, may: set[str], role: str, officer: User) -> None:
    mofa = make.agency()
    starts = {"agree": "requested", "reopen": "dropped"}
    if name in ("confirm", "return"):
        pledge = submitted(officer, agencies=(mofa,))
    else:
        pledge = make.commitment(starts.get(name, "agreed"), agencies=(mofa,))
        if name == "correct":
            ask(pledge, "start", officer)
    roles = () if role == "superuser" else (role,)
    actor = make.user(*roles, agency=mofa, is_superuser=role == "superuser")
    if name == "register":
        with pytest.raises(IllegalTransition if role in may else PermissionDenied):
            ask(pledge, name, actor)
    elif role in may:
        ask(pledge, name, actor)
    else:
        with pytest.raises(PermissionDenied):
            ask(pledge, name, actor)


def test_focal_point_of_another_agency_sees_nothing() -> None:
    pledge = make.commitment(agencies=(make.agency(),))
    other = make.user("focal_point", agency=make.agency("kh-mfaic", "KH"))
    with pytest.raises(Commitment.DoesNotExist):
        ask(pledge, "start", other)


def test_focal_point_who_is_also_a_reader_reports_only_for_its_agency() -> None:
    pledge = make.commitment(agencies=(make.agency(),))
    other = make.user("focal_point", "reader", agency=make.agency("kh-mfaic", "KH"))
    with pytest.raises(PermissionDenied):
        ask(pledge, "start", other)


def test_refusals_follow_the_order_of_the_rules(officer: User) -> None:
    hidden = make.commitment(classification=2)
    with pytest.raises(Commitment.DoesNotExist):
        ask(hidden, "no-such-move", officer)
    pledge = make.commitment("dropped")
    with pytest.raises(UnknownTransition):
        ask(pledge, "no-such-move", make.user("reader"))
    with pytest.raises(UnknownTransition):
        ask(pledge, "record", officer)
    with pytest.raises(PermissionDenied):
        ask(pledge, "confirm", make.user("reader"))
    with pytest.raises(IllegalTransition):
        ask(pledge, "confirm", make.user("reviewer"))
    both = make.user("officer", "reviewer")
    waiting = submitted(both)
    with pytest.raises(PermissionDenied):
        ask(waiting, "confirm", both, occurred_on=dt.date(2999, 1, 1))
    with pytest.raises(RequirementsNotMet):
        ask(waiting, "confirm", make.user("reviewer"), occurred_on=dt.date(2999, 1, 1))


@pytest.mark.parametrize("name", ["confirm", "return"])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_own_submissions_cannot_be_decided(name: str, is_superuser: bool) -> None:
    both = make.user("officer", "reviewer", is_superuser=is_superuser)
    pledge = submitted(both)
    with pytest.raises(PermissionDenied, match="submitted"):
        ask(pledge, name, both)


def test_an_earlier_submitter_cannot_decide_before_a_reopening(officer: User) -> None:
    both = make.user("officer", "reviewer")
    pledge = submitted(both)
    ask(pledge, "withdraw", both)
    ask(pledge, "submit", officer)
    with pytest.raises(PermissionDenied):
        ask(pledge, "confirm", both)
    reviewer = make.user("reviewer")
    ask(pledge, "confirm", reviewer)
    ask(pledge, "reopen", reviewer)
    ask(pledge, "submit", officer)
    assert ask(pledge, "confirm", both).to_status == "dropped"


def test_only_the_submitter_withdraws(officer: User) -> None:
    pledge = submitted(officer)
    with pytest.raises(PermissionDenied):
        ask(pledge, "withdraw", make.user("officer"))
    assert apply_transition(commitment=pledge, name="withdraw", actor=officer).to_status == "in_progress"


@pytest.mark.parametrize(
    "name", ["agree", "start", "stall", "uphold", "submit", "return", "correct", "reopen"]
)
def test_a_note_is_required(name: str, officer: User, reviewer: User) -> None:
    pledge = {
        "agree": lambda: make.commitment("requested"),
        "return": lambda: submitted(officer),
        "reopen": lambda: make.commitment("dropped"),
    }.get(name, lambda: make.commitment("agreed"))()
    if name == "correct":
        ask(pledge, "start", officer)
    actor = reviewer if name in ("uphold", "return", "correct", "reopen") else officer
    with pytest.raises(RequirementsNotMet) as refused:
        ask(pledge, name, actor, note="  ")
    assert "note" in refused.value.errors


def test_uphold_is_for_three_natures(reviewer: User) -> None:
    refused = []
    for nature in Nature:
        pledge = make.commitment("agreed", nature=nature)
        try:
            ask(pledge, "uphold", reviewer)
        except RequirementsNotMet:
            refused.append(nature.value)
        assert ("uphold" in _moves(pledge, reviewer)) is False
    assert refused == ["instrument_to_conclude", "event", "target", "support"]


def test_a_standing_principle_cannot_be_started(officer: User) -> None:
    pledge = make.commitment("standing", nature="principle")
    with pytest.raises(IllegalTransition):
        ask(pledge, "start", officer)
    assert ask(make.commitment("standing"), "start", officer).to_status == "in_progress"


@pytest.mark.parametrize(
    ("status", "nature", "possible"),
    [
        ("agreed", "cooperation", "fulfilled partly_fulfilled not_fulfilled superseded dropped"),
        ("standing", "principle", "not_fulfilled superseded dropped"),
        ("requested", "support", "superseded dropped"),
        ("requested", "principle", "superseded dropped"),
    ],
)
def test_outcomes(status: str, nature: str, possible: str, officer: User) -> None:
    accepted, faults = [], []
    for outcome in CLOSED_STATUSES:
        pledge = make.commitment(status, nature=nature)
        successor = make.commitment() if outcome == "superseded" else None
        evidence = LINK if outcome.endswith("fulfilled") else ()
        try:
            ask(pledge, "submit", officer, outcome=outcome, successor=successor, evidence=evidence)
        except RequirementsNotMet as refused:
            faults.extend(refused.errors)
        else:
            accepted.append(outcome)
    assert accepted == possible.split()
    assert faults == ["outcome"] * (5 - len(accepted))


@pytest.mark.parametrize("outcome", [None, "agreed", "nonsense"])
def test_submit_needs_an_outcome(outcome: str | None, officer: User) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        ask(make.commitment(), "submit", officer, outcome=outcome)
    assert "outcome" in refused.value.errors


@pytest.mark.parametrize(
    ("outcome", "mention", "shown"),
    [
        ("fulfilled", None, False),
        ("fulfilled", "progress", False),
        ("fulfilled", "fulfilled", True),
        ("partly_fulfilled", None, False),
        ("partly_fulfilled", "progress", True),
        ("partly_fulfilled", "fulfilled", True),
    ],
)
def test_delivery_needs_proof(outcome: str, mention: str | None, shown: bool, officer: User) -> None:
    pledge = make.commitment()
    if mention:
        pledge.mentions.create(
            meeting=make.meeting(), paragraph=make.source().paragraphs.get(number=2), kind=mention
        )
    if shown:
        assert ask(pledge, "submit", officer, outcome=outcome).outcome == outcome
    else:
        with pytest.raises(RequirementsNotMet) as refused:
            ask(pledge, "submit", officer, outcome=outcome)
        assert list(refused.value.errors) == ["evidence"]


def test_evidence_given_before_a_reopening_no_longer_counts(officer: User, reviewer: User) -> None:
    pledge = submitted(officer)
    ask(pledge, "confirm", reviewer, note="")
    ask(pledge, "reopen", reviewer)
    with pytest.raises(RequirementsNotMet):
        ask(pledge, "submit", officer, outcome="fulfilled")
    change = ask(pledge, "submit", officer, outcome="fulfilled", evidence=LINK)
    assert [(each.title, each.url, each.status_change) for each in change.evidence.all()] == [
        ("Minutes", "https://example.org/minutes", change)
    ]


def test_dates_are_not_in_the_future_and_not_before_the_previous_change(officer: User) -> None:
    pledge = make.commitment(occurred_on=dt.date(2025, 3, 1))
    tomorrow = clock.today() + dt.timedelta(days=1)
    for day in (tomorrow, dt.date(2025, 2, 28)):
        with pytest.raises(RequirementsNotMet) as refused:
            ask(pledge, "start", officer, occurred_on=day)
        assert list(refused.value.errors) == ["occurred_on"]
    change = ask(pledge, "start", officer, occurred_on=dt.date(2025, 3, 1))
    assert change.occurred_on == dt.date(2025, 3, 1)
    assert change.recorded_at.date() >= dt.date(2026, 1, 1)
    assert ask(pledge, "stall", officer).occurred_on == clock.today()


@pytest.mark.parametrize("name", ["correct", "stall", "submit"])
def test_a_change_that_a_wrong_clock_dated_in_the_future_blocks_nothing(
    name: str, officer: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge, today = make.commitment(), clock.today()
    with monkeypatch.context() as wrong:
        wrong.setattr(clock, "today", lambda: today + dt.timedelta(days=400))
        begun = ask(pledge, "start", officer)
    with pytest.raises(RequirementsNotMet, match="is before the previous change"):
        ask(pledge, "stall", officer, occurred_on=today - dt.timedelta(days=1))
    change = ask(pledge, name, reviewer if name == "correct" else officer)
    assert (change.number, change.occurred_on) == (3, today)
    history = list(pledge.status_changes.all())
    assert history[1].occurred_on == begun.occurred_on == today + dt.timedelta(days=400)
    pledge.refresh_from_db()
    assert replay(history) == pledge.status == change.to_status


@pytest.mark.parametrize("name", ["confirm", "return", "withdraw"])
def test_decisions_are_dated_today(name: str, officer: User, reviewer: User) -> None:
    pledge = submitted(officer)
    actor = officer if name == "withdraw" else reviewer
    with pytest.raises(RequirementsNotMet) as refused:
        ask(pledge, name, actor, occurred_on=clock.today() - dt.timedelta(days=1))
    assert list(refused.value.errors) == ["occurred_on"]
    assert ask(pledge, name, actor, occurred_on=clock.today()).occurred_on == clock.today()


def test_delivered_on_defaults_to_today_and_is_not_in_the_future(officer: User) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(RequirementsNotMet) as refused:
        ask(make.commitment(), "submit", officer, delivered_on=tomorrow)
    assert list(refused.value.errors) == ["delivered_on"]
    assert ask(make.commitment(), "submit", officer).delivered_on == clock.today()
    with pytest.raises(RequirementsNotMet):
        ask(make.commitment(), "start", officer, delivered_on=clock.today())


def test_confirm_takes_the_proposed_outcome_and_a_note_only_for_another(
    officer: User, reviewer: User
) -> None:
    assert ask(submitted(officer), "confirm", reviewer, note="").to_status == "fulfilled"
    with pytest.raises(RequirementsNotMet) as refused:
        ask(submitted(officer), "confirm", reviewer, note="", outcome="partly_fulfilled")
    assert list(refused.value.errors) == ["note"]
    changed = ask(submitted(officer), "confirm", reviewer, note="Half.", outcome="partly_fulfilled")
    assert (changed.to_status, changed.outcome) == ("partly_fulfilled", "partly_fulfilled")


def test_reopening_restores_the_last_open_status_other_than_review(officer: User, reviewer: User) -> None:
    pledge = submitted(officer, status="stalled")
    ask(pledge, "confirm", reviewer)
    assert ask(pledge, "reopen", reviewer).to_status == "stalled"


def test_supersession_names_its_successor_and_reopening_clears_it(officer: User, reviewer: User) -> None:
    pledge, successor = make.commitment(), make.commitment()
    with pytest.raises(RequirementsNotMet) as refused:
        ask(pledge, "submit", officer, outcome="superseded")
    assert list(refused.value.errors) == ["successor"]
    ask(pledge, "submit", officer, outcome="superseded", successor=successor)
    ask(pledge, "confirm", reviewer, note="")
    pledge.refresh_from_db()
    assert (pledge.status, pledge.successor) == ("superseded", successor)
    ask(pledge, "reopen", reviewer)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.successor) == ("agreed", None)


def test_a_chain_of_successors_has_no_circle(officer: User, reviewer: User) -> None:
    first, second, third = make.commitment(), make.commitment(), make.commitment()
    for pledge, successor in ((first, second), (second, third)):
        ask(pledge, "submit", officer, outcome="superseded", successor=successor)
        ask(pledge, "confirm", reviewer)
    for successor in (third, first):
        with pytest.raises(RequirementsNotMet) as refused:
            ask(third, "submit", officer, outcome="superseded", successor=successor)
        assert list(refused.value.errors) == ["successor"]


@pytest.mark.parametrize("taken_back", ["start", "stall"])
def test_correct_restores_the_previous_status(taken_back: str, officer: User, reviewer: User) -> None:
    pledge = make.commitment()
    ask(pledge, taken_back, officer)
    assert ask(pledge, "correct", reviewer).to_status == "agreed"


@pytest.mark.parametrize("role", ["officer", "focal_point"])
def test_who_made_the_last_change_takes_it_back_within_a_day(
    role: str, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mofa = make.agency()
    author, other = (make.user(role, agency=mofa) for _n in range(2))
    pledge = make.commitment(agencies=(mofa,))
    made = ask(pledge, "start", author)
    with pytest.raises(PermissionDenied, match="somebody else"):
        ask(pledge, "correct", other)
    now = made.recorded_at + dt.timedelta(hours=24, seconds=1)
    with monkeypatch.context() as later:
        later.setattr("django.utils.timezone.now", lambda: now)
        with pytest.raises(PermissionDenied, match="24 hours"):
            ask(pledge, "correct", author)
    assert ask(pledge, "correct", author).to_status == "agreed"


def test_an_own_change_that_was_followed_is_not_taken_back(officer: User) -> None:
    pledge = make.commitment()
    ask(pledge, "start", officer)
    ask(pledge, "stall", make.user("officer"))
    with pytest.raises(PermissionDenied):
        ask(pledge, "correct", officer)


def test_an_own_submission_is_withdrawn_and_not_corrected(officer: User) -> None:
    with pytest.raises(IllegalTransition):
        ask(submitted(officer), "correct", officer)


def test_correct_is_not_after_a_review_or_a_record(officer: User, reviewer: User) -> None:
    with pytest.raises(IllegalTransition):
        ask(make.commitment(), "correct", reviewer)
    recorded = make.commitment("in_progress")
    with pytest.raises(IllegalTransition):
        ask(recorded, "correct", reviewer)
    returned = submitted(officer)
    ask(returned, "return", reviewer)
    with pytest.raises(IllegalTransition):
        ask(returned, "correct", make.user("reviewer"))
    reopened = make.commitment("dropped")
    ask(reopened, "reopen", reviewer)
    with pytest.raises(IllegalTransition):
        ask(reopened, "correct", make.user("reviewer"))


def test_an_unseen_change_refuses_the_transition(officer: User) -> None:
    pledge = make.commitment()
    ask(pledge, "start", officer, seen=1)
    with pytest.raises(IllegalTransition, match="meanwhile") as refused:
        ask(pledge, "stall", make.user("officer"), seen=1)
    assert refused.value.status == Status.IN_PROGRESS
    assert ask(pledge, "stall", make.user("officer"), seen=2).number == 3


def test_the_history_replays_to_the_stored_status(officer: User, reviewer: User) -> None:
    pledge = submitted(officer)
    ask(pledge, "return", reviewer)
    ask(pledge, "submit", officer)
    ask(pledge, "confirm", reviewer)
    assert replay(list(pledge.status_changes.all())) == "dropped"
    assert Commitment.objects.get(pk=pledge.pk).status == "dropped"


def test_available_transitions_are_those_that_the_user_may_make_now(officer: User, reviewer: User) -> None:
    agreed, waiting = make.commitment(), submitted(officer)
    assert _moves(agreed, officer) == ["start", "stall", "submit"]
    assert _moves(agreed, reviewer) == ["uphold"]
    assert _moves(agreed, make.user("reader")) == []
    assert _moves(waiting, officer) == ["withdraw"]
    assert _moves(waiting, reviewer) == ["confirm", "return"]
    assert _moves(make.commitment("dropped"), reviewer) == ["reopen"]
    assert _moves(make.commitment(nature="event"), reviewer) == []


def _moves(pledge: Commitment, user: User) -> list[str]:
    return [row.name.value for row in available_transitions(Commitment.objects.get(pk=pledge.pk), user)]
