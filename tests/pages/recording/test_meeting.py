"""The form to record a meeting saves the meeting, its participants and its text, or nothing."""

import datetime as dt
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import SetAside
from core import clock
from core.documents import reading
from core.documents.kinds import Kind
from relations.choices import MeetingStatus
from relations.models import Meeting, MeetingSource, Person, Source
from tests import factories as make
from tests.clients import client_as
from tests.core.documents.misbehaving import PDF
from tests.html import form_of, page_of, text_of
from tests.relations.services.documents import pdf, word

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
        "participants-TOTAL_FORMS": "2",
        "participants-INITIAL_FORMS": "0",
        "document-title": "Biên bản",
        "document-kind": "agreed_minutes",
        "document-publisher": "MOFA",
        "document-published_on": "2026-01-21",
        "document-text": TEXT,
    }
    return known | changes


def nothing_saved() -> bool:
    return not (Meeting.objects.exists() or Source.objects.exists() or Person.objects.exists())


def test_a_new_meeting_with_its_people_and_its_text(officer: Client) -> None:
    person = Person.objects.create(slug="prak-sokhonn", name="Prak Sokhonn", country=make.country("KH"))
    make.country("VN")
    data = filled(
        **{
            "participants-0-name": "prak  SOKHONN",
            "participants-0-office": "Minister",
            "participants-0-role": "co_chair",
            "participants-1-name": "Đỗ Văn Hòa",
            "participants-1-office": "Vụ trưởng",
            "participants-1-country": "VN",
            "participants-1-role": "participant",
            "participants-1-new": "on",
        }
    )
    answer = officer.post(NEW, data)
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
    answer = officer.post(
        NEW, filled(**{"document-text": "", "document-file": SimpleUploadedFile(name, content)})
    )
    assert answer.status_code == 302
    assert Source.objects.get().paragraphs.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", pdf(()), "no text"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.txt", "nhất trí".encode("utf-16")[3:], "is not plain text"),
        ("a.txt", "nhất trí".encode("cp1258", "replace") + b"\xea", "is not in UTF-8"),
        ("a.exe", b"MZ", "Choose a .txt, .docx, .pdf, .png"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_of_its_field(
    officer: Client, name: str, content: bytes, message: str
) -> None:
    answer = officer.post(
        NEW, filled(**{"document-text": "", "document-file": SimpleUploadedFile(name, content)})
    )
    assert answer.status_code == 400
    assert message in answer.context["form"].document.errors["file"][0]
    assert form_of(answer)["meeting-title"] == ["Talks in Huế"]
    assert nothing_saved()


def test_a_text_in_a_code_page_is_asked_about(officer: Client) -> None:
    def send(**changes: str) -> Any:
        file = SimpleUploadedFile("a.txt", "Hai bên đón đoàn.".encode("cp1258"))
        return officer.post(NEW, filled(**{"document-text": "", "document-file": file, **changes}))

    assert "document-code_page" not in form_of(officer.get(NEW))
    asked = send()
    assert asked.status_code == 400
    assert form_of(asked)["document-code_page"] == [""]
    assert nothing_saved()
    preview = send(**{"document-code_page": "cp1258", "preview": ""})
    assert form_of(preview)["document-text"] == ["Hai bên đón đoàn."]
    assert "Check the letters with diacritics" in text_of(preview)
    assert send(**{"document-code_page": "cp1258"}).status_code == 302
    assert Source.objects.get().paragraphs.get().text == "Hai bên đón đoàn."


def test_a_person_chooses_how_the_letters_of_a_file_are_read_and_may_choose_again(officer: Client) -> None:
    def form(answer: Any) -> dict[str, Any]:
        kept = {name: form_of(answer)[name][0] for name in ("document-kept", "document-code_page")}
        return filled(
            **{"document-text": form_of(answer)["document-text"][0], **kept, "document-keeps": "on"}
        )

    file = SimpleUploadedFile("a.txt", "Hai bên đón đoàn.".encode("cp1258"))
    asked = officer.post(NEW, filled(**{"document-text": "", "document-file": file, "read": ""}))
    assert "Hai bên đón đoàn." in text_of(asked)
    assert "Hai bên ðón ðoàn." in text_of(asked)
    assert nothing_saved()
    wrong = officer.post(NEW, {**form(asked), "in-code-page": "cp1252"})
    assert form_of(wrong)["document-text"] == ["Hai bên ðón ðoàn."]
    right = officer.post(NEW, {**form(wrong), "in-code-page": "cp1258"})
    assert form_of(right)["document-text"] == ["Hai bên đón đoàn."]
    assert officer.post(NEW, form(right)).status_code == 302
    source = Source.objects.get()
    assert source.paragraphs.get().text == "Hai bên đón đoàn."
    assert source.papers.get().file_name == "a.txt"


def test_a_document_that_never_ends_is_an_error_of_its_field(
    officer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(reading._MODULES, Kind.PDF, "tests.core.documents.misbehaving")
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.5)
    file = SimpleUploadedFile("minutes.pdf", PDF + f"hang {tmp_path / 'pid'}".encode())
    answer = officer.post(NEW, filled(**{"document-text": "", "document-file": file}))
    assert answer.status_code == 400
    assert "“minutes.pdf” takes too long to read" in text_of(answer)
    assert nothing_saved()


def test_a_server_that_reads_other_documents_says_so(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_processes", BoundedSemaphore(1))
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.01)
    with reading._processes:
        file = SimpleUploadedFile("a.pdf", pdf(("They agreed.",)))
        answer = officer.post(NEW, filled(**{"document-text": "", "document-file": file}))
    assert answer.status_code == 400
    assert "The server is reading other documents" in text_of(answer)


def test_text_read_from_a_file_stays_while_another_error_is_corrected(officer: Client) -> None:
    file = SimpleUploadedFile("a.docx", word("They agreed.", "They met."))
    answer = officer.post(NEW, filled(**{"document-text": "", "document-title": "", "document-file": file}))
    assert answer.status_code == 400
    form = form_of(answer)
    assert form["document-text"] == ["They agreed.\r\n\r\nThey met."]
    assert nothing_saved()
    form["document-title"] = ["Biên bản"]
    assert officer.post(NEW, form).status_code == 302


def test_text_and_file_together_are_refused(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"document-file": SimpleUploadedFile("a.txt", b"They met.")}))
    assert "not both" in answer.context["form"].document.errors["file"][0]
    assert nothing_saved()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"document-text": " "}, "document-text", "Paste the text"),
        ({"meeting-starts_on": ""}, "meeting-starts_on", "Enter the date"),
        ({"meeting-starts_on": "2999-01-01"}, "meeting-starts_on", "after today"),
        ({"meeting-ends_on": "2026-01-19"}, "meeting-title", "The last day lies before the first"),
        ({"meeting-session": "3"}, "meeting-title", "needs a mechanism"),
        ({"document-kind": ""}, "document-kind", "required"),
        (
            {"participants-0-name": "Nobody Known", "participants-0-office": "x"},
            "participants-0-name",
            "Participant 1, Nobody Known: Name: Nobody with this name is recorded. Tick “New person”",
        ),
        ({"participants-0-office": "Minister"}, "participants-0-name", "Participant 1: Name: This field is"),
        (
            {
                "participants-0-name": "X Y",
                "participants-0-office": "x",
                "participants-0-new": "on",
                "participants-0-role": "participant",
            },
            "participants-0-country",
            "Choose the country of the new person",
        ),
        (
            {
                "meeting-starts_on": "",
                "meeting-window_earliest": "2025-01-01",
                "meeting-window_latest": "2999-12-31",
            },
            "meeting-starts_on",
            "Enter the date. If it is unknown, enter a window whose latest day is not after today.",
        ),
    ],
)
def test_an_error_is_shown_and_nothing_is_saved(
    officer: Client, changes: dict[str, str], field: str, message: str
) -> None:
    answer = officer.post(NEW, filled(**changes))
    assert answer.status_code == 400
    assert message in text_of(answer)
    if field != "meeting-title":
        assert f"id_{field}" in [control for control, _message in answer.context["errors"]]
    assert nothing_saved()


