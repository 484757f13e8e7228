"""The figures of the first page over HTTP, of the shipped register: the very numbers of the page."""

import datetime as dt

import pytest

from accounts.models import User
from commitments.models import Commitment
from core import clock
from relations.models import Agency
from tests import factories as make
from tests.clients import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
ADDRESS = "/api/v1/overview/"
FIGURES = ("verified", "partial", "claimed", "reported", "no_report")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


def person(role: str) -> User:
    agency = Agency.objects.get(slug="vn-mofa")
    return make.user(role, agency=agency if role in ("focal_point", "officer") else None)


@pytest.mark.parametrize("day", ["", "2025-06-30", "2026-12-31"])
@pytest.mark.parametrize("role", ["reader", "officer", "reviewer", "focal_point", "administrator"])
def test_it_says_what_the_page_says(role: str, day: str) -> None:
    Commitment.objects.filter(serial__lte=3).update(classification=1)
    client, query = client_as(person(role)), f"?as_of={day}" if day else ""
    page = client.get(f"/{query}").context["page"]
    told = client.get(f"{ADDRESS}{query}").json()
    assert told["as_of"] == (day or "2026-01-16")
    for name in ("recorded", "open", "overdue"):
        assert told[name] == getattr(page, name)
    assert told["quiet_for_a_year"] == page.quiet
    due_counts = [each.n for each in page.due_counts]
    assert [each["count"] for each in told["due"]] + [told["review_due"]] == due_counts
    assert {each["status"]: each["count"] for each in told["by_status"]} == {
        each.key: each.n for each in page.segments
    }
    assert [(each["label"], each["count"]) for each in told["waiting"]] == [
        (box.label, box.count) for box in page.inbox
    ]
    for drawn, lines in ((page.by_theme, told["by_theme"]), (page.by_side, told["by_obligated"])):
        assert [
            (each["name"], *(each[name] for name in FIGURES), each["counted"], each["overdue"])
            for each in lines
        ] == [
            (line.name, *(part.n for part in line.parts), line.counted, line.overdue) for line in drawn.lines
        ]
    assert [(each["name"], each["recorded"], each["quiet_for_a_year"]) for each in told["heard_of"]] == [
        (each.name, each.recorded, each.quiet) for each in page.themes
    ]
    for rows, listed in ((page.due, told["due_next"]), (page.quietest, told["quietest"])):
        assert [each["reference"] for each in listed] == [row.commitment.reference for row in rows.rows]
    for meetings, listed in (
        (page.next_meetings, told["next_sessions"]),
        (page.last_meetings, told["last_sessions"]),
    ):
        assert [each["meeting"] for each in listed] == [each.slug for each in meetings]
    assert [(each["reference"], each["to"]) for each in told["latest_changes"]] == [
        (each.commitment.reference, each.to_status) for each in page.changes
    ]
