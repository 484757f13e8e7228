"""Random sequences of transitions: the history always replays to the stored status."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from commitments.choices import Nature, Status
from commitments.models import Commitment
from commitments.services.errors import PermissionDenied, Refusal
from commitments.services.policy import available_transitions
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition, replay
from core import clock
from tests import factories as make

MOVES = (
    *("register", "agree", "start", "stall", "uphold", "submit", "confirm"),
    *("return", "withdraw", "correct", "reopen", "record", "nonsense"),
)
LINK = (EvidenceGiven(title="Minutes", url="https://example.org/minutes"),)


class Life(RuleBasedStateMachine):
    """One commitment in the hands of people of every role, who ask for anything."""

    @initialize(
        nature=st.sampled_from(list(Nature)), status=st.sampled_from([Status.REQUESTED, Status.AGREED])
    )
    def register(self, nature: str, status: str) -> None:
        mofa = make.agency()
        self.successor = make.commitment()
        self.pledge = make.commitment(status, nature=nature, agencies=(mofa,))
        self.people = [
            make.user("officer"),
            make.user("officer", "reviewer"),
            make.user("reviewer"),
            make.user("reviewer", is_superuser=True),
            make.user("focal_point", agency=mofa),
            make.user("reader"),
        ]
        self.written = 1

    @rule(
        move=st.sampled_from(MOVES),
        who=st.integers(0, 5),
        outcome=st.sampled_from([None, *Status.values]),
        note=st.sampled_from(["", "Because."]),
        names_successor=st.booleans(),
        shows=st.booleans(),
        days_ago=st.integers(-1, 800),
    )
    def ask(self, move, who, outcome, note, names_successor, shows, days_ago) -> None:
        before = self.stored()
        offered = {row.name.value for row in available_transitions(before, self.people[who])}
        try:
            change = apply_transition(
                commitment=self.pledge,
                name=move,
                actor=self.people[who],
                note=note,
                outcome=outcome,
                successor=self.successor if names_successor else None,
                evidence=LINK if shows else (),
                occurred_on=None if days_ago > 400 else clock.today() - dt.timedelta(days=days_ago),
            )
        except (Refusal, PermissionDenied):
            assert self.stored().status == before.status
        else:
            assert move in offered
            assert change.from_status == before.status
            self.written += 1

    @invariant()
    def the_history_tells_the_status(self) -> None:
        if not hasattr(self, "pledge"):
            return
        stored, changes = self.stored(), list(self.pledge.status_changes.order_by("number"))
        assert replay(changes) == stored.status
        assert len(changes) == self.written
        days = [change.occurred_on for change in changes]
        assert days == sorted(days)
        assert (stored.successor_id is not None) == (stored.status == "superseded")
        assert (stored.review_from != "") == (stored.status == "under_review")
        submitters: set[int] = set()
        for change in changes:
            if change.transition == "reopen":
                submitters = set()
            if change.transition == "submit":
                submitters.add(change.actor_id)
            if change.transition in ("confirm", "return"):
                assert change.actor_id not in submitters

    def stored(self) -> Commitment:
        return Commitment.objects.get(pk=self.pledge.pk)


@pytest.mark.fuzz
@pytest.mark.django_db
class TestLife(TestCase, Life.TestCase):
    """Runs each life in a transaction of its own."""

    settings = settings(
        max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