def test_an_unknown_date_becomes_a_window(officer: Client) -> None:
    window = {
        "meeting-starts_on": "",
        "meeting-window_wording": "February 2025",
        "meeting-window_earliest": "2025-02-01",
        "meeting-window_latest": "2025-02-28",
    }
    assert officer.post(NEW, filled(**window)).status_code == 302
    assert Meeting.objects.get().day == dt.date(2025, 2, 1)


def test_a_person_cannot_participate_twice(officer: Client) -> None:
    meeting = make.meeting()
    person = Person.objects.create(slug="x-y", name="X Y", country=make.country("KH"))
    meeting.participations.create(person=person, office="Minister", country=person.country)
    participant = {
        "participants-0-name": "X Y",
        "participants-0-office": "Minister",
        "participants-0-role": "participant",
    }
    answer = officer.post(f"/meetings/record/?meeting={meeting.slug}", filled(**participant))
    assert "is already a participant" in text_of(answer)
    again = {name.replace("-0-", "-1-"): value for name, value in participant.items()}
    answer = officer.post(NEW, filled(**participant, **again))
    assert "is already a participant" in text_of(answer)


def test_a_second_click_records_nothing_twice(officer: Client) -> None:
    officer.post(NEW, filled())
    answer = officer.post(NEW, filled())
    assert answer.status_code == 400
    assert "is already recorded. Choose it instead" in text_of(answer)
    answer = officer.post("/meetings/record/?meeting=talks-in-hue", filled())
    assert "already recorded for this meeting" in text_of(answer)
    assert Source.objects.count() == 1


