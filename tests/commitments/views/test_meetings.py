"""Pages of meetings: what was done there, and what to raise at the next session."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from commitments.models import Commitment, Mention
from commitments.services.registration import FirstMention
from core import clock
from relations.models import Mechanism, Meeting, Participation, Person
from tests import factories as make
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 1, 16))


@pytest.fixture
def committee() -> Mechanism:
    made = Mechanism.objects.create(slug="joint-committee", name="Joint Committee")
    made.countries.set([make.country("KH"), make.country("VN")])
    return made


def session(committee: Mechanism, number: int, **fields: object) -> Meeting:
    fields.setdefault("title", f"Joint Committee, session {number}")
    return make.meeting(
        fields.pop("day", None), slug=f"jc-{number}", mechanism=committee, session=number, **fields
    )


def planned(committee: Mechanism) -> Meeting:
    return session(
        committee,
        22,
        status="planned",
        window_wording="at a suitable time in 2026",
        window_earliest=dt.date(2026, 1, 1),
        window_latest=dt.date(2026, 12, 31),
    )


def spoken(meeting: Meeting, **fields: object) -> Commitment:
    mention = FirstMention(meeting, make.source().paragraphs.get(number=1))
    return make.commitment(occurred_on=meeting.day, mention=mention, **fields)


def groups(client: Client, address: str) -> dict[str, list[str]]:
    agenda = client.get(address).context["page"].agenda
    return {each.key: [row.commitment.title for row in each.rows.rows] for each in agenda.groups}


def test_held_meeting_tells_what_was_made_and_reaffirmed_and_who_was_there(
    officer: Client, committee: Mechanism
) -> None:
    meeting = session(committee, 21, day=dt.date(2025, 12, 9), place="Siem Reap")
    person = Person.objects.create(slug="trung", name="Le Hoai Trung", country=make.country("VN"))
    Participation.objects.create(
        meeting=meeting, person=person, office="Acting Minister", country=make.country("VN"), role="co_chair"
    )
    made, old = spoken(meeting, title="Build the bridge"), make.commitment(title="Keep the peace")
    Mention.objects.create(
        commitment=old, meeting=meeting, paragraph=make.source().paragraphs.get(number=1), kind="reaffirmed"
    )
    answer = officer.get("/meetings/jc-21/")
    page = answer.content.decode()
    assert [
        (group.label, [each.title for each in group.commitments]) for group in answer.context["page"].spoken
    ] == [
        ("Made there", [made.title]),
        ("Reaffirmed", [old.title]),
    ]
    assert "Acting Minister" in page
    assert "Siem Reap, 9 December 2025." in page


def test_what_the_reader_may_not_see_is_not_told(reader: Client, committee: Mechanism) -> None:
    meeting = session(committee, 21, day=dt.date(2025, 12, 9))
    spoken(meeting, title="A secret pledge", classification=3)
    page = reader.get("/meetings/jc-21/").content.decode()
    assert "A secret pledge" not in page
    assert "Nothing that this account may see is recorded" in page
    assert "named only" in reader.get("/meetings/").content.decode()


def test_session_to_come_groups_what_is_open_between_its_countries(
    officer: Client, committee: Mechanism
) -> None:
    planned(committee)
    late = {"deadline_wording": "in 2024", "deadline_latest": dt.date(2024, 12, 31)}
    make.commitment(title="Overdue", **late)
    make.commitment("stalled", title="Stalled")
    make.commitment(title="Silent")
    make.commitment("requested", title="Asked")
    make.commitment("standing", nature="principle", title="Duty")
    make.commitment("in_progress", title="Running")
    make.commitment("fulfilled", title="Done")
    make.commitment(title="Elsewhere", codes=("LA", "VN"))
    make.commitment(title="Of three", codes=("KH", "LA", "VN"))
    assert groups(officer, "/meetings/jc-22/") == {
        "overdue": ["Overdue"],
        "awaiting": [],
        "stalled": ["Stalled"],
        "no_report": ["Of three", "Silent"],
        "requested": ["Asked"],
        "reaffirm": ["Duty"],
    }
    page = officer.get("/meetings/jc-22/").content.decode()
    assert "7 commitments are open between these countries." in page
    assert "1 of them is in progress and on time" in page
    assert "None: nothing has been reported ready to close." in page
    assert "“at a suitable time in 2026”" in page
    assert "the window closes in 349 days." in page


def test_a_long_group_is_shortened_and_shown_whole_on_demand(officer: Client, committee: Mechanism) -> None:
    planned(committee)
    for _ in range(14):
        make.commitment()
    assert len(groups(officer, "/meetings/jc-22/")["no_report"]) == 12
    assert "The other 2" in officer.get("/meetings/jc-22/").content.decode()
    assert {key: len(rows) for key, rows in groups(officer, "/meetings/jc-22/?group=no_report").items()} == {
        "no_report": 14
    }
    assert officer.get("/meetings/jc-22/?group=late").status_code == 400
    assert officer.get("/meetings/jc-22/?grup=stalled").status_code == 400


def test_session_to_come_explains_its_strips_once(officer: Client, committee: Mechanism) -> None:
    planned(committee)
    assert 'aria-label="Key to the marks"' not in officer.get("/meetings/jc-22/").content.decode()
    spoken(session(committee, 21, day=dt.date(2025, 12, 9)))
    for address in ("/meetings/jc-22/", "/meetings/jc-22/?group=no_report"):
        page = officer.get(address).content.decode()
        assert page.count('aria-label="Key to the marks"') == 1
        assert "KH Cambodia" in page
    assert [place.title for place in officer.get("/meetings/jc-22/").context["page"].agenda.scale.places] == [
        "Joint Committee, session 21"
    ]


def test_session_to_come_recalls_what_the_last_one_left(officer: Client, committee: Mechanism) -> None:
    planned(committee)
    spoken(session(committee, 21, day=dt.date(2025, 12, 9)), title="Promote border trade")
    page = officer.get("/meetings/jc-22/").content.decode()
    assert "What the session before left behind" in page
    assert page.count("Promote border trade") == 2


def test_meeting_of_no_known_country_says_so(officer: Client) -> None:
    make.meeting(None, slug="next", status="announced")
    assert "No country is recorded for this meeting" in officer.get("/meetings/next/").content.decode()


def test_unknown_meeting_is_not_found_and_unknown_parameter_is_named(officer: Client) -> None:
    assert officer.get("/meetings/nowhere/").status_code == 404
    answer = officer.get("/meetings/?mechanisms=x")
    assert answer.status_code == 400
    assert "“mechanisms”" in answer.content.decode()
    assert officer.get("/meetings/?mechanism=nothing").status_code == 400
    assert officer.get("/meetings/?page=2").status_code == 404


def test_list_is_searched_without_diacritics(officer: Client, committee: Mechanism) -> None:
    make.meeting(title="Hội đàm tại Tây Ninh")
    make.meeting(title="Talks in Siem Reap")
    page = officer.get("/meetings/?q=tay+ninh").content.decode()
    assert "Hội đàm tại Tây Ninh" in page
    assert "Siem Reap" not in page


@pytest.mark.slow
def test_three_rows_cost_what_three_hundred_cost(
    officer: Client, committee: Mechanism, queries: Callable[[Client, str], int]
) -> None:
    planned(committee)
    last = session(committee, 21, day=dt.date(2025, 12, 9))
    addresses = ("/meetings/", "/meetings/jc-21/", "/meetings/jc-22/")
    for _ in range(3):
        there, elsewhere = spoken(last), make.commitment()
    few = [queries(officer, address) for address in addresses]
    make.many(297, there, elsewhere)
    make.many_meetings(300, last)
    shown = officer.get("/meetings/jc-21/").context["page"].spoken
    assert [len(group.commitments) for group in shown] == [300]
    assert officer.get("/meetings/").context["page"].paginator.count > 300
    assert [queries(officer, address) for address in addresses] == few
    focal = client_as("focal_point", agency=make.agency("vn-mnd"))
    assert focal.get("/meetings/jc-22/").context["page"].agenda.open == 0
