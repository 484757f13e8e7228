"""The values of an exported row, as of a date."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.test import override_settings

from commitments.choices import AssignmentRole, Status
from commitments.models import (
    Assignment,
    Commitment,
    DeadlineChange,
    Evidence,
    EvidenceWithdrawal,
    Mention,
    ProgressUpdate,
)
from commitments.reports.columns import COLUMNS, timeline
from commitments.reports.query import list_query
from commitments.reports.rows import Deadline, Row
from commitments.services.transitions import apply_transition
from interchange.exports.selected_rows import SelectedRows
from relations.choices import MeetingStatus
from tests import factories as make

pytestmark = pytest.mark.django_db


def only_row(query: str = "") -> Row:
    """The only row that ``query`` selects."""
    selected = SelectedRows(list_query(QueryDict(query), make.user("reader", clearance=3)).filterset)
    (found,) = [each for chunk in selected.rows() for each in chunk]
    return found


def value(name: str, query: str = "") -> Any:
    return COLUMNS[name].value(only_row(query))


def test_first_and_last_mention_are_those_as_of_the_date() -> None:
    made = make.commitment()
    paragraph = make.source().paragraphs.get(number=2)
    later = make.meeting(dt.date(2025, 12, 9), title="Second talks")
    to_come = make.meeting(dt.date(2200, 1, 1), title="Talks to come", status=MeetingStatus.PLANNED)
    someday = make.meeting(None, title="Talks one day", status=MeetingStatus.PLANNED)
    for meeting in (later, to_come, someday):
        Mention.objects.create(commitment=made, meeting=meeting, paragraph=paragraph, kind="reaffirmed")
    assert (value("made_on"), value("last_mention_on")) == (dt.date(2024, 7, 13), dt.date(2025, 12, 9))
    assert value("last_mention_at") == "Second talks"
    assert value("meetings") == 4
    assert value("last_mention_on", "as_of=2025-12-08") == dt.date(2024, 7, 13)
    assert value("meetings", "as_of=2025-12-08") == 1


def test_the_deadline_is_that_as_of_the_date() -> None:
    made = make.commitment(deadline_wording="in 2026", deadline_latest=dt.date(2026, 12, 31))
    DeadlineChange.objects.create(
        commitment=made,
        number=1,
        old_wording="in 2025",
        old_latest=dt.date(2025, 12, 31),
        new_wording="in 2026",
        new_latest=dt.date(2026, 12, 31),
        reason="Renegotiated.",
        occurred_on=dt.date(2025, 6, 1),
    )
    assert value("timeline") == "“in 2026”; by 31 Dec 2026"
    assert value("timeline", "as_of=2025-05-31") == "“in 2025”; by 31 Dec 2025"
    assert value("latest", "as_of=2025-05-31") == dt.date(2025, 12, 31)


def test_evidence_counts_from_the_day_it_was_recorded_until_it_was_withdrawn() -> None:
    made = make.commitment()
    noon = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
    pieces = [
        Evidence.objects.create(
            commitment=made, kind="link", title="Minutes", url="https://example.org/m", recorded_at=noon
        )
        for _ in range(2)
    ]
    EvidenceWithdrawal.objects.create(
        evidence=pieces[0], reason="Wrong document.", recorded_at=noon + dt.timedelta(days=30)
    )
    assert (value("evidence"), value("evidence_titles")) == (1, "Minutes")
    assert value("evidence_titles", "as_of=2025-06-10") == "Minutes; Minutes"
    assert value("evidence", "as_of=2025-06-10") == 2
    assert value("evidence", "as_of=2025-05-31") == 0


def test_agencies_are_separated_by_role() -> None:
    made = make.commitment(agencies=(make.agency("vn-mofa", name="Foreign Affairs"),))
    supporting = make.agency("vn-mot", name="Transport")
    Assignment.objects.create(commitment=made, agency=supporting, role=AssignmentRole.SUPPORT)
    assert (value("lead_agency"), value("support_agencies")) == ("Foreign Affairs", "Transport")


def test_the_partners_are_the_parties_other_than_the_home_country() -> None:
    make.commitment(codes=("KH", "VN"), obligated=("KH",))
    assert (value("partner"), value("parties"), value("obligated")) == (
        "Cambodia",
        "Cambodia; Viet Nam",
        "Cambodia",
    )
    with override_settings(HOME_COUNTRY="KH"):
        assert value("partner") == "Viet Nam"
    with override_settings(HOME_COUNTRY="TH"):
        assert value("partner") == "Cambodia; Viet Nam"


def test_a_successor_is_named_only_while_it_replaces() -> None:
    old, new = make.commitment(), make.commitment()
    make.record(old, "superseded", successor=new, occurred_on=dt.date(2025, 6, 1))
    assert value("successor", f"q={old.reference}") == new.reference
    assert value("successor", f"q={old.reference}&as_of=2025-05-31") == ""
    make.record(old, "agreed", occurred_on=dt.date(2025, 7, 1))
    assert value("successor", f"q={old.reference}") == ""


def test_a_commitment_that_becomes_invisible_meanwhile_is_left_out() -> None:
    made = make.commitment()
    selected = SelectedRows(list_query(QueryDict(), make.user("reader")).filterset)
    Commitment.objects.filter(pk=made.pk).update(classification=3)
    assert [list(chunk) for chunk in selected.rows()] == [[]]


def test_the_counts_are_those_of_the_pages() -> None:
    for status in ("requested", "agreed", "standing", "fulfilled"):
        make.commitment(status, deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment(deadline_wording="soon", review_on=dt.date(2025, 1, 1))
    counts = SelectedRows(list_query(QueryDict("as_of=2025-01-01"), make.user("reader")).filterset).counts
    assert (counts.all, counts.open, counts.overdue, counts.review_due) == (5, 4, 1, 1)
    assert dict(counts.statuses) == {"requested": 1, "agreed": 2, "standing": 1, "fulfilled": 1}


@pytest.mark.parametrize(
    ("wording", "earliest", "latest", "review_on", "expected"),
    [
        ("", None, None, None, ""),
        ("soon", None, None, None, "“soon”"),
        ("soon", None, None, dt.date(2026, 6, 30), "“soon”; review on 30 Jun 2026"),
        ("", None, dt.date(2026, 6, 30), None, "by 30 Jun 2026"),
        ("from May", dt.date(2026, 5, 1), None, None, "“from May”; from 1 May 2026"),
        ("in May", dt.date(2026, 5, 1), dt.date(2026, 5, 31), None, "“in May”; 1–31 May 2026"),
    ],
)
def test_a_timeline_in_words(
    wording: str,
    earliest: dt.date | None,
    latest: dt.date | None,
    review_on: dt.date | None,
    expected: str,
) -> None:
    assert timeline(Deadline(wording, earliest, latest, review_on, 0, None, False)) == expected


def test_why_it_is_stalled_stands_with_the_challenges_while_it_is_stalled() -> None:
    made, officer = make.commitment(), make.user("officer")
    ProgressUpdate.objects.create(commitment=made, occurred_on=dt.date(2025, 3, 1), challenges="Rain.")
    apply_transition(commitment=made, name="stall", actor=officer, note="No money.")
    assert value("challenges") == "No money.\nRain."
    assert value("status_note") == "No money."
    assert value("proposed_outcome") is None
    apply_transition(commitment=made, name="submit", actor=officer, note="Given up.", outcome="dropped")
    assert (value("challenges"), value("status_note")) == ("No money.\nRain.", "Given up.")
    assert value("proposed_outcome") == Status.DROPPED
    apply_transition(commitment=made, name="return", actor=make.user("reviewer"), note="Ask again.")
    assert (value("challenges"), value("status_note")) == ("No money.\nRain.", "Ask again.")
    apply_transition(commitment=made, name="start", actor=officer, note="Money came.")
    assert value("challenges") == "Rain."
    assert value("challenges", "as_of=2025-03-02") == "Rain."
    assert value("status_note", "as_of=2025-03-02") == "Registered."