def test_more_rows_and_a_preview_save_nothing_and_show_no_errors(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"more": "", "meeting-title": ""}))
    assert answer.status_code == 200
    assert len(answer.context["form"].participants.forms) == 6
    answer = officer.post(NEW, filled(**{"preview": "", "meeting-title": "", "document-title": ""}))
    assert answer.status_code == 200
    assert [each.text for each in answer.context["form"].document.paragraphs] == TEXT.split("\n\n")
    assert "Preview: 2 paragraphs" in text_of(answer)
    assert nothing_saved()


PAPER = (
    "Minutes\n\n1. They met.\n\n2. They spoke. 3. They agreed.\n\n"
    "II. TRADE\n\n1. They will trade.\n\n2. They left."
)


def test_paragraphs_keep_the_labels_of_the_paper(officer: Client) -> None:
    officer.post(NEW, filled(**{"document-text": PAPER}))
    source = Source.objects.get()
    assert [(each.number, each.citation, each.role, each.text) for each in source.paragraphs.all()] == [
        (1, "[1]", "heading", "Minutes"),
        (2, "1", "paragraph", "They met."),
        (3, "2", "paragraph", "They spoke. 3. They agreed."),
        (4, "II", "heading", "TRADE"),
        (5, "II.1", "paragraph", "They will trade."),
        (6, "II.2", "paragraph", "They left."),
    ]
    page = officer.get(f"/sources/{source.slug}/")
    assert "II.2" in text_of(page)


def test_headings_are_shown_and_need_no_decision(officer: Client) -> None:
    officer.post(NEW, filled(**{"document-text": PAPER}))
    meeting, source = Meeting.objects.get(), Source.objects.get()
    page = officer.get(f"/meetings/{meeting.slug}/record/{source.slug}/")
    assert "0 of 4 paragraphs decided" in text_of(page)
    assert "Heading: needs no decision" in text_of(page)
    for number in (1, 2):
        officer.post(f"/meetings/{meeting.slug}/record/{source.slug}/{number}/nothing/")
    assert "1 of 4 paragraphs decided" in text_of(officer.get("/meetings/record/"))


def test_a_number_inside_a_paragraph_is_told_and_split_before_anything_is_kept(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"document-text": PAPER, "preview": ""}))
    assert "1 paragraph may be read wrongly" in text_of(answer)
    assert "Split here, before 3" in text_of(answer)
    answer = officer.post(NEW, filled(**{"document-text": PAPER, "paper": "split:3"}))
    document = answer.context["form"].document
    assert [each.label for each in document.paragraphs] == ["", "1", "2", "3", "II", "II.1", "II.2"]
    assert "They spoke.\n\n3. They agreed." in document["text"].value()
    assert nothing_saved()


