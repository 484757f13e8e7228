"""What changed between two days of the shipped register, and between two sessions; counted by hand in its file."""

import datetime as dt

import pytest

from commitments.models import Commitment, Mention
from commitments.querysets import AsOf, CommitmentQuerySet
from commitments.reports import comparison
from commitments.reports.comparison import BETWEEN_DAYS, changed, comparison_of
from commitments.services.deadlines import Window, change_deadline
from relations.models import Meeting
from tests import factories as make

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


def counts(one: str, other: str) -> dict[str, int]:
    return {key: len(found) for key, found in between(one, other).items()}


# -- the shipped register --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("register")
class TestShippedRegister:
    def test_from_the_telephone_call_to_the_joint_committee(self) -> None:
        found = between("2025-09-11", "2025-12-09")
        assert {key: len(rows) for key, rows in found.items()} == {
            "new": 26,
            "moved": 9,
            "closed": 1,
            "deadline": 0,
            "mentioned": 24,
            "silent": 26,
        }
        assert found["new"][0] == "KHLAVN-2025-003"
        assert found["new"][-1] == "KHVN-2025-030"
        assert found["moved"] == [
            "KHLAVN-2025-002",
            "KHVN-2024-003",
            "KHVN-2024-004",
            "KHVN-2024-006",
            "KHVN-2024-016",
            "KHVN-2024-018",
            "KHVN-2024-037",
            "KHVN-2025-002",
            "KHVN-2025-003",
        ]
        assert found["closed"] == ["KHVN-2025-001"]
        assert {"KHVN-2024-001", "KHVN-2025-005"} <= set(found["mentioned"])
        assert {"KHVN-2024-039", "KHVN-2024-040", "KHLAVN-2025-001"} <= set(found["silent"])
        assert set(found["silent"]).isdisjoint(found["mentioned"])

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("2024-07-13", "2025-12-09", (33, 7, 1, 0, 19, 24)),
            ("2024-07-12", "2026-01-16", (77, 0, 1, 0, 0, 0)),
            ("2025-09-10", "2025-09-11", (7, 1, 0, 0, 6, 37)),
            ("2025-12-08", "2025-12-09", (8, 0, 1, 0, 18, 50)),
            ("2025-12-08", "2026-01-15", (9, 0, 1, 0, 24, 44)),
            ("2025-09-11", "2025-09-11", (0, 0, 0, 0, 0, 0)),
            ("2026-01-16", "2030-01-01", (0, 0, 0, 0, 0, 0)),
            ("2025-10-01", "2025-11-01", (0, 0, 0, 0, 0, 0)),
        ],
    )
    def test_other_days(self, one: str, other: str, expected: tuple[int, ...]) -> None:
        assert tuple(counts(one, other).values()) == expected

    def test_the_order_of_the_days_does_not_matter(self) -> None:
        assert between("2025-12-09", "2025-09-11") == between("2025-09-11", "2025-12-09")

    def test_rows_carry_the_status_of_both_days(self) -> None:
        rows = Commitment.objects.all()
        span = comparison.days(rows, on("2025-09-11"), on("2025-12-09"))
        groups = {
            group.key: group
            for group in comparison_of(rows, rows, span, BETWEEN_DAYS, most=EVERYTHING).groups
        }
        moved = {
            each.row.commitment.reference: (str(each.status_before), each.row.status.value)
            for each in groups["moved"].rows
        }
        assert moved["KHVN-2024-037"] == ("requested", "in_progress")
        assert moved["KHVN-2024-018"] == ("agreed", "in_progress")
        assert [each.status_before for each in groups["new"].rows] == [None] * 26
        assert [(str(each.status_before), each.row.status.value) for each in groups["closed"].rows] == [
            ("agreed", "fulfilled")
        ]


# -- the rules, one by one -------------------------------------------------------------------------------


def again(pledge: Commitment, meeting: Meeting, kind: str = "reaffirmed") -> Mention:
    paragraph = make.source().paragraphs.get(number=1)
    return Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind=kind)


@pytest.mark.django_db
class TestRules:
    def test_what_was_pledged_and_closed_in_between_is_new_and_closed(self) -> None:
        pledge = make.commitment("fulfilled", occurred_on=dt.date(2025, 6, 1))
        found = between("2025-01-01", "2025-12-31")
        assert (found["new"], found["closed"], found["moved"]) == ([pledge.reference], [pledge.reference], [])

    def test_what_moved_and_came_back_did_not_move(self) -> None:
        pledge = make.commitment(occurred_on=dt.date(2025, 1, 1))
        make.record(pledge, "stalled", occurred_on=dt.date(2025, 3, 1))
        make.record(pledge, "agreed", occurred_on=dt.date(2025, 5, 1))
        assert between("2025-02-01", "2025-06-01")["moved"] == []
        assert between("2025-02-01", "2025-04-01")["moved"] == [pledge.reference]

    def test_what_was_reopened_moved(self) -> None:
        pledge = make.commitment("dropped", occurred_on=dt.date(2025, 1, 1))
        make.record(pledge, "in_progress", occurred_on=dt.date(2025, 3, 1), opens=True)
        found = between("2025-02-01", "2025-04-01")
        assert (found["moved"], found["closed"]) == ([pledge.reference], [])

    def test_a_deadline_agreed_anew_is_told_with_what_it_was(self) -> None:
        officer = make.user("officer")
        pledge = make.commitment(
            actor=officer,
            occurred_on=dt.date(2025, 1, 1),
            deadline_wording="in 2025",
            deadline_latest=dt.date(2025, 12, 31),
        )
        window = Window(wording="in 2026", earliest=None, latest=dt.date(2026, 12, 31), review_on=None)
        change_deadline(
            commitment=pledge,
            actor=officer,
            window=window,
            reason="Agreed anew.",
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

    def test_silence_needs_a_meeting_that_could_have_spoken_of_it(self) -> None:
        with_cambodia = make.commitment(occurred_on=dt.date(2025, 1, 1))
        with_laos = make.commitment(occurred_on=dt.date(2025, 1, 1), codes=("LA", "VN"))
        assert between("2025-02-01", "2025-12-31")["silent"] == []
        spoken = make.commitment(occurred_on=dt.date(2025, 1, 1))
        again(spoken, make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism()))
        found = between("2025-02-01", "2025-12-31")
        assert found["mentioned"] == [spoken.reference]
        assert with_cambodia.reference in found["silent"]
        assert with_laos.reference not in found["silent"]

    def test_what_was_closed_is_not_silent(self) -> None:
        closed = make.commitment(occurred_on=dt.date(2025, 1, 1))
        make.record(closed, "dropped", occurred_on=dt.date(2025, 3, 1))
        spoken = make.commitment(occurred_on=dt.date(2025, 1, 1))
        again(spoken, make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism()))
        assert between("2025-02-01", "2025-12-31")["silent"] == []

    def test_two_sessions(self) -> None:
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
        found = changed(rows, comparison.sessions(one, two, TODAY))
        assert {key: references(getattr(found, key)) for key in BETWEEN_DAYS} == {
            "new": [new.reference],
            "moved": [moved.reference],
            "closed": [closed.reference],
            "deadline": [],
            "mentioned": [taken_up.reference],
            "silent": [silent.reference],
        }
