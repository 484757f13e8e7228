"""The rules of comparisons between two dates and between two sessions of a mechanism."""

import datetime as dt

import pytest

from commitments.models import Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports import comparison
from commitments.reports.comparison import BETWEEN_DAYS, changed, comparison_of
from commitments.services.deadlines import Window
from relations.models import Meeting
from tests import factories as make

pytestmark = pytest.mark.django_db

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


def again(pledge: Commitment, meeting: Meeting, kind: str = "reaffirmed") -> Mention:
    paragraph = make.source().paragraphs.get(number=1)
    return Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind=kind)


def test_a_commitment_recorded_and_closed_in_between_is_new_and_closed() -> None:
    pledge = make.commitment("fulfilled", occurred_on=dt.date(2025, 6, 1))
    found = between("2025-01-01", "2025-12-31")
    assert (found["new"], found["closed"], found["moved"]) == ([pledge.reference], [pledge.reference], [])


def test_a_status_that_changed_and_changed_back_did_not_change() -> None:
    pledge = make.commitment(occurred_on=dt.date(2025, 1, 1))
    make.record(pledge, "stalled", occurred_on=dt.date(2025, 3, 1))
    make.record(pledge, "agreed", occurred_on=dt.date(2025, 5, 1))
    assert between("2025-02-01", "2025-06-01")["moved"] == []
    assert between("2025-02-01", "2025-04-01")["moved"] == [pledge.reference]


def test_a_reopened_commitment_changed_its_status() -> None:
    pledge = make.commitment("dropped", occurred_on=dt.date(2025, 1, 1))
    make.record(pledge, "in_progress", occurred_on=dt.date(2025, 3, 1), opens=True)
    found = between("2025-02-01", "2025-04-01")
    assert (found["moved"], found["closed"]) == ([pledge.reference], [])


def test_a_renegotiated_deadline_is_shown_with_the_old_one() -> None:
    officer = make.user("officer")
    pledge = make.commitment(
        actor=officer,
        occurred_on=dt.date(2025, 1, 1),
        deadline_wording="in 2025",
        deadline_latest=dt.date(2025, 12, 31),
    )
    window = Window(wording="in 2026", earliest=None, latest=dt.date(2026, 12, 31), review_on=None)
    make.new_deadline(
        commitment=pledge,
        actor=officer,
        window=window,
        reason="Renegotiated.",
        occurred_on=dt.date(2025, 6, 1),
    )
    assert between("2025-05-31", "2025-06-01")["deadline"] == [pledge.reference]
    assert between("2025-06-01", "2025-07-01")["deadline"] == []
    rows = Commitment.objects.all()
    span = comparison.days(rows, on("2025-05-31"), on("2025-06-01"))
    group = next(
        group
        for group in comparison_of(rows, rows, span, BETWEEN_DAYS, most=EVERYTHING).groups
        if group.key == "deadline"
    )
    assert group.rows[0].window_before == Window("in 2025", latest=dt.date(2025, 12, 31))
    assert group.rows[0].row.deadline.wording == "in 2026"


def test_not_mentioned_needs_a_meeting_of_the_countries() -> None:
    with_cambodia = make.commitment(occurred_on=dt.date(2025, 1, 1))
    with_laos = make.commitment(occurred_on=dt.date(2025, 1, 1), codes=("LA", "VN"))
    assert between("2025-02-01", "2025-12-31")["silent"] == []
    spoken = make.commitment(occurred_on=dt.date(2025, 1, 1))
    again(spoken, make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism()))
    found = between("2025-02-01", "2025-12-31")
    assert found["mentioned"] == [spoken.reference]
    assert with_cambodia.reference in found["silent"]
    assert with_laos.reference not in found["silent"]


def with_texts(*sessions: Meeting) -> list[Meeting]:
    """The sessions as ``comparison.sessions`` takes them."""
    found = Meeting.objects.with_has_text().in_bulk([session.pk for session in sessions])
    return [found[session.pk] for session in sessions]


def test_a_promised_meeting_does_not_count_as_not_mentioned() -> None:
    committee = make.mechanism()
    one = make.meeting(dt.date(2025, 1, 1), mechanism=committee, session=1)
    two = make.meeting(dt.date(2025, 6, 1), mechanism=committee, session=2)
    promise, other, spoken = (make.commitment(occurred_on=dt.date(2025, 1, 1)) for _ in range(3))
    Commitment.objects.filter(pk=promise.pk).update(outcome_meeting=two)
    for pledge in (promise, other, spoken):
        again(pledge, one)
    again(spoken, two)
    rows = Commitment.objects.all()
    from_day_to_day = comparison.days(rows, on("2025-02-01"), on("2025-12-31"))
    for span in (from_day_to_day, comparison.sessions(*with_texts(one, two), TODAY)):
        assert references(changed(rows, span).silent) == [other.reference]
    again(spoken, make.meeting(dt.date(2025, 4, 1), mechanism=committee))
    assert promise.reference in between("2025-02-01", "2025-12-31")["silent"]


def test_a_closed_commitment_is_not_listed_as_not_mentioned() -> None:
    closed = make.commitment(occurred_on=dt.date(2025, 1, 1))
    make.record(closed, "dropped", occurred_on=dt.date(2025, 3, 1))
    spoken = make.commitment(occurred_on=dt.date(2025, 1, 1))
    again(spoken, make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism()))
    assert between("2025-02-01", "2025-12-31")["silent"] == []


def test_two_sessions() -> None:
    committee = make.mechanism()
    one = make.meeting(dt.date(2025, 3, 1), mechanism=committee, session=1)
    two = make.meeting(dt.date(2025, 9, 1), mechanism=committee, session=2)
    source = make.source()

    def made(at: Meeting | None = None, status: str = "agreed", day: str = "2025-01-01") -> Commitment:
        first = make.FirstMention(at, source.paragraphs.get(number=1)) if at else None
        return make.commitment(status, occurred_on=dt.date.fromisoformat(day), mention=first)

    both, silent, closed, taken_up, moved, elsewhere = (made() for _ in range(6))
    for pledge in (both, silent, closed, moved):
        again(pledge, one)
    for pledge in (both, taken_up, moved):
        again(pledge, two)
    again(elsewhere, make.meeting(dt.date(2025, 6, 1)))
    make.record(closed, "dropped", occurred_on=dt.date(2025, 5, 1))
    make.record(moved, "in_progress", occurred_on=dt.date(2025, 9, 1))
    new = made(two, day="2025-09-01")
    rows = Commitment.objects.exclude(pk=elsewhere.pk)
    found = changed(rows, comparison.sessions(*with_texts(one, two), TODAY))
    assert {key: references(getattr(found, key)) for key in BETWEEN_DAYS} == {
        "new": [new.reference],
        "moved": [moved.reference],
        "closed": [closed.reference],
        "deadline": [],
        "mentioned": [taken_up.reference],
        "silent": [silent.reference],
    }