@pytest.mark.parametrize(
    ("edit", "paragraphs"),
    [
        ("heading:1", ["heading They met", "They spoke of trade.", "They left."]),
        ("paragraph:1", ["They met", "They spoke of trade.", "They left."]),
        ("join:3", ["heading They met", "They spoke of trade. They left."]),
        ("join:1", ["heading They met", "They spoke of trade.", "They left."]),
        ("split:2", ["heading They met", "They spoke of trade.", "They left."]),
        ("join:99", ["heading They met", "They spoke of trade.", "They left."]),
        ("unknown:1", ["heading They met", "They spoke of trade.", "They left."]),
    ],
)
def test_what_was_read_wrongly_is_mended_in_the_preview(
    officer: Client, edit: str, paragraphs: list[str]
) -> None:
    text = "They met\n\nThey spoke of trade.\n\nThey left."
    answer = officer.post(NEW, filled(**{"document-text": text, "paper": edit}))
    document = answer.context["form"].document
    found = [f"heading {each.text}" if each.role == "heading" else each.text for each in document.paragraphs]
    assert found == paragraphs
    assert nothing_saved()


def test_a_planned_meeting_becomes_held_with_its_first_text(officer: Client) -> None:
    meeting = make.meeting(None, slug="jc-22", status=MeetingStatus.PLANNED, window_wording="in 2026")
    url = "/meetings/record/?meeting=jc-22"
    assert "This meeting is recorded as planned" in text_of(officer.get(url))
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
    assert "No meetings match “<nothing>”" in text_of(answer)
    assert "?meeting=new&amp;q=%3Cnothing%3E" in answer.content.decode()
    assert officer.get("/meetings/record/?meeting=unknown").status_code == 404


def test_the_page_says_when_there_are_more_meetings(officer: Client) -> None:
    make.many_meetings(11, make.meeting(title="Talks"))
    assert "Search by title or place" not in text_of(officer.get("/meetings/record/"))
    make.meeting(title="Talks again")
    answer = officer.get("/meetings/record/")
    assert "These are the latest meetings. Search by title or place to find an earlier one." in text_of(
        answer
    )
    assert len(answer.context["meetings"]) == 12
    assert "Add a word to your search" in text_of(officer.get("/meetings/record/", {"q": "talks"}))


def test_errors_of_the_meeting_and_of_the_document_name_different_fields(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"meeting-title": "", "document-title": ""}))
    assert [message for _id, message in answer.context["errors"]] == [
        "Title: This field is required.",
        "Title of the document: This field is required.",
    ]


def test_the_empty_choice_is_the_same_in_every_list(officer: Client) -> None:
    page = page_of(officer.get(NEW))
    assert "---" not in page.text
    assert page.texts('option[value=""][selected]') == ["–"] * 9


def test_fields_of_which_one_is_required_are_not_called_optional(officer: Client) -> None:
    page = page_of(officer.get(NEW))
    for name in ("meeting-starts_on", "document-text", "document-file"):
        assert "optional" not in page.one(f'label[for="id_{name}"]').text
    assert "optional" in page.one('label[for="id_meeting-ends_on"]').text


def test_unfinished_texts_are_listed(officer: Client) -> None:
    actor = make.user("officer")

    def text(title: str, decided: int) -> Source:
        source, meeting = make.source(title=title), make.meeting()
        MeetingSource.objects.create(meeting=meeting, source=source)
        for paragraph in source.paragraphs.all()[:decided]:
            SetAside.objects.create(paragraph=paragraph, meeting=meeting, actor=actor)
        return source

    text("Not begun", 0), text("Begun", 2), text("Read", 3)
    read_elsewhere = text("Read for another", 1)
    MeetingSource.objects.create(meeting=make.meeting(), source=read_elsewhere)
    texts = officer.get("/meetings/record/").context["unfinished"]
    assert [(text.source.title, text.decided, text.total) for text in texts] == [
        ("Read for another", 1, 3),
        ("Begun", 2, 3),
        ("Not begun", 0, 3),
    ]


