"""The calendar by month: the days of meetings, deadlines and reviews, and what narrows it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from commitments.filtersets import CommitmentFilterSet
from commitments.models import Assignment, Commitment
from commitments.services.saved_views import save_view
from core import clock
from relations.choices import MeetingStatus
from tests import factories as make
from tests.clients import client_as
from tests.html import Page, page_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def shown(page: Page) -> dict[str, list[str]]:
    """The titles of each day that has any, by day."""
    days = {}
    for day in page.select(".month__day:has(.entry)"):
        days[day.one("time")["datetime"]] = day.texts(".entry a")
    return days


def month(client: Client, query: str = "month=2026-02") -> Page:
    answer = client.get(f"/calendar/?{query}")
    assert answer.status_code == 200, answer.content
    return page_of(answer)


def due(first: dt.date | None, last: dt.date, **fields: Any) -> Commitment:
    return make.commitment(
        deadline_wording="as agreed", deadline_earliest=first, deadline_latest=last, **fields
    )


def test_a_day_has_its_meetings_deadlines_and_reviews_in_this_order(reader: Client) -> None:
    day = dt.date(2026, 2, 10)
    make.commitment(title="Look again", deadline_wording="soon", review_on=day)
    due(None, day, title="Build it")
    make.meeting(None, title="Without a day", status=MeetingStatus.PLANNED, window_earliest=day)
    talks = make.meeting(day, title="Talks in Huế", status=MeetingStatus.PLANNED)
    talks.ends_on = dt.date(2026, 2, 11)
    talks.save()
    page = month(reader)
    assert shown(page) == {
        "2026-02-10": ["Talks in Huế", "Build it", "Look again"],
        "2026-02-11": ["Talks in Huế"],
    }
    assert "by 10 Feb 2026" in page.text
    assert "“soon”, no latest day" in page.text
    assert page.texts("section[aria-labelledby=undated-h] a") == []  # its window has no latest day


def test_what_has_no_running_clock_has_no_deadline(reader: Client) -> None:
    day = dt.date(2026, 2, 10)
    for status in ("requested", "dropped", "fulfilled"):
        due(None, day, title=status, status=status)
    assert shown(month(reader)) == {}
    assert "No meeting, deadline or review that you can see falls into this month." in month(reader).text


def test_a_window_is_a_bar_and_falls_due_on_its_last_day(reader: Client) -> None:
    due(dt.date(2026, 2, 15), dt.date(2026, 3, 14), title="Open the gate")
    february, march = month(reader), month(reader, "month=2026-03")
    assert shown(february) == {}
    assert shown(march) == {"2026-03-14": ["Open the gate"]}
    bar = february.one(".windows .bar__fill")
    assert (bar["x"], bar["width"]) == ("50.00", "50.00")
    assert "“as agreed”, any day of 15 Feb – 14 Mar 2026" in february.one(".windows").text


def test_the_calendar_is_narrowed_by_agency_by_view_and_to_what_is_mine() -> None:
    officer, day = make.user("officer"), dt.date(2026, 2, 10)
    mofa = make.agency()
    due(None, day, title="Of the ministry", agencies=(mofa,))
    mine = due(None, day, title="Of mine")
    named = due(None, day, title="Named to me", agencies=(mofa,))
    Assignment.objects.filter(commitment=named).update(focal_point=officer)
    Commitment.objects.filter(pk=mine.pk).update(officer=officer)
    view = save_view(owner=officer, name="Mine", query="officer=me&as_of=2020-01-01&columns=title")
    client = client_as(officer)
    for query, titles in {
        "agency=vn-mofa": ["Of the ministry", "Named to me"],
        f"view={view.pk}": ["Of mine"],
        "mine=true": ["Of mine", "Named to me"],
        "mine=true&agency=vn-mofa": ["Named to me"],
    }.items():
        assert shown(month(client, f"month=2026-02&{query}")) == {"2026-02-10": titles}, query


def test_a_narrowed_calendar_has_the_meetings_of_its_mechanisms(reader: Client) -> None:
    committee = make.mechanism()
    held = make.meeting(mechanism=committee, session=1)
    make.meeting(
        dt.date(2026, 2, 3), title="Second session", mechanism=committee, session=2, status="planned"
    )
    make.meeting(dt.date(2026, 2, 4), title="Other talks", status="planned")
    mofa = make.agency()
    made = make.commitment(agencies=(mofa,))
    made.mentions.update(meeting=held)
    assert shown(month(reader, "month=2026-02&agency=vn-mofa")) == {"2026-02-03": ["Second session"]}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("month=2026-13", "“2026-13” is not a month"),
        ("month=0001-01", "“0001-01” is not a month"),
        ("month=٢٠٢٦-01", "is not a month"),
        ("agency=nowhere", "“nowhere” was not found."),
        ("view=999", "“999” was not found."),
        ("view=x", "“x” was not found."),
        ("mine=false", "false"),
        ("moon=1", "There is no parameter “moon”."),
    ],
)
def test_a_bad_parameter_is_named_and_nothing_is_shown(query: str, told: str, reader: Client) -> None:
    answer = reader.get(f"/calendar/?{query}")
    assert answer.status_code == 400
    assert told in page_of(answer).text
    assert not page_of(answer).select("table")


def test_a_view_whose_filters_no_longer_work_is_named(reader: Client) -> None:
    owner = make.user("officer")
    view = save_view(owner=owner, name="Old", query="agency=gone", shared_with="everyone")
    answer = reader.get(f"/calendar/?view={view.pk}")
    assert answer.status_code == 400
    assert "The filters of the view “Old” no longer work." in page_of(answer).text


def test_nobody_sees_what_is_classified_above_their_clearance(reader: Client) -> None:
    day = dt.date(2026, 2, 10)
    make.meeting(day, title="Secret talks", classification=1, status="planned")
    due(dt.date(2026, 2, 1), day, title="Secret pledge", classification=1)
    assert "Secret" not in month(reader).text
    assert shown(month(client_as("reader", clearance=1))) == {"2026-02-10": ["Secret talks", "Secret pledge"]}


def test_a_private_view_of_somebody_else_is_not_found(reader: Client) -> None:
    view = save_view(owner=make.user("officer"), name="Private", query="state=open")
    assert reader.get(f"/calendar/?view={view.pk}").status_code == 400


@pytest.mark.parametrize("day", [dt.date(2026, 1, 10), dt.date(2026, 2, 10)])
def test_a_full_day_links_to_all_its_deadlines(day: dt.date, reader: Client) -> None:
    first = due(None, day)
    due(None, day, status="requested")
    make.many(7, first)
    page = month(reader, f"month={day:%Y-%m}")
    assert len(shown(page)[day.isoformat()]) == 5
    link = page.one(".month__day a[data-count]")
    query = QueryDict(link["href"].partition("?")[2])
    assert link["data-count"] == "8"
    assert CommitmentFilterSet(query, user=make.user("reader")).qs.count() == 8


def test_the_number_of_queries_does_not_depend_on_the_rows(
    reader: Client, queries: Callable[[Client, str], int]
) -> None:
    first = due(dt.date(2026, 2, 1), dt.date(2026, 2, 10))
    review = make.commitment(review_on=dt.date(2026, 2, 10), deadline_wording="soon")
    talks = make.meeting(dt.date(2026, 2, 10), status="planned")
    few = queries(reader, "/calendar/?month=2026-02")
    make.many(30, first, review)
    make.many_meetings(30, talks)
    assert queries(reader, "/calendar/?month=2026-02") == few
    assert few <= 20


def test_the_first_and_the_last_month_have_no_way_beyond(reader: Client) -> None:
    assert page_of(reader.get("/calendar/?month=1900-01")).select("a[rel=prev]") == []
    assert page_of(reader.get("/calendar/?month=2199-12")).select("a[rel=next]") == []
    links = month(reader, "month=2026-12").select(".moves a")
    assert [link["href"] for link in links] == ["?month=2026-11", "?", "?month=2027-01"]
