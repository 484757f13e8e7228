"""The stamp of a dossier: it changes with every part, and a decision is bound to it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commitments.models import Assignment, Commitment, Evidence
from commitments.reports.dossier_changes import changes_since
from commitments.services.assignments import assign, unassign
from commitments.services.day_corrections import correct_day
from commitments.services.dossier import LAST_KEYS, Stamp, stamp_for, stamps_for
from commitments.services.downgrades import decide_downgrade, propose_downgrade
from commitments.services.editing import edit_commitment, set_target
from commitments.services.entered_in_error import enter_in_error
from commitments.services.errors import DossierChanged, IllegalTransition
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.readings import record_reading
from commitments.services.transitions import apply_transition
from core.append_only import guarded_models
from relations.models import Meeting, MeetingSource
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make.user("officer", first_name="Lan")


@pytest.fixture
def reviewer() -> User:
    return make.user("reviewer")


@pytest.fixture
def pledge(officer: User) -> Commitment:
    """A commitment under review, with a row of every kind."""
    made = make.commitment(nature="target", title="Trade", deadline_wording="soon")
    set_target(commitment=made, actor=officer, indicator="Trade", unit="USD", value=Decimal(20))
    add_evidence(commitment=made, actor=officer, title="Minutes", url="https://example.org/m")
    apply_transition(commitment=made, name="submit", actor=officer, note="Done.", outcome="fulfilled")
    return Commitment.objects.get(pk=made.pk)


def stamp(user: User, pledge: Commitment) -> Stamp:
    found = stamp_for(user, pledge.reference)
    assert found
    return found


def mention(pledge: Commitment, officer: User) -> object:
    meeting, source = make.meeting(title="Talks in Hanoi"), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    paragraph = source.paragraphs.get(number=2)
    return record_mention(
        commitment=pledge, actor=officer, meeting=meeting, paragraph=paragraph, kind="progress"
    )


def edit(**fields: object) -> Callable[[Commitment, User], object]:
    """Write fields as an older version of the program did, past the rules of editing."""

    def write(pledge: Commitment, _officer: User) -> None:
        for name, value in fields.items():
            setattr(pledge, name, value)
        pledge.save(update_fields=list(fields))

    return write


def replaced_party(pledge: Commitment, _officer: User) -> None:
    pledge.parties.get(role="obligated", country__code="KH").delete()


def replaced_review(pledge: Commitment, officer: User) -> None:
    apply_transition(commitment=pledge, name="withdraw", actor=officer)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")


def moved_meeting(pledge: Commitment, _officer: User) -> None:
    meeting = Meeting.objects.get(mentions__commitment=pledge)
    meeting.starts_on = meeting.ends_on = dt.date(2024, 7, 14)
    meeting.save()


CHANGES: dict[str, tuple[Callable[[Commitment, User], object], set[tuple[str, str, str]]]] = {
    "title": (edit(title="Commerce"), {("Title", "Trade", "Commerce")}),
    "nature": (edit(nature="event"), {("Nature", "target", "event")}),
    "theme": (
        lambda pledge, officer: edit_commitment(
            commitment=pledge, actor=officer, fields={"theme": make.theme("trade")}
        ),
        {("Theme", "Border", "Trade")},
    ),
    "deadline": (
        edit(deadline_wording="in 2031", deadline_latest=dt.date(2031, 12, 31)),
        {("Deadline as worded", "soon", "in 2031"), ("Latest day", "", "31 Dec 2031")},
    ),
    "proposed deadline": (
        # Under review nobody proposes one; a load can bring one.
        lambda pledge, officer: pledge.deadline_proposals.create(
            number=1, old_wording="soon", new_wording="later", reason="x", occurred_on=dt.date(2025, 1, 1)
        ),
        {("Deadline proposed", "soon", "later")},
    ),
    "obligated": (replaced_party, {("Country in a role removed", "Cambodia, responsible", "")}),
    "assignment": (
        lambda pledge, officer: assign(
            commitment=pledge, actor=officer, agency=make.agency(name="MOFA", acronym="")
        ),
        {("Assignment added", "", "MOFA, lead")},
    ),
    "progress": (
        lambda pledge, officer: record_progress(commitment=pledge, actor=officer, achieved="Half."),
        {("Progress reported", "", "Half.")},
    ),
    "reading": (
        lambda pledge, officer: record_reading(
            commitment=pledge, actor=officer, value=Decimal("1.50"), as_of=dt.date(2025, 1, 31)
        ),
        {("Reading added", "", "31 Jan 2025, 1.5")},
    ),
    "target": (
        lambda pledge, officer: set_target(commitment=pledge, actor=officer, value=Decimal(10)),
        {("Target changed", "Trade, USD, 20", "Trade, USD, 10")},
    ),
    "evidence": (
        lambda pledge, officer: add_evidence(
            commitment=pledge, actor=officer, title="Photo", url="https://example.org/p"
        ),
        {("Evidence attached", "", "Photo")},
    ),
    "withdrawal": (
        lambda pledge, officer: withdraw_evidence(
            evidence=pledge.evidence.get(), actor=officer, reason="Another gate."
        ),
        {("Evidence withdrawn", "Minutes", "Another gate.")},
    ),
    "review": (
        replaced_review,
        {
            ("Withdraw the submission", "under review", "agreed"),
            ("Submit for review", "agreed", "under review"),
        },
    ),
    "related": (
        lambda pledge, officer: edit_commitment(
            commitment=pledge, actor=officer, fields={}, related=[make.commitment()]
        ),
        {("Related commitments", "", "KHVN-2024-002")},
    ),
    "error": (
        lambda pledge, officer: enter_in_error(
            thing=record_progress(
                commitment=pledge, actor=officer, achieved="Half.", occurred_on=dt.date(2025, 1, 1)
            ),
            actor=make.user("reviewer"),
            reason="Of another.",
        ),
        {("Entered in error", "KHVN-2024-001, 2025-01-01", "Of another.")},
    ),
    "day": (
        lambda pledge, _officer: correct_day(
            change=pledge.status_changes.get(number=1),
            actor=make.user("reviewer"),
            day=dt.date(2024, 7, 10),
            reason="Misread.",
        ),
        {("Day corrected", "13 Jul 2024", "10 Jul 2024")},
    ),
    "meeting": (moved_meeting, {("Day corrected", "13 Jul 2024", "14 Jul 2024")}),
}


@pytest.mark.parametrize("part", CHANGES)
def test_a_decision_on_another_state_is_refused_and_what_changed_is_named(
    part: str, pledge: Commitment, officer: User, reviewer: User
) -> None:
    change, expected = CHANGES[part]
    seen = stamp(reviewer, pledge)
    assert stamp(reviewer, pledge) == seen
    change(Commitment.objects.get(pk=pledge.pk), officer)
    for name in ("confirm", "return"):
        with pytest.raises(DossierChanged) as refused:
            apply_transition(commitment=pledge, name=name, actor=reviewer, note="x", stamp=seen)
        assert refused.value.status == "under_review"
    assert {(each.label, each.before, each.now) for each in changes_since(pledge, seen, reviewer)} == expected
    now = stamp(reviewer, pledge)
    assert changes_since(pledge, now, reviewer) == ()
    decided = apply_transition(commitment=pledge, name="return", actor=reviewer, note="x", stamp=now)
    assert decided.unconditional is False


def test_a_mention_that_was_added_and_removed_is_named(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    seen = stamp(reviewer, pledge)
    added = mention(pledge, officer)
    between = stamp(reviewer, pledge)
    (change,) = changes_since(pledge, seen, reviewer)
    assert (change.label, change.before) == ("Mention added", "")
    assert "Talks in Hanoi" in change.now
    assert "progress reported" in change.now
    take_back_mention(mention=added, actor=officer)  # type: ignore[arg-type]
    assert stamp(reviewer, pledge).digest not in (seen.digest, between.digest)
    (change,) = changes_since(pledge, between, reviewer)
    assert (change.label, change.now) == ("Mention removed", "")
    assert changes_since(pledge, seen, reviewer) == ()


def test_without_a_stamp_a_decision_is_made_and_marked_and_other_changes_are_not(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    returned = apply_transition(commitment=pledge, name="return", actor=reviewer, note="x")
    assert (returned.to_status, returned.unconditional) == ("agreed", True)
    started = apply_transition(commitment=pledge, name="start", actor=officer, note="x", stamp=Stamp())
    assert (started.to_status, started.unconditional) == ("in_progress", False)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", f"{'0' * 32}.1", f"{'0' * 32}{'.9' * 13}", "0" * 5000])
def test_a_missing_or_made_up_stamp_decides_nothing(text: str, pledge: Commitment, reviewer: User) -> None:
    for forged in (Stamp.read(text), stamp(reviewer, make.commitment())):
        with pytest.raises(DossierChanged):
            apply_transition(commitment=pledge, name="confirm", actor=reviewer, stamp=forged)
    changes_since(pledge, Stamp.read(text), reviewer)
    assert pledge.status_changes.count() == 2


def test_a_made_up_stamp_tells_nothing_from_above_the_clearance() -> None:
    """Nobody lowers what a text said once: the history leaves it out, and so does what has changed."""
    officer, second = make.user("officer", clearance=2), make.user("reviewer", clearance=2)
    secret = make.commitment(title="Open the secret gate", classification=2)
    away = make.agency(name="Agency of secrets")
    assigned = assign(commitment=secret, actor=officer, agency=away, role="support")
    unassign(assignment=assigned, actor=officer)
    edit_commitment(commitment=secret, actor=officer, fields={"title": "Open the gate"})
    proposal = propose_downgrade(record=secret, actor=officer, level=0, reason="Published.")
    decide_downgrade(proposal=proposal, actor=second, decision="accepted")
    edit_commitment(commitment=secret, actor=officer, fields={"title": "Open both gates"})
    found = Commitment.objects.get(pk=secret.pk)
    first = Commitment.history.filter(id=secret.pk).earliest("history_id").pk
    history = Assignment.history.filter(commitment_id=secret.pk).earliest("history_id").pk
    keys = {"HistoricalCommitment": first, "HistoricalAssignment": history}
    forged = Stamp("0" * 32, tuple(keys.get(name, 10**6) for name in LAST_KEYS))
    told = changes_since(found, forged, make.user("reviewer"))
    assert [(each.label, each.before, each.now) for each in told] == [
        ("Title", "Open the gate", "Open both gates")
    ]
    assert "secret gate" in str(changes_since(found, forged, second))


def test_a_closed_commitment_is_refused_for_its_status_before_the_stamp(
    pledge: Commitment, reviewer: User
) -> None:
    seen = stamp(reviewer, pledge)
    apply_transition(commitment=pledge, name="confirm", actor=make.user("reviewer"), stamp=None)
    with pytest.raises(IllegalTransition) as refused:
        apply_transition(commitment=pledge, name="confirm", actor=reviewer, stamp=seen)
    assert not isinstance(refused.value, DossierChanged)


def test_many_stamps_are_those_of_each_in_one_query(pledge: Commitment, reviewer: User) -> None:
    hidden = make.commitment(classification=3)
    others = [make.commitment() for _n in range(3)]
    keys = [each.pk for each in (pledge, hidden, *others)]
    assert reviewer.roles  # read once for an account
    with CaptureQueriesContext(connection) as captured:
        many = stamps_for(reviewer, keys)
    assert len(captured) == 1
    assert many == {each.pk: stamp(reviewer, each) for each in (pledge, *others)}
    assert stamp_for(reviewer, hidden.reference) is None
    assert Stamp.read(str(many[pledge.pk])) == many[pledge.pk]


def test_every_table_of_a_dossier_is_in_the_stamp() -> None:
    """A new table that belongs to a commitment must be added: by itself, or with its field history."""
    apart = {"BulkJob", "BulkRow", "ImportRow", "Commitment_related", "HistoricalCommitment_related"}
    apart |= {"Watch", "ToldItem"}  # what an account chose to be told, and was told
    # Asking for a report says nothing about what is decided; the answer is a progress update. What was merged
    # into an agency, a person, a country or a mechanism belongs to no commitment.
    others = {"ReportRequest", "ReportRequestEnd", "BodyMerge"}
    relations = [each for each in Commitment._meta.get_fields(include_hidden=True) if each.auto_created]
    tables = {each.related_model.__name__ for each in relations if each.is_relation}
    missing = {name for name in tables if not {name, f"Historical{name}"} & LAST_KEYS.keys()}
    assert missing == apart | {"ReportRequest"}
    assert {model.__name__ for model in guarded_models() if model.__module__.startswith("commitments")} <= {
        *LAST_KEYS,
        *others,
    }


def test_what_changed_needs_as_many_queries_for_one_change_as_for_many(
    pledge: Commitment, officer: User, reviewer: User
) -> None:
    seen = stamp(reviewer, pledge)
    costs = []
    for n in (1, 4):
        for _n in range(n):
            mention(pledge, officer)
            Evidence.objects.create(commitment=pledge, kind="link", title="x", url="https://example.org/")
        with CaptureQueriesContext(connection) as captured:
            changes_since(pledge, seen, reviewer)
        costs.append(len(captured))
    assert costs[0] == costs[1]
