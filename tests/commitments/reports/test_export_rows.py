"""What a row that is handed on says of a commitment, on a day."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.test import override_settings

from commitments.choices import AssignmentRole
from commitments.models import Assignment, Commitment, DeadlineChange, Evidence, EvidenceWithdrawal, Mention
from commitments.reports.columns import COLUMNS, timeline
from commitments.reports.export_rows import ExportRow
from commitments.reports.query import list_query
from commitments.reports.rows import Deadline
from interchange.exports.selected_rows import SelectedRows
from relations.choices import MeetingStatus
from tests import factories as make

pytestmark = pytest.mark.django_db


def entry(query: str = "") -> ExportRow:
    """The only row that is asked for."""
    matrix = SelectedRows(list_query(QueryDict(query), make.user("administrator")).filterset)
    (found,) = [each for chunk in matrix.entries() for each in chunk]
    return found


def says(name: str, query: str = "") -> Any:
    return COLUMNS[name].value(entry(query))


def test_first_and_last_mention_are_those_known_by_the_day() -> None:
    made = make.commitment()
    paragraph = make.source().paragraphs.get(number=2)
    later = make.meeting(dt.date(2025, 12, 9), title="Second talks")
    to_come = make.meeting(dt.date(2200, 1, 1), title="Talks to come", status=MeetingStatus.PLANNED)
    someday = make.meeting(None, title="Talks one day", status=MeetingStatus.PLANNED)
    for meeting in (later, to_come, someday):
        Mention.objects.create(commitment=made, meeting=meeting, paragraph=paragraph, kind="reaffirmed")
    assert (says("made_on"), says("last_mention_on")) == (dt.date(2024, 7, 13), dt.date(2025, 12, 9))
    assert says("last_mention_at") == "Second talks"
    assert says("meetings") == 4
    assert says("last_mention_on", "as_of=2025-12-08") == dt.date(2024, 7, 13)
    assert says("meetings", "as_of=2025-12-08") == 1


def test_the_deadline_is_that_of_the_day() -> None:
    made = make.commitment(deadline_wording="in 2026", deadline_latest=dt.date(2026, 12, 31))
    DeadlineChange.objects.create(
        commitment=made,
        number=1,
        old_wording="in 2025",
        old_latest=dt.date(2025, 12, 31),
        new_wording="in 2026",
        new_latest=dt.date(2026, 12, 31),
        reason="Agreed anew.",
        occurred_on=dt.date(2025, 6, 1),
    )
    assert says("timeline") == "“in 2026”; by 31 Dec 2026"
    assert says("timeline", "as_of=2025-05-31") == "“in 2025”; by 31 Dec 2025"
    assert says("latest", "as_of=2025-05-31") == dt.date(2025, 12, 31)


def test_evidence_counts_from_the_day_it_was_recorded_until_it_was_withdrawn() -> None:
    made = make.commitment()
    noon = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
    papers = [
        Evidence.objects.create(
            commitment=made, kind="link", title="Minutes", url="https://example.org/m", recorded_at=noon
        )
        for _ in range(2)
    ]
    EvidenceWithdrawal.objects.create(
        evidence=papers[0], reason="Wrong paper.", recorded_at=noon + dt.timedelta(days=30)
    )
    assert says("evidence") == 1
    assert says("evidence", "as_of=2025-06-10") == 2
    assert says("evidence", "as_of=2025-05-31") == 0


def test_agencies_stand_apart_by_their_role() -> None:
    made = make.commitment(agencies=(make.agency("vn-mofa", name="Foreign Affairs"),))
    supporting = make.agency("vn-mot", name="Transport")
    Assignment.objects.create(commitment=made, agency=supporting, role=AssignmentRole.SUPPORT)
    assert (says("lead_agency"), says("support_agencies")) == ("Foreign Affairs", "Transport")


def test_the_partner_is_who_is_not_ourselves() -> None:
    make.commitment(codes=("KH", "VN"), obligated=("KH",))
    assert (says("partner"), says("parties"), says("obligated")) == (
        "Cambodia",
        "Cambodia; Viet Nam",
        "Cambodia",
    )
    with override_settings(HOME_COUNTRY="KH"):
        assert says("partner") == "Viet Nam"
    with override_settings(HOME_COUNTRY="TH"):
        assert says("partner") == "Cambodia; Viet Nam"


def test_a_successor_is_named_only_while_it_replaces() -> None:
    old, new = make.commitment(), make.commitment()
    make.record(old, "superseded", successor=new, occurred_on=dt.date(2025, 6, 1))
    assert says("successor", f"q={old.reference}") == new.reference
    assert says("successor", f"q={old.reference}&as_of=2025-05-31") == ""
    make.record(old, "agreed", occurred_on=dt.date(2025, 7, 1))
    assert says("successor", f"q={old.reference}") == ""


def test_one_that_is_no_longer_visible_when_its_chunk_comes_is_left_out() -> None:
    made = make.commitment()
    matrix = SelectedRows(list_query(QueryDict(), make.user("reader")).filterset)
    Commitment.objects.filter(pk=made.pk).update(classification=3)
    assert [list(chunk) for chunk in matrix.entries()] == [[]]


def test_the_tally_counts_as_the_pages_do() -> None:
    for status in ("requested", "agreed", "standing", "fulfilled"):
        make.commitment(status, deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment(deadline_wording="soon", review_on=dt.date(2025, 1, 1))
    tally = SelectedRows(list_query(QueryDict("as_of=2025-01-01"), make.user("reader")).filterset).tally
    assert (tally.all, tally.open, tally.overdue, tally.review_due) == (5, 4, 1, 1)
    assert dict(tally.statuses) == {"requested": 1, "agreed": 2, "standing": 1, "fulfilled": 1}


@pytest.mark.parametrize(
    ("wording", "earliest", "latest", "review_on", "expected"),
    [
        ("", None, None, None, ""),
        ("soon", None, None, None, "“soon”"),
        ("soon", None, None, dt.date(2026, 6, 30), "“soon”; review on 30 Jun 2026"),
        ("", None, dt.date(2026, 6, 30), None, "by 30 Jun 2026"),
        ("from May", dt.date(2026, 5, 1), None, None, "“from May”; from 1 May 2026"),
        ("in May", dt.date(2026, 5, 1), dt.date(2026, 5, 31), None, "“in May”; 1 May 2026 to 31 May 2026"),
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
