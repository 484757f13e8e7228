"""The register as of another date: the overview, meetings, bodies and the page of one commitment."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment, Evidence, EvidenceWithdrawal, Mention, Reading, Target
from commitments.services.deadlines import Window
from commitments.services.progress import add_evidence, record_progress
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


def mention(pledge: Commitment, meeting: Meeting, kind: str = "reaffirmed") -> None:
    paragraph = make.source(text="They said it again.").paragraphs.get(number=1)
    Mention.objects.create(commitment=pledge, meeting=meeting, paragraph=paragraph, kind=kind)


@pytest.fixture
def pledge() -> Commitment:
    """Agreed in July 2024, in progress since March 2025 and under review since December 2025."""
    agency, officer = make.agency("vn-mofa"), make.user("officer", clearance=3)
    made = make.commitment(
        actor=officer,
        agencies=(agency,),
        title="Build the bridge",
        deadline_wording="in 2024",
        deadline_latest=dt.date(2024, 12, 31),
    )
    window = Window(wording="in 2026", latest=dt.date(2026, 12, 31))
    make.new_deadline(
        commitment=made, actor=officer, window=window, reason="Late.", occurred_on=dt.date(2025, 2, 1)
    )
    make.record(made, "in_progress", occurred_on=dt.date(2025, 3, 1))
    record_progress(
        commitment=made, actor=officer, achieved="Pillars stand.", occurred_on=dt.date(2025, 4, 1)
    )
    add_evidence(commitment=made, actor=officer, title="Photograph", url="https://example.org/p")
    Target.objects.create(commitment=made, indicator="Length", unit="km", value=10)
    Reading.objects.create(commitment=made, as_of=dt.date(2025, 6, 30), value=4, period="2025-06")
    mention(made, make.meeting(dt.date(2025, 6, 1), title="Midsummer talks"))
    return Commitment.objects.get(pk=made.pk)


def on(client: Client, pledge: Commitment, day: str) -> str:
    return client.get(f"{pledge.get_absolute_url()}?as_of={day}").content.decode()


def back_to_today(client: Client, answer: Any) -> str:
    """The page behind the link back to today."""
    link = page_of(answer).links(".as-of")["Back to today"]
    return client.get(urljoin(answer.request["PATH_INFO"], link)).content.decode()


# -- one commitment --------------------------------------------------------------------------------------


def test_a_commitment_is_shown_as_of_the_date(officer: Client, pledge: Commitment) -> None:
    page = officer.get(f"{pledge.get_absolute_url()}?as_of=2025-01-15").context["page"]
    assert page.status == "agreed"
    assert (page.deadline.wording, page.deadline.overdue_days) == ("in 2024", 15)
    assert [change.to_key for change in page.changes] == ["agreed"]
    assert (page.chain.mentions, page.readings, page.evidence) == (1, (), ())
    then = on(officer, pledge, "2025-01-15")
    for later in ("Pillars stand.", "Midsummer talks", "in 2026", "Photograph", "in progress"):
        assert later not in then
    now = officer.get(pledge.get_absolute_url()).content.decode()
    for later in ("Pillars stand.", "Midsummer talks", "in 2026", "Photograph", "in progress"):
        assert later in now


def test_events_of_the_date_itself_are_included(officer: Client, pledge: Commitment) -> None:
    before, there = on(officer, pledge, "2025-02-28"), on(officer, pledge, "2025-03-01")
    assert "in progress" not in before
    assert "in progress" in there


def test_another_day_is_marked_and_for_reading_only(officer: Client, pledge: Commitment) -> None:
    for day, words in (
        ("2025-01-15", "As of 15 January 2025"),
        ("2026-06-01", "deadlines as of 1 June 2026"),
    ):
        answer = officer.get(f"{pledge.get_absolute_url()}?as_of={day}")
        page = answer.content.decode()
        assert words in page_of(answer).one(".as-of strong").text
        assert "Back to today" not in back_to_today(officer, answer)
        assert (answer.context["transitions"], answer.context["records"]) == ((), None)
        assert "/transitions/" not in page
        assert f"{pledge.get_absolute_url()}progress/" not in page
    today = officer.get(f"{pledge.get_absolute_url()}?as_of=2026-01-16")
    assert "Back to today" not in today.content.decode()
    assert today.context["transitions"] != ()


def test_a_later_commitment_is_not_found(officer: Client, pledge: Commitment) -> None:
    assert officer.get(f"{pledge.get_absolute_url()}?as_of=2024-07-12").status_code == 404
    assert officer.get(f"{pledge.get_absolute_url()}?as_of=2024-07-13").status_code == 200


def test_other_commitments_have_the_status_of_the_date(officer: Client, pledge: Commitment) -> None:
    other = make.commitment(title="Pave the road")
    later = make.commitment(title="Light the road", occurred_on=dt.date(2025, 5, 1))
    pledge.related.add(other, later)
    make.record(other, "superseded", occurred_on=dt.date(2025, 8, 1), successor=pledge)
    then = officer.get(f"{pledge.get_absolute_url()}?as_of=2025-03-15").context["page"]
    assert [(each.title, each.status.value) for each in then.related] == [("Pave the road", "agreed")]
    assert then.replaces == ()
    now = officer.get(pledge.get_absolute_url()).context["page"]
    assert [each.title for each in now.replaces] == ["Pave the road"]
    replaced = officer.get(other.get_absolute_url()).context["page"]
    assert replaced.successor.title == "Build the bridge"
    before = officer.get(f"{other.get_absolute_url()}?as_of=2025-07-31").context["page"]
    assert before.successor is None


def test_evidence_that_was_withdrawn_later_still_counts(officer: Client) -> None:
    pledge = make.commitment()
    recorded, withdrawn = (
        dt.datetime(2025, month, 10, 12, tzinfo=timezone.get_current_timezone()) for month in (1, 2)
    )
    piece = Evidence.objects.create(
        commitment=pledge, kind="link", title="Photograph", url="https://example.org/p", recorded_at=recorded
    )
    EvidenceWithdrawal.objects.create(evidence=piece, reason="Wrong bridge.", recorded_at=withdrawn)

    def evidence(day: str) -> list[tuple[str, str]]:
        page = officer.get(f"{pledge.get_absolute_url()}?as_of={day}").context["page"]
        return [(item.evidence.title, item.withdrawn_because) for item in page.evidence]

    assert evidence("2025-01-09") == []
    assert evidence("2025-01-10") == [("Photograph", "")]
    assert evidence("2025-02-09") == [("Photograph", "")]
    assert evidence("2025-02-10") == [("Photograph", "Wrong bridge.")]


def test_links_keep_the_date(officer: Client, pledge: Commitment) -> None:
    page = on(officer, pledge, "2025-01-15")
    for link in ("/agencies/vn-mofa/", "/countries/KH/", "/meetings/"):
        assert f'href="{link}' in page
    assert 'href="/agencies/vn-mofa/?as_of=2025-01-15"' in page
    assert 'href="/commitments/?theme=border&amp;as_of=2025-01-15"' in page
    listed = officer.get("/commitments/?as_of=2025-01-15").content.decode()
    assert f'href="{pledge.get_absolute_url()}?as_of=2025-01-15"' in listed


# -- overview, meetings, bodies --------------------------------------------------------------------------


def test_overview_counts_as_of_the_date(officer: Client, pledge: Commitment) -> None:
    make.commitment(title="Later", occurred_on=dt.date(2025, 12, 1))
    answer = officer.get("/?as_of=2025-01-15")
    page = page_of(answer).text
    assert "1 recorded, 1 open, 1 overdue on 15 January 2025." in page
    assert "Later" not in page
    assert "As of 15 January 2025" in page
    assert "Back to today" not in back_to_today(officer, answer)
    shown = answer.context["page"]
    assert {each.key: each.n for each in shown.segments if each.n} == {"agreed": 1}
    assert [change.to_status for change in shown.changes] == ["agreed"]
    assert shown.segments[1].url == "/commitments/?status=agreed&as_of=2025-01-15"
    assert [theme.recorded for theme in shown.themes] == [1]
    assert "Midsummer talks" in [meeting.title for meeting in shown.next_meetings]


def test_overview_of_a_future_date_shows_today_s_register(officer: Client, pledge: Commitment) -> None:
    page = page_of(officer.get("/?as_of=2027-01-01")).text
    assert "1 recorded, 1 open, 1 overdue on 1 January 2027." in page
    assert "deadlines as of 1 January 2027" in page


def test_boxes_of_the_user_are_those_of_the_date() -> None:
    reviewer, officer = make.user("reviewer"), make.user("officer")
    waiting = make.commitment(deadline_wording="in 2024", deadline_latest=dt.date(2024, 12, 31))
    make.record(waiting, "in_progress", occurred_on=dt.date(2025, 3, 1))
    asked = make.commitment("requested")
    make.record(asked, "agreed", occurred_on=dt.date(2025, 6, 1))
    client = client_as(reviewer)
    boxes = {box.label: box for box in client.get("/?as_of=2025-05-31").context["page"].inbox}
    assert boxes["Requests awaiting an answer"].count == 1
    assert boxes["Requests awaiting an answer"].url == "/commitments/?status=requested&as_of=2025-05-31"
    boxes = {box.label: box for box in client.get("/").context["page"].inbox}
    assert boxes["Requests awaiting an answer"].count == 0
    assert client_as(officer).get("/?as_of=2025-05-31").status_code == 200


def test_a_meeting_in_the_future_of_the_date_has_an_agenda_and_no_mentions(officer: Client) -> None:
    committee = make.mechanism()
    meeting = make.meeting(
        dt.date(2025, 12, 9), slug="jc-21", title="Session 21", mechanism=committee, session=21
    )
    old = make.commitment(title="Keep the peace")
    mention(old, meeting)
    fresh = make.FirstMention(meeting, make.source().paragraphs.get(number=1))
    make.commitment(title="Fresh", occurred_on=meeting.starts_on, mention=fresh)
    answer = officer.get("/meetings/jc-21/?as_of=2025-12-01")
    page = answer.content.decode()
    assert answer.context["page"].mentions == ()
    assert answer.context["page"].agenda.open == 1
    assert "Fresh" not in page
    assert "not held yet" in page
    after = officer.get("/meetings/jc-21/?as_of=2025-12-09").context["page"]
    assert [(group.key, [each.title for each in group.commitments]) for group in after.mentions] == [
        ("made", ["Fresh"]),
        ("reaffirmed", ["Keep the peace"]),
    ]


def test_new_commitments_of_a_meeting_have_the_status_of_the_date(officer: Client) -> None:
    meeting = make.meeting(dt.date(2025, 1, 1), slug="talks")
    made = make.FirstMention(meeting, make.source().paragraphs.get(number=1))
    pledge = make.commitment(occurred_on=meeting.starts_on, mention=made)
    make.record(pledge, "fulfilled", occurred_on=dt.date(2025, 6, 1))

    def status(query: str = "") -> str:
        return officer.get(f"/meetings/talks/{query}").context["page"].mentions[0].commitments[0].status.value

    assert (status("?as_of=2025-05-31"), status("?as_of=2025-06-01"), status()) == (
        "agreed",
        "fulfilled",
        "fulfilled",
    )


def test_meetings_are_divided_by_the_date(officer: Client) -> None:
    first = make.meeting(dt.date(2025, 1, 1), title="First talks")
    second = make.meeting(dt.date(2025, 6, 1), title="Second talks")
    pledge = make.commitment(occurred_on=first.starts_on)
    mention(pledge, second)
    answer = officer.get("/meetings/?as_of=2025-03-01")
    assert [each.title for each in answer.context["to_come"]] == ["Second talks"]
    assert "First talks" in [each.title for each in answer.context["page"].object_list]
    assert "As of 1 March 2025" in answer.content.decode()
    assert officer.get("/meetings/").context["to_come"] == []


def test_bodies_are_shown_as_of_the_date(officer: Client, pledge: Commitment) -> None:
    for path in ("/agencies/vn-mofa/", "/countries/KH/", "/countries/VN/"):
        answer = officer.get(f"{path}?as_of=2025-01-15")
        rows = [row for section in answer.context["page"].sections for row in section.rows.rows]
        assert {row.status.value for row in rows} == {"agreed"}, path
        assert "As of 15 January 2025" in answer.content.decode()
        assert "Back to today" not in back_to_today(officer, answer)
        before = officer.get(f"{path}?as_of=2024-07-12").context["page"]
        assert {section.count for section in before.sections} == {0}
    counts = {
        each.key: each.count
        for each in officer.get("/agencies/vn-mofa/?as_of=2025-01-15").context["page"].sections
    }
    assert (counts["overdue"], counts["open"]) == (1, 1)
    assert officer.get("/agencies/vn-mofa/").context["page"].overdue == 0


@pytest.mark.parametrize(
    "path",
    ["/", "/meetings/", "/meetings/{meeting}/", "/commitments/{ref}/", "/countries/", "/countries/KH/"],
)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("as_of=yesterday", "“yesterday” is not a date. Write it as 2026-01-31."),
        ("as_of=2025-02-30", "“2025-02-30” is not a date"),
        ("as_of=២០២៥-១២-០១", "” is not a date. Write it as 2026-01-31."),
        ("as_of=2025-01-01&as_of=2025-01-02", "“as_of” takes only one value."),
        ("asof=2025-01-01", "There is no parameter “asof”."),
        ("as_of=%00", "as_of"),
    ],
)
def test_an_invalid_date_and_an_unknown_parameter_are_named(
    path: str, query: str, named: str, officer: Client, pledge: Commitment
) -> None:
    meeting = Meeting.objects.first()
    assert meeting is not None
    answer = officer.get(f"{path.format(ref=pledge.reference, meeting=meeting.slug)}?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert "Build the bridge" not in answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/?as_of=2025-12-31", "/meetings/?as_of=2025-12-31"])
def test_three_rows_cost_what_three_hundred_cost(
    path: str, officer: Client, queries: Callable[[Client, str], int]
) -> None:
    late = {"deadline_wording": "2024", "deadline_latest": dt.date(2024, 12, 31)}
    for _ in range(3):
        made = make.commitment(**late)
    few = queries(officer, path)
    make.many(297, made)
    make.many_meetings(297, made.mentions.get().meeting)
    assert queries(officer, path) == few
