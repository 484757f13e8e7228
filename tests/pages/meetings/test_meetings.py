"""The pages of meetings: the commitments mentioned there, and what to raise at the next session."""

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
from tests.html import page_of, text_of

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


def mentioned_at(meeting: Meeting, **fields: object) -> Commitment:
    mention = FirstMention(meeting, make.source().paragraphs.get(number=1))
    return make.commitment(occurred_on=meeting.day, mention=mention, **fields)


def groups(client: Client, address: str) -> dict[str, list[str]]:
    agenda = client.get(address).context["page"].agenda
    return {each.key: [row.commitment.title for row in each.rows.rows] for each in agenda.groups}


def test_a_held_meeting_shows_its_commitments_and_participants(officer: Client, committee: Mechanism) -> None:
    meeting = session(committee, 21, day=dt.date(2025, 12, 9), place="Siem Reap")
    person = Person.objects.create(slug="trung", name="Le Hoai Trung", country=make.country("VN"))
    Participation.objects.create(
        meeting=meeting, person=person, office="Acting Minister", country=make.country("VN"), role="co_chair"
    )
    made, old = mentioned_at(meeting, title="Build the bridge"), make.commitment(title="Keep the peace")
    Mention.objects.create(
        commitment=old, meeting=meeting, paragraph=make.source().paragraphs.get(number=1), kind="reaffirmed"
    )
    answer = officer.get("/meetings/jc-21/")
    page = page_of(answer)
    assert [
        (group.label, [each.title for each in group.commitments]) for group in answer.context["page"].mentions
    ] == [
        ("New commitments", [made.title]),
        ("Reaffirmed", [old.title]),
    ]
    assert "Le Hoai Trung, Acting Minister, Viet Nam (co-chair)" in page.text
    assert page.texts(".head__fact") == ["Siem Reap, 9 December 2025."]


def test_a_commitment_that_the_reader_may_not_see_is_not_shown(reader: Client, committee: Mechanism) -> None:
    meeting = session(committee, 21, day=dt.date(2025, 12, 9))
    pledge = mentioned_at(meeting, title="A secret pledge", classification=3)
    meeting.sources.add(pledge.mentions.get().paragraph.source)
    page = reader.get("/meetings/jc-21/").content.decode()
    assert "A secret pledge" not in page
    assert "No mentions that you can see are recorded" in page
    assert "no commitment that you can see" in reader.get("/meetings/").content.decode()


def test_a_held_meeting_without_a_recorded_text_says_so(officer: Client, committee: Mechanism) -> None:
    met = session(committee, 21, day=dt.date(2025, 12, 9))
    make.commitment(occurred_on=dt.date(2025, 1, 1))
    unrecorded = "The text of this meeting is not recorded, so nobody can say what it mentioned."
    assert page_of(officer.get("/meetings/jc-21/")).texts(".empty") == [unrecorded]
    pages = ("/", "/meetings/", "/mechanisms/joint-committee/")
    for path in pages:
        assert "not recorded" in page_of(officer.get(path)).one("main").text, path
    [row] = officer.get("/commitments/").context["list"].rows
    assert row.strip.dots == ()
    met.sources.add(make.source())
    assert page_of(officer.get("/meetings/jc-21/")).texts(".empty") == [
        "No mentions that you can see are recorded for this meeting."
    ]
    for path in pages:
        assert "not recorded" not in page_of(officer.get(path)).one("main").text, path


def test_a_session_to_come_groups_the_open_commitments_between_its_countries(
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
    answer = officer.get("/meetings/jc-22/")
    page = text_of(answer)
    assert "7 commitments that you can see are open between these countries." in page
    assert "1 of them is in progress and not overdue" in page
    assert "No commitments that you can see await a decision." in page
    assert page_of(answer).texts(".head__fact") == [
        "“at a suitable time in 2026”. No date is set; the window closes in 349 days."
    ]


def test_a_long_group_is_shortened_and_shown_whole_alone(officer: Client, committee: Mechanism) -> None:
    planned(committee)
    for _ in range(14):
        make.commitment()
    assert len(groups(officer, "/meetings/jc-22/")["no_report"]) == 12
    assert "Show all 14" in officer.get("/meetings/jc-22/").content.decode()
    assert {key: len(rows) for key, rows in groups(officer, "/meetings/jc-22/?group=no_report").items()} == {
        "no_report": 14
    }
    assert officer.get("/meetings/jc-22/?group=late").status_code == 400
    assert officer.get("/meetings/jc-22/?grup=stalled").status_code == 400


def test_a_session_to_come_has_one_legend(officer: Client, committee: Mechanism) -> None:
    planned(committee)
    assert 'aria-label="Legend"' not in officer.get("/meetings/jc-22/").content.decode()
    mentioned_at(session(committee, 21, day=dt.date(2025, 12, 9)))
    for address in ("/meetings/jc-22/", "/meetings/jc-22/?group=no_report"):
        page = officer.get(address).content.decode()
        assert page.count('aria-label="Legend"') == 1
        assert "KH Cambodia" in page
    assert [place.title for place in officer.get("/meetings/jc-22/").context["page"].agenda.scale.places] == [
        "Joint Committee, session 21"
    ]


def test_a_session_to_come_shows_the_commitments_of_the_previous_one(
    officer: Client, committee: Mechanism
) -> None:
    planned(committee)
    mentioned_at(session(committee, 21, day=dt.date(2025, 12, 9)), title="Promote border trade")
    page = officer.get("/meetings/jc-22/").content.decode()
    assert "From the previous session" in page
    assert page.count("Promote border trade") == 2


def test_a_meeting_without_countries_says_so(officer: Client) -> None:
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
        there, elsewhere = mentioned_at(last), make.commitment()
    few = [queries(officer, address) for address in addresses]
    make.many(297, there, elsewhere)
    make.many_meetings(300, last)
    shown = officer.get("/meetings/jc-21/").context["page"].mentions
    assert [len(group.commitments) for group in shown] == [300]
    assert officer.get("/meetings/").context["page"].paginator.count > 300
    assert [queries(officer, address) for address in addresses] == few
    focal = client_as("focal_point", agency=make.agency("vn-mnd"))
    assert focal.get("/meetings/jc-22/").context["page"].agenda.open == 0
