"""Recording a meeting, its beginning: the meeting, the people and the text, or nothing at all."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import SetAside
from core import clock
from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Person, Source
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of
from tests.relations.services.papers import pdf, word

pytestmark = pytest.mark.django_db
NEW = "/meetings/record/?meeting=new"
TEXT = "Hai bên nhất trí mở cửa khẩu.\n\nភាគីទាំងពីរបានឯកភាពគ្នា។"


def filled(**changes: Any) -> dict[str, Any]:
    known = {
        "meeting-title": "Talks in Huế",
        "meeting-form": "talks",
        "meeting-level": "minister",
        "meeting-starts_on": "2026-01-20",
        "meeting-place": "Huế",
        "seats-TOTAL_FORMS": "2",
        "seats-INITIAL_FORMS": "0",
        "paper-title": "Biên bản",
        "paper-kind": "agreed_minutes",
        "paper-publisher": "MOFA",
        "paper-published_on": "2026-01-21",
        "paper-text": TEXT,
    }
    return known | changes


def nothing_saved() -> bool:
    return not (Meeting.objects.exists() or Source.objects.exists() or Person.objects.exists())


def test_a_new_meeting_with_its_people_and_its_text(officer: Client) -> None:
    person = Person.objects.create(slug="prak-sokhonn", name="Prak Sokhonn", country=make.country("KH"))
    make.country("VN")
    asked = filled(
        **{
            "seats-0-name": "prak  SOKHONN",
            "seats-0-office": "Minister",
            "seats-0-role": "co_chair",
            "seats-1-name": "Đỗ Văn Hòa",
            "seats-1-office": "Vụ trưởng",
            "seats-1-country": "VN",
            "seats-1-role": "participant",
            "seats-1-new": "on",
        }
    )
    answer = officer.post(NEW, asked)
    assert answer["Location"] == "/meetings/talks-in-hue/record/bien-ban/"
    meeting, source = Meeting.objects.get(), Source.objects.get()
    assert (meeting.status, meeting.day, meeting.ends_on) == (
        "held",
        dt.date(2026, 1, 20),
        dt.date(2026, 1, 20),
    )
    assert [(p.person.name, p.country.code, p.role) for p in meeting.participations.all()] == [
        ("Prak Sokhonn", "KH", "co_chair"),
        ("Đỗ Văn Hòa", "VN", "participant"),
    ]
    assert meeting.participations.first().person == person  # type: ignore[union-attr]
    assert [p.text for p in source.paragraphs.all()] == TEXT.split("\n\n")
    assert list(meeting.sources.all()) == [source]
    for record in (meeting, source, *meeting.participations.all(), Person.objects.get(slug="do-van-hoa")):
        assert record.history.get().history_user.username.startswith("officer")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", TEXT.encode()),
        ("a.docx", word(*TEXT.split("\n\n"))),
        ("a.pdf", pdf(("They agreed.", "", "They met."))),
    ],
)
def test_the_text_may_come_from_a_file(officer: Client, name: str, content: bytes) -> None:
    answer = officer.post(NEW, filled(**{"paper-text": "", "paper-file": SimpleUploadedFile(name, content)}))
    assert answer.status_code == 302
    assert Source.objects.get().paragraphs.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", pdf(()), "no text"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.txt", "nhất trí".encode("utf-16")[3:], "UTF-8"),
        ("a.exe", b"MZ", "Give a .txt, .docx or .pdf file"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_at_its_field(
    officer: Client, name: str, content: bytes, said: str
) -> None:
    answer = officer.post(NEW, filled(**{"paper-text": "", "paper-file": SimpleUploadedFile(name, content)}))
    assert answer.status_code == 400
    assert said in answer.context["form"].paper.errors["file"][0]
    assert form_of(answer)["meeting-title"] == ["Talks in Huế"]
    assert nothing_saved()


def test_text_that_was_read_from_a_file_is_kept_while_another_fault_is_mended(officer: Client) -> None:
    file = SimpleUploadedFile("a.docx", word("They agreed.", "They met."))
    answer = officer.post(NEW, filled(**{"paper-text": "", "paper-title": "", "paper-file": file}))
    assert answer.status_code == 400
    kept = form_of(answer)
    assert kept["paper-text"] == ["They agreed.\r\n\r\nThey met."]
    assert nothing_saved()
    kept["paper-title"] = ["Biên bản"]
    assert officer.post(NEW, kept).status_code == 302


def test_text_and_file_at_once_is_too_much(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"paper-file": SimpleUploadedFile("a.txt", b"They met.")}))
    assert "not both" in answer.context["form"].paper.errors["file"][0]
    assert nothing_saved()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"paper-text": " "}, "paper-text", "Paste the text"),
        ({"meeting-starts_on": ""}, "meeting-starts_on", "Give the day"),
        ({"meeting-starts_on": "2999-01-01"}, "meeting-starts_on", "after today"),
        ({"meeting-ends_on": "2026-01-19"}, "meeting-title", "The last day lies before the first"),
        ({"meeting-session": "3"}, "meeting-title", "needs a mechanism"),
        ({"paper-kind": ""}, "paper-kind", "required"),
        ({"seats-0-name": "Nobody Known", "seats-0-office": "x"}, "seats-0-name", "Tick “New person”"),
        ({"seats-0-office": "Minister"}, "seats-0-name", "required"),
        (
            {
                "seats-0-name": "X Y",
                "seats-0-office": "x",
                "seats-0-new": "on",
                "seats-0-role": "participant",
            },
            "seats-0-country",
            "for which country",
        ),
    ],
)
def test_a_fault_is_said_and_nothing_is_saved(
    officer: Client, changes: dict[str, str], field: str, said: str
) -> None:
    answer = officer.post(NEW, filled(**changes))
    assert answer.status_code == 400
    assert said in text_of(answer)
    if field != "meeting-title":
        assert f"id_{field}" in [place for place, _message in answer.context["faults"]]
    assert nothing_saved()


def test_a_day_that_is_not_known_is_a_window(officer: Client) -> None:
    window = {
        "meeting-starts_on": "",
        "meeting-window_wording": "February 2025",
        "meeting-window_earliest": "2025-02-01",
        "meeting-window_latest": "2025-02-28",
    }
    assert officer.post(NEW, filled(**window)).status_code == 302
    assert Meeting.objects.get().day == dt.date(2025, 2, 1)


def test_nobody_sits_twice(officer: Client) -> None:
    meeting = make.meeting()
    person = Person.objects.create(slug="x-y", name="X Y", country=make.country("KH"))
    meeting.participations.create(person=person, office="Minister", country=person.country)
    seat = {"seats-0-name": "X Y", "seats-0-office": "Minister", "seats-0-role": "participant"}
    answer = officer.post(f"/meetings/record/?meeting={meeting.slug}", filled(**seat))
    assert "is among the participants already" in text_of(answer)
    again = {name.replace("-0-", "-1-"): value for name, value in seat.items()}
    answer = officer.post(NEW, filled(**seat, **again))
    assert "is among the participants already" in text_of(answer)


def test_a_second_press_records_nothing_twice(officer: Client) -> None:
    officer.post(NEW, filled())
    answer = officer.post(NEW, filled())
    assert answer.status_code == 400
    assert "is on record. Choose it instead" in text_of(answer)
    answer = officer.post("/meetings/record/?meeting=talks-in-hue", filled())
    assert "recorded for this meeting already" in text_of(answer)
    assert Source.objects.count() == 1


def test_more_rows_and_a_look_at_the_paragraphs_record_nothing_and_blame_nothing(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"more": "", "meeting-title": ""}))
    assert answer.status_code == 200
    assert len(answer.context["form"].seats.forms) == 6
    answer = officer.post(NEW, filled(**{"look": "", "meeting-title": "", "paper-title": ""}))
    assert answer.status_code == 200
    assert [wording for _n, wording in answer.context["form"].paper.paragraphs] == TEXT.split("\n\n")
    assert "It would be 2 paragraphs" in text_of(answer)
    assert nothing_saved()


def test_an_expected_meeting_is_held_with_its_first_text(officer: Client) -> None:
    meeting = make.meeting(None, slug="jc-22", status=MeetingStatus.PLANNED, window_wording="in 2026")
    url = "/meetings/record/?meeting=jc-22"
    assert "It is on record as planned" in text_of(officer.get(url))
    assert officer.post(url, filled(**{"meeting-starts_on": ""})).status_code == 400
    assert Meeting.objects.get().status == "planned"
    assert officer.post(url, filled()).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.day, meeting.place) == ("held", dt.date(2026, 1, 20), "Huế")
    assert meeting.title != "Talks in Huế"


def test_choosing_finds_without_diacritics_and_offers_a_new_one(officer: Client) -> None:
    make.meeting(title="Họp Ủy ban hỗn hợp")
    assert "Họp Ủy ban hỗn hợp" in text_of(officer.get("/meetings/record/", {"q": "uy ban hop"}))
    answer = officer.get("/meetings/record/", {"q": "<nothing>"})
    assert "No meeting fits “<nothing>”" in text_of(answer)
    assert "?meeting=new&amp;q=%3Cnothing%3E" in answer.content.decode()
    assert officer.get("/meetings/record/?meeting=unknown").status_code == 404


def test_meetings_beyond_those_that_are_shown_are_not_passed_over_in_silence(officer: Client) -> None:
    make.many_meetings(11, make.meeting(title="Talks"))
    assert "Search by title or place" not in text_of(officer.get("/meetings/record/"))
    make.meeting(title="Talks again")
    answer = officer.get("/meetings/record/")
    assert "These are the latest. Search by title or place to find an earlier one." in text_of(answer)
    assert len(answer.context["meetings"]) == 12
    assert "Search for further words" in text_of(officer.get("/meetings/record/", {"q": "talks"}))


def test_faults_of_the_meeting_and_of_the_paper_are_told_apart(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"meeting-title": "", "paper-title": ""}))
    assert [message for _id, message in answer.context["faults"]] == [
        "Title: This field is required.",
        "Title of the paper: This field is required.",
    ]


def test_nothing_chosen_is_written_alike_in_every_list(officer: Client) -> None:
    page = officer.get(NEW).content.decode()
    assert "---" not in page
    assert page.count('<option value="" selected>–</option>') == 9


def test_what_is_wanted_one_way_or_another_is_not_called_optional(officer: Client) -> None:
    page = officer.get(NEW).content.decode()
    for name in ("meeting-starts_on", "paper-text", "paper-file"):
        label = page.split(f'<label for="id_{name}">')[1].split("</label>")[0]
        assert "optional" not in label
    assert "optional" in page.split('<label for="id_meeting-ends_on">')[1].split("</label>")[0]


def test_texts_that_were_not_read_to_the_end_are_offered(officer: Client) -> None:
    actor = make.user("officer")

    def text(title: str, decided: int) -> Source:
        source, meeting = make.source(title=title), make.meeting()
        MeetingSource.objects.create(meeting=meeting, source=source)
        for paragraph in source.paragraphs.all()[:decided]:
            SetAside.objects.create(paragraph=paragraph, meeting=meeting, actor=actor)
        return source

    text("Not begun", 0), text("Begun", 2), text("Read", 3)
    named_in_passing = text("Read for another", 1)
    MeetingSource.objects.create(meeting=make.meeting(), source=named_in_passing)
    links = officer.get("/meetings/record/").context["unfinished"]
    assert [(link.source.title, link.decided, link.total) for link in links] == [
        ("Read for another", 1, 3),
        ("Begun", 2, 3),
        ("Not begun", 0, 3),
    ]


def test_only_an_officer_is_shown_the_way(officer: Client) -> None:
    for client, there in ((officer, True), (client_as("reviewer"), False)):
        assert ("/meetings/record/" in client.get("/meetings/").content.decode()) is there
        assert client.get("/meetings/record/").status_code == (200 if there else 403)
        assert client.post(NEW, filled()).status_code == (302 if there else 403)


@pytest.mark.slow
def test_the_beginning_takes_as_many_queries_for_many_as_for_few(officer: Client, queries) -> None:
    def counts() -> tuple[int, int]:
        return queries(officer, "/meetings/record/"), queries(officer, NEW)

    def a_text(n: int) -> None:
        source, meeting = make.source(), make.meeting(clock.today())
        MeetingSource.objects.create(meeting=meeting, source=source)
        person = Person.objects.create(slug=f"p-{n}", name=f"P {n}", country=make.country("KH"))
        meeting.participations.create(person=person, office="x", country=person.country)

    a_text(0)
    few = counts()
    for n in range(1, 13):
        a_text(n)
    assert counts() == few