def test_only_an_officer_sees_the_link_and_may_record(officer: Client) -> None:
    for client, allowed in ((officer, True), (client_as("reviewer"), False)):
        assert ("/meetings/record/" in client.get("/meetings/").content.decode()) is allowed
        assert client.get("/meetings/record/").status_code == (200 if allowed else 403)
        assert client.post(NEW, filled()).status_code == (302 if allowed else 403)


def test_the_number_of_queries_does_not_grow_with_the_records(officer: Client, queries) -> None:
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


def test_a_meeting_recorded_already_is_shown_and_recorded_all_the_same_by_a_click(officer: Client) -> None:
    there = make.meeting(dt.date(2026, 1, 20), slug="talks", title="Talks of the ministers")
    person = make.country("KH").people.create(slug="prak-sokhonn", name="Prak Sokhonn")
    there.participations.create(person=person, office="Minister", country=person.country)
    who = {"participants-0-name": "Prak Sokhonn", "participants-0-office": "Minister"}
    who["participants-0-role"] = "participant"
    refused = officer.post(NEW, filled(**who))
    assert (refused.status_code, Meeting.objects.count(), Source.objects.count()) == (409, 1, 0)
    page = page_of(refused)
    assert page.links(".notice--bad") == {"Talks of the ministers": "/meetings/talks/"}
    assert page.one("[name=document-text]").text.split() == TEXT.split()
    again = officer.post(NEW, filled(**who, despite=page.one("button[name=despite]")["value"]))
    assert (again.status_code, Meeting.objects.count()) == (302, 2)


MINUTES = (
    "Minutes of the talks on water\n\n1. The sides met in Huế on 20 January 2026.\n\n2. Prak Sokhonn spoke."
)


@pytest.fixture
def in_february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 2, 1))


@pytest.mark.usefixtures("in_february")
def test_the_form_begins_with_the_text_and_the_rest_is_proposed_from_it(officer: Client) -> None:
    make.meeting(dt.date(2025, 1, 1), place="Huế", country=make.country("VN"), title="Before")
    person = Person.objects.create(slug="prak-sokhonn", name="Prak Sokhonn", country=make.country("KH"))
    page = page_of(officer.get(NEW))
    assert page.texts("form h2")[:2] == ["Text", "Meeting"]
    blank = {"participants-TOTAL_FORMS": "4", "participants-INITIAL_FORMS": "0", "document-text": MINUTES}
    answer = officer.post(NEW, {**blank, "read": ""})
    assert answer.status_code == 200
    values = form_of(answer)
    assert values["meeting-title"] == ["Minutes of the talks on water"]
    assert values["document-title"] == ["Minutes of the talks on water"]
    assert (values["meeting-starts_on"], values["meeting-place"]) == (["2026-01-20"], ["Huế"])
    assert values["participants-0-name"] == [person.name]
    assert values["participants-0-country"] == ["KH"]
    words = text_of(answer)
    proposed = "Title, Starts on, Place, Host country, Title of the document, Participants."
    assert f"Proposed from the text, please check: {proposed}" in words
    assert "Please correct" not in words
    assert Meeting.objects.count() == 1


@pytest.mark.usefixtures("in_february")
def test_what_was_entered_stays_and_a_file_is_read_once(officer: Client) -> None:
    file = SimpleUploadedFile("minutes.txt", MINUTES.encode())
    data = filled(**{"document-text": "", "document-file": file, "meeting-starts_on": "", "read": ""})
    answer = officer.post(NEW, data)
    values = form_of(answer)
    assert values["document-text"][0].startswith("Minutes of the talks on water")
    assert values["meeting-title"] == ["Talks in Huế"]
    assert values["document-title"] == ["Biên bản"]
    assert values["meeting-starts_on"] == ["2026-01-20"]
    assert nothing_saved()


def test_reading_without_a_text_says_so_and_nothing_to_propose_too(officer: Client) -> None:
    answer = officer.post(NEW, filled(**{"document-text": "", "read": ""}))
    assert answer.status_code == 400
    assert "Paste the text, or choose a file." in text_of(answer)
    answer = officer.post(NEW, filled(**{"document-text": "Both sides met.", "read": ""}))
    assert "The text names nothing that could be proposed for an empty field." in text_of(answer)
