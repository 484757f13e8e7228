"""The overview page: its figures, overdue commitments and the inbox."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from commitments.models import Register, Theme
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


def boxes(client: Client) -> dict[str, int]:
    return {box.label: box.count for box in client.get("/").context["page"].inbox}


@pytest.mark.parametrize(
    ("parties", "title"),
    [
        ([("KH", "VN")], "Viet Nam and Cambodia"),
        ([("KH", "VN"), ("KH", "LA", "VN")], "Viet Nam and Cambodia"),
        ([("KH", "VN"), ("KH", "VN"), ("KH", "VN"), ("LA", "VN")], "Overview"),
        ([("KH", "LA", "VN")], "Overview"),
        ([], "Overview"),
    ],
)
def test_the_title_names_two_countries_only_if_every_commitment_is_between_them(
    parties: list[tuple[str, ...]], title: str, officer: Client
) -> None:
    for codes in parties:
        make.commitment(codes=codes)
    assert page_of(officer.get("/")).one("h1").text == title


def test_figures_are_counted_and_shown(officer: Client) -> None:
    make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.commitment("in_progress", occurred_on=dt.date(2025, 12, 8))
    make.commitment("fulfilled")
    answer = officer.get("/")
    page = text_of(answer)
    assert "Cambodia" in answer.context["page"].title
    assert "3 recorded, 2 open, 1 overdue on 16 January 2026." in page
    assert "1 open commitment has had no news for 365 days or more." in page
    assert {each.key: each.n for each in answer.context["page"].segments if each.n} == {
        "agreed": 1,
        "in_progress": 1,
        "fulfilled": 1,
    }


def test_due_next_starts_with_the_overdue_and_omits_deadlines_that_do_not_run(
    officer: Client,
) -> None:
    late = {"deadline_wording": "in 2024", "deadline_latest": dt.date(2024, 12, 31)}
    make.commitment(title="Review", deadline_wording="soon", review_on=dt.date(2026, 6, 30))
    make.commitment(title="Due", deadline_wording="2026", deadline_latest=dt.date(2026, 12, 31))
    make.commitment(title="Late", **late)
    make.commitment("requested", title="Asked", **late)
    make.commitment("fulfilled", title="Done", **late)
    make.commitment(title="Undated", deadline_wording="soon")
    due = officer.get("/").context["page"].due
    assert [row.commitment.title for row in due.rows] == ["Late", "Review", "Due"]


def test_longest_without_news_starts_with_the_longest(officer: Client) -> None:
    make.commitment(title="Short", occurred_on=dt.date(2025, 1, 16))
    make.commitment(title="Long", occurred_on=dt.date(2024, 7, 13))
    make.commitment(title="Recent", occurred_on=dt.date(2025, 1, 17))
    quietest = officer.get("/").context["page"].quietest
    assert [row.commitment.title for row in quietest.rows] == ["Long", "Short"]


def test_reviewer_sees_submissions_awaiting_a_decision_except_own_ones(db: None) -> None:
    both, reviewer = make.user("officer", "reviewer"), make.user("reviewer")
    pledge = make.commitment()
    apply_transition(commitment=pledge, name="submit", actor=both, note="x", outcome="dropped")
    assert boxes(client_as(reviewer))["Awaiting your decision"] == 1
    assert boxes(client_as(both))["Awaiting your decision"] == 0


def test_what_awaits_a_decision_is_in_the_order_of_the_queue(db: None) -> None:
    submitter, reviewer = make.user("officer"), make.user("reviewer")
    later, sooner = make.commitment(title="Later"), make.commitment(title="Sooner")
    for pledge in (sooner, later):
        apply_transition(commitment=pledge, name="submit", actor=submitter, note="x", outcome="dropped")
    page = client_as(reviewer).get("/").context["page"]
    (box,) = (each for each in page.inbox if each.key == "awaiting")
    assert [link.reference for link in box.first] == [sooner.reference, later.reference]


def test_officer_sees_returned_submissions_until_they_are_submitted_again(db: None) -> None:
    officer, reviewer = make.user("officer"), make.user("reviewer")
    pledge = make.commitment()
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    assert boxes(client_as(officer))["Returned to you"] == 0
    apply_transition(commitment=pledge, name="return", actor=reviewer, note="Not yet.")
    assert boxes(client_as(officer))["Returned to you"] == 1
    assert boxes(client_as("officer"))["Returned to you"] == 0
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    assert boxes(client_as(officer))["Returned to you"] == 0


def test_focal_point_sees_only_what_its_agency_leads(db: None) -> None:
    agency = make.agency("vn-mofa", acronym="MOFA")
    make.commitment(agencies=(agency,))
    make.commitment()
    client = client_as("focal_point", agency=agency)
    assert boxes(client)["Led by MOFA"] == 1
    assert "1 recorded, 1 open, 0 overdue on" in page_of(client.get("/")).text


def test_empty_boxes_and_statuses_without_commitments_are_one_line_each(officer: Client) -> None:
    make.commitment("requested")
    page = page_of(officer.get("/"))
    assert [box.one("h3").text for box in page.select(".trio > div")] == ["Requests awaiting an answer"]
    assert page.one(".trio__none").text == (
        "No submission of yours that you can see has been returned. "
        "No commitment that you can see is due for review."
    )
    assert page.texts("section:not(:has(#holders-h)) > .tally dt") == ["requested"]
    assert page.texts("section:has(> #holders-h) > .tally dt") == ["officer"]
    assert "No commitment has the status agreed, in progress, stalled, standing," in page.text


def test_changes_of_invisible_commitments_are_not_shown(reader: Client) -> None:
    make.commitment(classification=3, title="A secret pledge")
    page = reader.get("/").content.decode()
    assert "A secret pledge" not in page
    assert "No commitment that you can see has changed its status yet." in page


def test_next_meetings_are_ordered_by_their_last_day_and_undated_ones_come_last(
    officer: Client,
) -> None:
    make.meeting(None, status="planned", title="Some day")
    for day in (5, 3, 1, 4, 2):
        make.meeting(dt.date(2026, 2, day), status="planned", title=f"On {day} February")
    make.meeting(dt.date(2026, 1, 15), status="planned", title="Over")
    days = [f"On {day} February" for day in (1, 2, 3, 4, 5)]
    assert [each.title for each in officer.get("/").context["page"].next_meetings] == [*days, "Some day"]
    make.meeting(dt.date(2026, 1, 16), status="planned", title="Today")
    assert [each.title for each in officer.get("/").context["page"].next_meetings] == ["Today", *days]


def test_empty_register_has_an_empty_state_in_each_section(officer: Client) -> None:
    page = text_of(officer.get("/"))
    assert "0 recorded, 0 open, 0 overdue" in page
    assert "No meeting is announced or planned." in page
    assert "No request that you can see awaits an answer." in page


STEPS = ["title", "home", "countries", "themes", "agencies", "accounts", "meeting"]


def steps_of(client: Client, url: str = "/") -> dict[str, tuple[bool, str, str]]:
    """The steps that the page shows: whether each is done, where it is taken, and who takes it."""
    return {step.key: (step.is_done, step.url, step.by) for step in client.get(url).context["steps"]}


def test_an_empty_register_shows_the_first_steps_to_who_can_take_one(officer: Client, reader: Client) -> None:
    administrator = client_as("administrator")
    assert list(steps_of(officer)) == list(steps_of(administrator)) == STEPS
    assert steps_of(reader) == {}
    by, add = "Done by: Administrator.", "/admin/relations/country/add/"
    assert steps_of(officer)["home"] == (False, "", by)
    assert steps_of(administrator)["home"] == (False, f"{add}?code=VN", "")
    assert steps_of(administrator)["countries"] == (False, add, "")
    assert steps_of(officer)["meeting"] == (False, "/meetings/record/", "")
    assert steps_of(administrator)["meeting"] == (False, "", "Done by: Officer.")
    assert steps_of(officer)["agencies"] == (False, "/admin/relations/agency/add/", "")
    assert page_of(officer.get("/")).links(".steps")["Record meeting"] == "/meetings/record/"
    assert steps_of(officer, "/?as_of=2025-01-01") == {}


def test_the_first_steps_know_what_is_done(officer: Client) -> None:
    assert not any(done for done, _url, _by in steps_of(officer).values())
    Register.objects.create(pk=1, title="Portugal and Angola")
    make.agency("vn-mofa", "VN"), make.country("KH"), make.theme(), make.meeting()
    assert [key for key, (done, _url, _by) in steps_of(officer).items() if not done] == ["accounts"]
    both = make.user("officer", "reviewer")
    User.objects.filter(groups__name="officer").exclude(pk=both.pk).update(is_active=False)
    client = client_as(both)
    assert [key for key, (done, _url, _by) in steps_of(client).items() if not done] == ["accounts"]
    make.user("reviewer")
    assert all(done for done, _url, _by in steps_of(client).values())
    make.commitment()
    assert steps_of(client) == {}


def test_an_administrator_takes_a_starter_set_of_themes_once(officer: Client) -> None:
    administrator = client_as("administrator")
    Theme.objects.create(slug="frontier", name="Border and territory")
    Theme.objects.create(slug="health", name="Hospitals")
    assert officer.post("/first-steps/themes/").status_code == 403
    assert Theme.objects.count() == 2
    answer = administrator.post("/first-steps/themes/", follow=True)
    assert "9 themes were added." in text_of(answer)
    assert administrator.post("/first-steps/themes/").status_code == 302
    assert Theme.objects.count() == 11
    assert Theme.objects.get(slug="health").name == "Hospitals"
    assert Theme.objects.get(slug="economy").name == "Trade and investment"


def test_an_administrator_sets_the_title_of_the_register_on_the_web(officer: Client) -> None:
    administrator = client_as("administrator")
    add = "/admin/commitments/register/add/"
    assert officer.get(add).status_code == 403
    assert administrator.post(add, {"title": " Portugal and Angola "}).status_code == 302
    assert administrator.get(add).status_code == 403
    assert "Portugal and Angola" in page_of(officer.get("/")).one("footer").text
    change = "/admin/commitments/register/1/change/"
    assert officer.post(change, {"title": "Mine"}).status_code == 403
    assert administrator.post(change, {"title": "Angola and Portugal"}).status_code == 302
    assert Register.objects.get().title == "Angola and Portugal"
    assert administrator.post("/admin/commitments/register/1/delete/", {"post": "yes"}).status_code == 403


def test_an_account_without_a_role_is_told_so() -> None:
    make.commitment()
    page = text_of(client_as().get("/"))
    assert "Your account has no role yet, so you see no commitments. Ask an administrator for a role." in page


def test_three_rows_need_as_many_queries_as_three_hundred(
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


def test_verified_claimed_and_reported_are_counted_apart_by_theme_and_by_country(officer: Client) -> None:
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


def test_a_bar_has_its_figures_as_text_and_a_table_shows_them_too(officer: Client) -> None:
    make.commitment("fulfilled", obligated=("VN",))
    page = page_of(officer.get("/"))
    outcomes = page.one('section[aria-labelledby="outcomes-h"]')
    figures_of_the_bar = "verified: 1, partial: 0, claimed: 0, reported: 0, no report: 0, of which overdue: 0"
    assert outcomes.select("svg[role=img]")[0]["aria-label"] == f"Viet Nam. {figures_of_the_bar}"
    rows = [[cell.text for cell in row.select("th, td")] for row in outcomes.select("tbody tr")]
    assert ["Viet Nam", "1", "0", "0", "0", "0", "0"] in rows
    assert "%" not in outcomes.text


def test_due_counts_do_not_include_the_overdue(officer: Client) -> None:
    for day in ((2026, 1, 15), (2026, 1, 16), (2026, 2, 15), (2026, 2, 16), (2026, 4, 16), (2026, 4, 17)):
        make.commitment(deadline_wording="then", deadline_latest=dt.date(*day))
    due_counts = officer.get("/").context["page"].due_counts
    assert [(each.n, each.url) for each in due_counts] == [
        (2, "/commitments/?due_within=30"),
        (4, "/commitments/?due_within=90"),
        (0, "/commitments/?review_due=true"),
    ]
