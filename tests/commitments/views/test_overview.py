"""The first page: figures, what is late, and what waits for the reader."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.services.transitions import EvidenceGiven, apply_transition
from core import clock
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


def boxes(client: Client) -> dict[str, int]:
    return {box.label: box.count for box in client.get("/").context["page"].waiting}


def test_figures_are_counted_and_named(officer: Client) -> None:
    make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment("in_progress", occurred_on=dt.date(2025, 12, 8))
    make.commitment("fulfilled")
    answer = officer.get("/")
    page = answer.content.decode()
    assert "Cambodia" in answer.context["page"].title
    assert "<strong>3 recorded, 2 open, 1 overdue</strong> on 16 January 2026." in page
    assert "1 open commitment has not been heard of for a year or more." in page
    assert {each.key: each.n for each in answer.context["page"].segments if each.n} == {
        "agreed": 1,
        "in_progress": 1,
        "fulfilled": 1,
    }


def test_due_next_puts_the_overdue_first_and_leaves_out_what_has_no_clock(officer: Client) -> None:
    late = {"deadline_wording": "in 2024", "deadline_latest": dt.date(2024, 12, 31)}
    make.commitment(title="Review", deadline_wording="soon", review_on=dt.date(2026, 6, 30))
    make.commitment(title="Due", deadline_wording="2026", deadline_latest=dt.date(2026, 12, 31))
    make.commitment(title="Late", **late)
    make.commitment("requested", title="Asked", **late)
    make.commitment("fulfilled", title="Done", **late)
    make.commitment(title="Undated", deadline_wording="soon")
    due = officer.get("/").context["page"].due
    assert [row.commitment.title for row in due.rows] == ["Late", "Review", "Due"]


def test_quiet_longest_begins_with_the_longest(officer: Client) -> None:
    make.commitment(title="Short", occurred_on=dt.date(2025, 1, 16))
    make.commitment(title="Long", occurred_on=dt.date(2024, 7, 13))
    make.commitment(title="Recent", occurred_on=dt.date(2025, 1, 17))
    quietest = officer.get("/").context["page"].quietest
    assert [row.commitment.title for row in quietest.rows] == ["Long", "Short"]


def test_reviewer_sees_what_awaits_a_decision_but_never_an_own_submission(db: None) -> None:
    both, reviewer = make.user("officer", "reviewer"), make.user("reviewer")
    pledge = make.commitment()
    apply_transition(commitment=pledge, name="submit", actor=both, note="x", outcome="dropped")
    assert boxes(client_as(reviewer))["Awaiting your decision"] == 1
    assert boxes(client_as(both))["Awaiting your decision"] == 0


def test_officer_sees_what_came_back_until_it_is_submitted_again(db: None) -> None:
    officer, reviewer = make.user("officer"), make.user("reviewer")
    pledge = make.commitment()
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    assert boxes(client_as(officer))["Returned to you"] == 0
    apply_transition(commitment=pledge, name="return", actor=reviewer, note="Not yet.")
    assert boxes(client_as(officer))["Returned to you"] == 1
    assert boxes(client_as("officer"))["Returned to you"] == 0
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    assert boxes(client_as(officer))["Returned to you"] == 0


def test_focal_point_sees_what_its_agency_leads_and_nothing_else(db: None) -> None:
    agency = make.agency("vn-mofa", acronym="MOFA")
    make.commitment(agencies=(agency,))
    make.commitment()
    client = client_as("focal_point", agency=agency)
    assert boxes(client)["Led by MOFA"] == 1
    assert "<strong>1 recorded, 1 open, 0 overdue</strong>" in client.get("/").content.decode()


def test_changes_of_what_may_not_be_seen_are_not_told(reader: Client) -> None:
    make.commitment(classification=3, title="A secret pledge")
    page = reader.get("/").content.decode()
    assert "A secret pledge" not in page
    assert "Nothing has changed yet." in page


def test_meetings_to_come_are_by_the_day_they_close_and_those_without_a_day_fill_what_is_left(
    officer: Client,
) -> None:
    make.meeting(None, status="planned", title="Some day")
    for day in (5, 3, 1, 4, 2):
        make.meeting(dt.date(2026, 2, day), status="planned", title=f"On {day} February")
    make.meeting(dt.date(2026, 1, 15), status="planned", title="Over")
    days = [f"On {day} February" for day in (1, 2, 3, 4, 5)]
    assert [each.title for each in officer.get("/").context["page"].to_come] == [*days, "Some day"]
    make.meeting(dt.date(2026, 1, 16), status="planned", title="Today")
    assert [each.title for each in officer.get("/").context["page"].to_come] == ["Today", *days]


def test_empty_register_says_so_section_by_section(officer: Client) -> None:
    page = officer.get("/").content.decode()
    assert "0 recorded, 0 open, 0 overdue" in page
    assert "No meeting is announced or planned." in page
    assert "No request waits for an answer." in page


def test_empty_register_shows_an_officer_where_it_begins(officer: Client, reader: Client) -> None:
    way = '<a class="btn btn--first" href="/meetings/record/">Record a meeting</a>'
    assert way in officer.get("/").content.decode()
    assert way not in officer.get("/?as_of=2025-01-01").content.decode()
    assert way not in reader.get("/").content.decode()
    make.commitment()
    assert way not in officer.get("/").content.decode()


@pytest.mark.slow
def test_three_rows_cost_what_three_hundred_cost(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    for _ in range(3):
        made = make.commitment(deadline_wording="2024", deadline_latest=dt.date(2024, 12, 31))
    few = queries(officer, "/")
    make.many(297, made)
    make.many_meetings(297, made.mentions.get().meeting)
    assert officer.get("/").context["page"].overdue == 300
    assert queries(officer, "/") == few


def figures(line: Any) -> dict[str, int]:
    return {part.key: part.n for part in line.parts if part.n} | (
        {"overdue": line.overdue} if line.overdue else {}
    )


def test_verified_claimed_and_reported_stand_apart_by_theme_and_by_side(officer: Client) -> None:
    late = {"deadline_wording": "in 2024", "deadline_latest": dt.date(2024, 12, 31)}
    make.commitment("fulfilled", obligated=("VN",))
    make.commitment("partly_fulfilled", obligated=("VN",))
    make.commitment("not_fulfilled", obligated=("VN",))
    make.commitment("requested", obligated=("VN",), **late)
    make.commitment("standing", obligated=("VN",), nature="principle")
    make.commitment("in_progress", obligated=("KH",), **late)
    make.commitment("stalled", theme=make.theme("tourism"))
    make.commitment("agreed")
    for outcome in ("partly_fulfilled", "dropped"):
        apply_transition(
            commitment=make.commitment("agreed", obligated=("KH",)),
            name="submit",
            actor=make.user("officer"),
            note="x",
            outcome=outcome,
            evidence=[EvidenceGiven(title="Paper", url="https://example.org/p")],
        )
    page = officer.get("/").context["page"]
    assert {line.name: figures(line) for line in page.by_theme.lines} == {
        "Border": {"verified": 1, "partial": 1, "claimed": 1, "reported": 1, "no_report": 2, "overdue": 1},
        "Tourism": {"reported": 1},
    }
    assert {line.name: figures(line) for line in page.by_side.lines} == {
        "Cambodia": {"claimed": 1, "reported": 2, "no_report": 2, "overdue": 1},
        "Viet Nam": {"verified": 1, "partial": 1, "reported": 1, "no_report": 1},
    }


def test_a_bar_says_its_figures_and_a_table_repeats_them(officer: Client) -> None:
    make.commitment("fulfilled", obligated=("VN",))
    page = officer.get("/").content.decode()
    assert (
        'aria-label="Viet Nam: verified 1, partial 0, claimed 0, reported 0, no report 0, overdue 0"' in page
    )
    assert '<th scope="row">Viet Nam</th><td>1</td><td>0</td>' in page
    assert "%" not in page.split("became-h")[1].split("due-h")[0].replace('%"', "")


def test_what_falls_due_soon_is_counted_without_the_overdue(officer: Client) -> None:
    for day in ((2026, 1, 15), (2026, 1, 16), (2026, 2, 15), (2026, 2, 16), (2026, 4, 16), (2026, 4, 17)):
        make.commitment(deadline_wording="then", deadline_latest=dt.date(*day))
    soon = officer.get("/").context["page"].soon
    assert [(each.n, each.url) for each in soon] == [
        (2, "/commitments/?due_within=30"),
        (4, "/commitments/?due_within=90"),
        (0, "/commitments/?review_due=true"),
    ]
