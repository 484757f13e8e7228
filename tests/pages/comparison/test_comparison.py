"""Comparisons: the list on two dates, and two sessions of a mechanism."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment, Mention
from core import clock
from relations.models import Meeting
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 1, 16)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def groups(client: Client, address: str) -> dict[str, list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = answer.context["comparison"].groups
    return {group.key: [each.row.commitment.title for each in group.rows] for group in found if group.rows}


def mention(pledge: Commitment, meeting: Meeting) -> None:
    paragraph = make.source().paragraphs.get(number=1)
    Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind="reaffirmed")


@pytest.fixture
def year() -> None:
    """A year in which one commitment is new, moved, was closed, was mentioned again, or was not."""
    talks = make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism())
    long_ago = {"occurred_on": dt.date(2024, 12, 1)}
    make.record(make.commitment(title="Moved", **long_ago), "in_progress", occurred_on=dt.date(2025, 3, 1))
    make.record(make.commitment(title="Closed", **long_ago), "dropped", occurred_on=dt.date(2025, 3, 1))
    mention(make.commitment(title="Again", **long_ago), talks)
    make.commitment(title="Silent", theme=make.theme("tourism"), **long_ago)
    make.commitment(title="New", occurred_on=dt.date(2025, 4, 1))


# -- two days --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("year")
def test_what_changed_between_two_days(officer: Client) -> None:
    expected = {
        "new": ["New"],
        "moved": ["Moved"],
        "closed": ["Closed"],
        "mentioned": ["Again"],
        "silent": ["Moved", "Silent"],
    }
    assert groups(officer, "/commitments/?compare=2025-01-01&as_of=2025-12-31") == expected
    assert groups(officer, "/commitments/?compare=2025-12-31&as_of=2025-01-01") == expected
    assert groups(officer, "/commitments/?compare=2025-01-01") == expected
    assert groups(officer, "/commitments/?compare=2025-12-31") == {}
    page = page_of(officer.get("/commitments/?compare=2025-01-01&as_of=2025-12-31"))
    assert "What changed from 1 January 2025 to 31 December 2025" in page.text
    assert page.links()["Back to the list"] == "?as_of=2025-12-31"
    assert "No deadline of a commitment that you can see was renegotiated." in page.text


@pytest.mark.usefixtures("year")
def test_filters_apply_to_either_date(officer: Client) -> None:
    days = "compare=2025-01-01&as_of=2025-12-31"
    assert groups(officer, f"/commitments/?{days}&state=closed") == {"closed": ["Closed"]}
    assert groups(officer, f"/commitments/?{days}&status=in_progress") == {
        "moved": ["Moved"],
        "silent": ["Moved"],
    }
    assert "closed" in groups(officer, f"/commitments/?{days}&state=open")
    assert groups(officer, f"/commitments/?{days}&theme=tourism") == {"silent": ["Silent"]}
    page = officer.get(f"/commitments/?{days}&theme=tourism").content.decode()
    assert "Shows the commitments that match the filters on either date." in page


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("compare=soon", "“soon” is not a date"),
        ("compare=2025-02-30", "“2025-02-30” is not a date"),
        ("compare=2025-01-01&compare=2025-01-02", "“compare” takes only one value."),
        ("compare=2025-01-01&as_of=x", "as_of"),
        ("compare=2025-01-01&state=ajar", "state"),
        ("compare=2025-01-01&compared=2025-01-02", "There is no parameter “compared”."),
        ("compare=%00", "compare"),
    ],
)
@pytest.mark.usefixtures("year")
def test_an_invalid_date_is_named_and_no_rows_are_shown(query: str, named: str, officer: Client) -> None:
    answer = officer.get(f"/commitments/?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert "KHVN-" not in answer.content.decode()


@pytest.mark.usefixtures("year")
def test_an_empty_date_compares_nothing_and_the_api_refuses_compare(officer: Client) -> None:
    assert "comparison" not in officer.get("/commitments/?compare=").context
    assert officer.get("/api/v1/commitments/?compare=2025-01-01").status_code == 400


def test_every_group_has_the_same_pages(officer: Client) -> None:
    for n in range(5):
        make.commitment(title=f"New {n}", occurred_on=dt.date(2025, 4, 1))
    first = "/commitments/?compare=2025-01-01&page_size=2"
    assert groups(officer, first) == {"new": ["New 0", "New 1"]}
    assert groups(officer, f"{first}&page=3") == {"new": ["New 4"]}
    assert officer.get(f"{first}&page=4").status_code == 404
    page = officer.get(first)
    assert page.context["comparison"].groups[0].count == 5
    assert 'rel="next"' in page.content.decode()


@pytest.mark.usefixtures("year")
def test_invisible_commitments_are_not_compared(officer: Client) -> None:
    Commitment.objects.update(classification=3)
    assert groups(officer, "/commitments/?compare=2025-01-01") == {}
    agency = make.agency("vn-mofa")
    make.commitment(title="Mine", occurred_on=dt.date(2025, 4, 1), agencies=(agency,))
    focal = client_as("focal_point", agency=agency)
    assert groups(focal, "/commitments/?compare=2025-01-01") == {"new": ["Mine"]}


@pytest.mark.slow
def test_three_rows_cost_what_three_hundred_cost(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    talks = make.meeting(dt.date(2025, 6, 1), mechanism=make.mechanism())
    mention(make.commitment(), talks)
    for _ in range(3):
        new, moved = make.commitment(occurred_on=dt.date(2025, 4, 1)), make.commitment()
        make.record(moved, "in_progress", occurred_on=dt.date(2025, 3, 1))
    address = "/commitments/?compare=2025-01-01&as_of=2025-12-31&theme=border"
    few = queries(officer, address)
    make.many(297, new, moved)
    assert {group.count for group in officer.get(address).context["comparison"].groups} >= {300}
    assert queries(officer, address) == few


# -- two sessions ----------------------------------------------------------------------------------------


@pytest.fixture
def committee() -> tuple[Meeting, Meeting]:
    """Two sessions with commitments mentioned at the first alone, at both, at the second alone, and new."""
    mechanism = make.mechanism()
    one = make.meeting(dt.date(2025, 3, 1), slug="jc-20", title="Session 20", mechanism=mechanism, session=20)
    two = make.meeting(dt.date(2025, 9, 1), slug="jc-21", title="Session 21", mechanism=mechanism, session=21)
    make.meeting(None, slug="jc-22", mechanism=mechanism, session=22, status="planned")
    long_ago = {"occurred_on": dt.date(2024, 12, 1)}
    for title, at in (("Silent", (one,)), ("Both", (one, two)), ("Newly raised", (two,)), ("Unheard", ())):
        pledge = make.commitment(title=title, **long_ago)
        for meeting in at:
            mention(pledge, meeting)
    first = make.FirstMention(two, make.source().paragraphs.get(number=1))
    make.commitment(title="New", occurred_on=dt.date(2025, 9, 1), mention=first)
    return one, two


COMPARE = "/mechanisms/joint-committee/compare/"
EXPECTED = {"new": ["New"], "mentioned": ["Newly raised"], "silent": ["Silent"]}


@pytest.mark.usefixtures("committee")
@pytest.mark.parametrize(
    "query", ["", "?from=jc-20&to=jc-21", "?from=20&to=21", "?from=jc-21&to=20", "?from=20", "?to=21"]
)
def test_two_sessions_by_number_or_slug_with_the_last_two_as_default(query: str, officer: Client) -> None:
    assert groups(officer, f"{COMPARE}{query}") == EXPECTED
    answer = officer.get(f"{COMPARE}{query}")
    assert (answer.context["raised"], answer.context["again"], answer.context["both"]) == (2, 3, 1)
    assert "Mentioned at the earlier: 2, at the later: 3, at both: 1." in page_of(answer).text


@pytest.mark.usefixtures("committee")
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=19", "This mechanism has no held session “19”."),
        ("from=jc-20&to=jc-22", "This mechanism has no held session “jc-22”."),
        ("from=elsewhere", "no held session “elsewhere”"),
        ("from=21&to=jc-21", "Choose two different sessions."),
        ("from=20&from=21", "“from” takes only one value."),
        ("form=20", "There is no parameter “form”."),
        ("from=%00", "from"),
        ("from=²", "from"),
    ],
)
def test_an_unknown_session_is_named(query: str, named: str, officer: Client) -> None:
    make.meeting(dt.date(2025, 5, 1), slug="elsewhere", mechanism=make.mechanism("gms"))
    answer = officer.get(f"{COMPARE}?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert "Silent" not in answer.content.decode()


def test_fewer_than_two_sessions_cannot_be_compared(officer: Client) -> None:
    make.meeting(dt.date(2025, 3, 1), mechanism=make.mechanism(), session=1)
    page = officer.get(COMPARE)
    assert page.status_code == 200
    assert "A comparison needs two sessions that were held." in page.content.decode()


def test_nothing_is_said_to_be_silent_at_a_session_without_a_recorded_text(
    officer: Client, committee: tuple[Meeting, Meeting]
) -> None:
    _one, two = committee
    make.meeting(dt.date(2025, 12, 1), slug="jc-23", title="Session 23", mechanism=two.mechanism, session=23)
    address = f"{COMPARE}?from=21&to=23"
    unrecorded = "The text of “Session 23” is not recorded, so nobody can say what it mentioned."
    assert groups(officer, address) == {}
    page = page_of(officer.get(address))
    assert [page.one(f"#{key} .empty").text for key in ("new", "mentioned", "silent")] == [unrecorded] * 3
    Meeting.objects.get(slug="jc-23").sources.add(make.source())
    assert groups(officer, address)["silent"] == ["Both", "Newly raised", "New"]


@pytest.mark.usefixtures("committee")
def test_sessions_compare_only_visible_commitments(reader: Client) -> None:
    Commitment.objects.filter(title__in=("Silent", "New")).update(classification=2)
    assert groups(reader, COMPARE) == {"mentioned": ["Newly raised"]}


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ({"window_wording": "early in 2025", "window_earliest": dt.date(2025, 1, 1)}, "early in 2025"),
        (
            {"window_earliest": dt.date(2025, 1, 1), "window_latest": dt.date(2025, 3, 31)},
            "1 January – 31 March 2025",
        ),
        ({"window_earliest": dt.date(2025, 1, 1)}, "from 1 January 2025"),
        ({"window_latest": dt.date(2025, 3, 31)}, "until 31 March 2025"),
    ],
)
def test_the_head_shows_the_window_of_a_session_without_a_date(
    officer: Client, window: dict[str, Any], shown: str
) -> None:
    body = make.mechanism()
    make.meeting(None, title="First", mechanism=body, **window)
    make.meeting(dt.date(2025, 12, 8), title="Second", mechanism=body)
    head = page_of(officer.get(f"/mechanisms/{body.slug}/compare/")).one(".head__fact").text
    assert head.startswith(f"From First, {shown}, to Second, 8 December 2025.")


def test_a_page_beyond_what_the_database_counts_is_not_there(db: None) -> None:
    mechanism = make.mechanism()
    for number in (1, 2):
        make.meeting(dt.date(2024, number, 1), slug=f"s{number}", mechanism=mechanism, session=number)
    client = client_as(make.user("reader"))
    for page in ("2", "9" * 18, "9" * 30):
        answer = client.get(f"/mechanisms/{mechanism.slug}/compare/?page={page}")
        assert answer.status_code == 404, page
