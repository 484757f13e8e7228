"""Editing meetings, sources, agencies, countries, mechanisms and people where they are read."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from accounts.choices import Clearance
from commitments.models import DayCorrection
from commitments.services.registration import FirstMention
from relations.models import Agency, Country, Mechanism, Meeting, MeetingSource, Participation, Person, Source
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def records() -> dict[str, Any]:
    meeting, source = make.meeting(slug="talks", title="Talks"), make.source(slug="note", title="Note")
    MeetingSource.objects.create(meeting=meeting, source=source)
    person = Person.objects.create(slug="hun", name="Hun", country=make.country("KH"))
    Participation.objects.create(meeting=meeting, person=person, office="Minister", country=person.country)
    return {
        "/meetings/talks/": meeting,
        "/sources/note/": source,
        "/agencies/vn-mofa/": make.agency(name="Ministry"),
        "/mechanisms/joint-committee/": make.mechanism(),
        "/people/hun/": person,
        "/countries/KH/": make.country("KH"),
    }


def sent(browser: Client, url: str, **changed: Any) -> Any:
    return browser.post(url, form_of(browser.get(url)) | changed)


def editor(record: Model) -> Client:
    return client_as("administrator" if isinstance(record, Country) else "officer")


NAMES = {
    "/meetings/talks/": "title",
    "/sources/note/": "title",
    "/agencies/vn-mofa/": "name",
    "/mechanisms/joint-committee/": "name",
    "/people/hun/": "name",
    "/countries/KH/": "name",
}


@pytest.mark.parametrize("url", NAMES)
def test_every_page_leads_to_its_form_and_back(url: str, records: dict[str, Any]) -> None:
    record, name = records[url], NAMES[url]
    browser = editor(record)
    assert page_of(browser.get(url)).links("main")["Edit"] == f"{url}edit/"
    assert "Edit" not in page_of(client_as("reader").get(url)).links("main")
    assert "Edit" not in page_of(browser.get(f"{url}?as_of=2025-06-01")).links("main")
    assert url in page_of(browser.get(f"{url}edit/")).links("main").values()
    answer = sent(browser, f"{url}edit/", **{name: "Another name"})
    assert (answer.status_code, answer.url) == (302, url)
    record.refresh_from_db()
    assert getattr(record, name) == "Another name"
    assert "Saved." in text_of(browser.get(url))


@pytest.mark.parametrize("url", NAMES)
def test_two_who_edit_a_record_see_both_versions(url: str, records: dict[str, Any]) -> None:
    record, name = records[url], NAMES[url]
    browser = editor(record)
    opened = form_of(browser.get(f"{url}edit/"))
    setattr(record, name, "Theirs")
    record.save()
    answer = browser.post(f"{url}edit/", opened | {name: "Mine"})
    assert answer.status_code == 409
    assert page_of(answer).texts("[role=alert] td") == ["Theirs", "Mine", "yours"]
    record.refresh_from_db()
    assert getattr(record, name) == "Theirs"
    assert browser.post(f"{url}edit/", form_of(answer)).status_code == 302
    record.refresh_from_db()
    assert getattr(record, name) == "Mine"


@pytest.mark.parametrize("url", NAMES)
def test_bad_input_names_the_field_and_changes_nothing(url: str, records: dict[str, Any]) -> None:
    record, name = records[url], NAMES[url]
    answer = sent(editor(record), f"{url}edit/", **{name: " "})
    assert answer.status_code == 400
    assert f"{name.capitalize()}: This field is required." in page_of(answer).one("[role=alert]").text
    before = getattr(record, name)
    record.refresh_from_db()
    assert getattr(record, name) == before


@pytest.mark.parametrize("url", NAMES)
def test_saving_a_record_untouched_writes_nothing(url: str, records: dict[str, Any]) -> None:
    record = records[url]
    before = record.version, type(record).history.count(), Participation.history.count()
    answer = sent(editor(record), f"{url}edit/")
    record.refresh_from_db()
    assert answer.status_code == 302
    assert (record.version, type(record).history.count(), Participation.history.count()) == before


# -- what each has besides its name -----------------------------------------------------------------------


def test_a_meeting_with_participants_and_sources(records: dict[str, Any]) -> None:
    meeting, browser = records["/meetings/talks/"], client_as("officer")
    other = Person.objects.create(slug="le", name="Lê", country=make.country("VN"))
    letter = make.source(title="Letter")
    answer = sent(
        browser,
        "/meetings/talks/edit/",
        place="Siem Reap",
        starts_on="2024-07-14",
        ends_on="2024-07-14",
        **{
            "participants-0-office": "Deputy Prime Minister",
            "participants-1-person": other.pk,
            "participants-1-office": "Minister",
            "participants-1-country": make.country("VN").pk,
            "sources-1-source": letter.pk,
        },
    )
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.starts_on) == ("Siem Reap", dt.date(2024, 7, 14))
    rows = meeting.participations.order_by("pk").values_list("person__slug", "office")
    assert list(rows) == [("hun", "Deputy Prime Minister"), ("le", "Minister")]
    assert set(meeting.sources.all()) == {records["/sources/note/"], letter}
    sent(browser, "/meetings/talks/edit/", **{"participants-0-DELETE": "on", "sources-1-DELETE": "on"})
    assert [each.person for each in meeting.participations.all()] == [other]
    assert list(meeting.sources.all()) == [records["/sources/note/"]]


def test_a_cited_source_stays_with_its_meeting(records: dict[str, Any]) -> None:
    meeting, source = records["/meetings/talks/"], records["/sources/note/"]
    make.commitment(mention=make.FirstMention(meeting, source.paragraphs.get(number=1)), classification=3)
    browser = client_as("officer")
    for url, field in (("/meetings/talks/edit/", "sources-0"), ("/sources/note/edit/", "meetings-0")):
        answer = sent(browser, url, title="Changed too", **{f"{field}-DELETE": "on"})
        assert answer.status_code == 400
        assert "cannot be removed from the sources of this meeting" in text_of(answer)
    assert list(meeting.sources.all()) == [source]
    assert (Meeting.objects.get().title, Source.objects.get().title) == ("Talks", "Note")


def test_a_participant_that_somebody_added_meanwhile_stays(records: dict[str, Any]) -> None:
    meeting, browser = records["/meetings/talks/"], client_as("officer")
    opened = form_of(browser.get("/meetings/talks/edit/"))
    other = Person.objects.create(slug="le", name="Lê", country=make.country("VN"))
    Participation.objects.create(meeting=meeting, person=other, office="Minister", country=other.country)
    answer = browser.post("/meetings/talks/edit/", opened | {"participants-0-office": "President"})
    assert answer.status_code == 409
    assert "Person “Lê (Viet Nam)”" in text_of(answer)
    assert "added by somebody else" in text_of(answer)
    assert browser.post("/meetings/talks/edit/", form_of(answer)).status_code == 302
    rows = meeting.participations.order_by("pk").values_list("person__slug", "office")
    assert list(rows) == [("hun", "President"), ("le", "Minister")]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"starts_on": "2024-02-30"}, "“2024-02-30” is not a date"),
        ({"starts_on": "", "ends_on": "", "status": "held"}, "date"),
        ({"starts_on": "2024-07-20", "ends_on": "2024-07-13"}, "day"),
        ({"participants-1-office": "Minister"}, "Participant: This field is required."),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    changed: dict[str, str], message: str, records: dict[str, Any]
) -> None:
    answer = sent(client_as("officer"), "/meetings/talks/edit/", **changed)
    assert answer.status_code == 400
    assert message.removeprefix("Participant: ") in text_of(answer)
    assert Meeting.objects.get(slug="talks").starts_on == make.LONG_AGO


def test_a_source_with_its_text_its_basis_and_its_meetings(records: dict[str, Any]) -> None:
    source, browser = records["/sources/note/"], client_as("officer")
    press, later = make.source(title="Press"), make.meeting()
    answer = sent(
        browser,
        "/sources/note/edit/",
        number="12/BNG",
        text="They agreed.\r\n\r\nThey parted.",
        **{"based_on-0-to_source": press.pk, "meetings-1-meeting": later.pk},
    )
    assert answer.status_code == 302
    source.refresh_from_db()
    assert (source.number, source.is_unaltered) == ("12/BNG", True)
    assert [each.text for each in source.paragraphs.all()] == ["They agreed.", "They parted."]
    assert list(source.based_on.all()) == [press]
    assert set(source.meetings.all()) == {records["/meetings/talks/"], later}
    sent(browser, "/sources/note/edit/", **{"based_on-0-DELETE": "on", "meetings-1-DELETE": "on"})
    assert not source.based_on.exists()
    assert list(source.meetings.all()) == [records["/meetings/talks/"]]


def test_a_cited_paragraph_is_not_reworded(records: dict[str, Any]) -> None:
    meeting, source = records["/meetings/talks/"], records["/sources/note/"]
    make.commitment(mention=make.FirstMention(meeting, source.paragraphs.get(number=1)))
    answer = sent(client_as("officer"), "/sources/note/edit/", text="Other words.", title="New")
    assert answer.status_code == 400
    assert "Paragraph 1 cannot be changed." in text_of(answer)
    assert "Other words." in answer.content.decode()
    assert Source.objects.get(slug="note").title == "Note"


def test_bodies_with_their_other_fields(records: dict[str, Any]) -> None:
    officer = client_as("officer")
    sent(officer, "/agencies/vn-mofa/edit/", acronym="MOFA", kind="parliament")
    sent(officer, "/people/hun/edit/", aliases="Hun M.\r\n\r\nHun Ma", country=make.country("VN").pk)
    sent(
        officer, "/mechanisms/joint-committee/edit/", countries=[make.country("KH").pk], note="Two.\r\nLines"
    )
    sent(client_as("administrator"), "/countries/KH/edit/", aliases="Kampuchea")
    agency, mechanism = Agency.objects.get(), Mechanism.objects.get()
    assert (agency.acronym, agency.kind) == ("MOFA", "parliament")
    assert Person.objects.get().aliases == ["Hun M.", "Hun Ma"]
    assert (Person.objects.get().country.code, mechanism.note) == ("VN", "Two.\nLines")
    assert [each.code for each in mechanism.countries.all()] == ["KH"]
    assert Country.objects.get(code="KH").aliases == ["Kampuchea"]


def test_a_name_that_is_taken_is_refused(records: dict[str, Any]) -> None:
    make.country("LA")
    answer = sent(client_as("administrator"), "/countries/KH/edit/", name="Lao PDR")
    assert answer.status_code == 400
    assert "Country with this Name already exists." in text_of(answer)


@pytest.mark.parametrize("url", ["/meetings/x/edit/", "/people/x/edit/", "/countries/XX/edit/"])
def test_what_is_not_there_is_not_found(url: str) -> None:
    assert client_as("officer").get(url).status_code == 404


def test_the_form_of_a_meeting_names_what_its_day_moves_before_it_is_saved() -> None:
    day, officer, source = dt.date(2025, 11, 9), client_as("officer"), make.source()
    meeting = make.meeting(day, slug="jc-21")
    mention = FirstMention(meeting, source.paragraphs.get(number=1))
    pledge = make.commitment(occurred_on=day, mention=mention)
    hidden = make.commitment(
        title="Cut the fuel", occurred_on=day, mention=mention, classification=Clearance.SECRET
    )
    where, typed = "/meetings/jc-21/edit/", {"starts_on": "2025-12-09", "ends_on": "2025-12-09"}
    answer = sent(officer, where, **typed, day_reason="The minutes say so.")
    assert answer.status_code == 400
    assert f"are corrected too: {pledge.reference} and other commitments." in text_of(answer)
    assert hidden.reference not in text_of(answer)
    meeting.refresh_from_db()
    assert (meeting.starts_on, DayCorrection.objects.count()) == (day, 0)
    answer = officer.post(where, form_of(answer) | {"move_days": "on"})
    assert answer.status_code == 302
    assert {each.reason for each in DayCorrection.objects.all()} == {
        f"The day of “{meeting.title}” was corrected from 9 Nov 2025 to 9 Dec 2025: The minutes say so."
    }
    assert pledge.status_changes.get().happened_on == dt.date(2025, 12, 9)


def test_the_form_of_a_meeting_that_dated_nothing_asks_nothing_about_days(records: dict[str, Any]) -> None:
    assert "move_days" not in form_of(client_as("officer").get("/meetings/talks/edit/"))
    answer = sent(client_as("officer"), "/meetings/talks/edit/", starts_on="2024-07-12", ends_on="2024-07-13")
    assert answer.status_code == 302


@pytest.mark.parametrize("value", ["9" * 30, "9" * 18, "²", "\x00", "abc"])
def test_what_is_no_key_is_shown_as_it_was_sent(db: None, value: str) -> None:
    meeting = make.meeting(slug="talks", mechanism=make.mechanism())
    client = client_as(make.user("officer"))
    answer = client.post(
        f"/meetings/{meeting.slug}/edit/", {"mechanism": value, "country": value, "_seen": "x"}
    )
    assert answer.status_code in (400, 409)
    assert Meeting.objects.get().mechanism == meeting.mechanism
