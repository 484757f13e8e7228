"""Recording a meeting paragraph by paragraph: each decision is saved at once, with and without the script."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment, Mention, SetAside
from commitments.services.mentions import record_mention
from core import clock
from pages.recording.text import PAGE_SIZE, Recording
from relations.choices import MeetingStatus, ParagraphRole
from relations.models import Meeting, MeetingSource, Source
from relations.services.sources import ParagraphLabel, record_text
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
TEXT = "They agreed to open the gate.\n\nHai bên đề nghị xây cầu.\n\nភាគីទាំងពីរបានឯកភាពគ្នា។"
HERE = "/meetings/jc-21/record/minutes/"
FROM_SCRIPT = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def source(db: None) -> Source:
    text = make.source(TEXT, slug="minutes", title="Minutes")
    meeting = make.meeting(dt.date(2025, 12, 9), slug="jc-21", title="Joint Committee, 21st session")
    meeting.country = make.country("KH")
    meeting.save()
    for code in ("KH", "VN"):
        person = make.country(code).people.create(slug=code.lower(), name=code)
        meeting.participations.create(person=person, office="Minister", country=person.country)
    MeetingSource.objects.create(meeting=meeting, source=text)
    return text


def gate(**fields: Any) -> Commitment:
    return make.commitment(**{"title": "Open the gate", "text": "Open the gate at Moc Bai."} | fields)


def mention_of(pledge: Commitment, **fields: str) -> dict[str, str]:
    return {
        "commitment": pledge.reference,
        "kind": "reaffirmed",
        "modality": "agreed",
        "summary": "",
    } | fields


def new_one(**fields: Any) -> dict[str, Any]:
    make.theme()
    return {
        "title": "Build a bridge",
        "text": "Build a bridge.",
        "nature": "cooperation",
        "theme": "border",
        "parties": ["KH", "VN"],
        "obligated": ["VN"],
        "status": "agreed",
        "kind": "made",
        "modality": "suggested",
        "note": "Agreed there.",
        "classification": "0",
    } | fields


# -- the whole text -------------------------------------------------------------------------------------


def test_the_paragraphs_with_what_each_may_speak_of(officer: Client) -> None:
    pledge = gate()
    answer = officer.get(HERE)
    assert "0 of 3 paragraphs decided" in text_of(answer)
    first, second, third = answer.context["rows"]
    assert [each.reference for each in first.options] == [pledge.reference]
    assert (first.modality, second.modality, third.modality) == ("agreed", "suggested", "agreed")
    assert not second.options
    assert f'value="{pledge.reference}"' in answer.content.decode()


def test_headings_and_meetings_without_countries_get_no_suggestion(officer: Client) -> None:
    pledge = gate()
    text = "1. The gate\n\n2. The gate\n\n3. Open the gate\n\n4. They agreed to open the gate\n"
    labels = {1: ParagraphLabel("", ParagraphRole.HEADING), 2: ParagraphLabel(""), 4: ParagraphLabel("")}
    source = record_text(
        source=Source(slug="long", title="Long", kind="note_for_file"), text=text, labels=labels
    )
    meeting = Meeting.objects.get(slug="jc-21")
    MeetingSource.objects.create(meeting=meeting, source=source)

    def options(number: int) -> list[Commitment]:
        recording = Recording(Meeting.objects.get(pk=meeting.pk), source, make.user("officer"))
        return list(recording.row(source.paragraphs.get(number=number)).options)

    assert [options(number) for number in (1, 2, 3, 4)] == [[], [], [pledge], [pledge]]
    meeting.participations.all().delete()
    Meeting.objects.filter(pk=meeting.pk).update(country=None)
    assert [options(number) for number in (3, 4)] == [[], []]


def test_what_may_not_be_seen_is_neither_offered_nor_shown_nor_counted(
    officer: Client, source: Source
) -> None:
    cleared = make.user("officer", clearance=2)
    secret, meeting = gate(classification=2, title="Open the secret gate"), Meeting.objects.get(slug="jc-21")
    paragraph = source.paragraphs.get(number=1)
    record_mention(commitment=secret, actor=cleared, meeting=meeting, paragraph=paragraph, kind="made")
    for url in (HERE, f"{HERE}summary/", f"{HERE}1/?q=secret"):
        assert "secret gate" not in officer.get(url).content.decode()
        assert secret.reference not in officer.get(url).content.decode()
    assert "0 of 3" in text_of(officer.get(HERE))
    assert "1 of 3" in text_of(client_as(cleared).get(HERE))
    assert officer.post(f"{HERE}2/mentions/", mention_of(secret)).status_code == 400


def test_a_long_text_stands_on_several_pages_and_every_way_leads_to_the_right_one(officer: Client) -> None:
    long = make.source("\n\n".join(f"They agreed on {n}." for n in range(120)), slug="long")
    MeetingSource.objects.create(meeting=Meeting.objects.get(slug="jc-21"), source=long)
    here = "/meetings/jc-21/record/long/"
    for n in range(1, PAGE_SIZE + 2):
        officer.post(f"{here}{n}/nothing/")
    answer = officer.post(f"{here}{PAGE_SIZE + 2}/nothing/")
    assert answer["Location"] == f"{here}?page=2#p{PAGE_SIZE + 2}"
    first = officer.get(here)
    assert len(first.context["rows"]) == PAGE_SIZE
    assert f"{here}?page=2#p{PAGE_SIZE + 3}" in first.content.decode()
    assert officer.get(f"{here}?page=3").status_code == 200
    assert officer.get(f"{here}?page=4").status_code == 404
    assert officer.get(f"{here}?page=x").status_code == 404


def test_a_source_of_another_meeting_or_a_number_past_the_end_is_not_there(officer: Client) -> None:
    make.source(slug="stranger")
    for url in ("/meetings/jc-21/record/stranger/", f"{HERE}4/", f"{HERE}0/", "/meetings/x/record/minutes/"):
        assert officer.get(url).status_code == 404


@pytest.mark.parametrize("fields", [{"status": MeetingStatus.PLANNED}, {"starts_on": dt.date(2999, 1, 1)}])
def test_what_was_not_held_yet_has_nothing_to_record(officer: Client, fields: dict[str, Any]) -> None:
    Meeting.objects.filter(slug="jc-21").update(ends_on=None, **fields)
    for answer in (officer.get(HERE), officer.post(f"{HERE}1/nothing/")):
        assert answer["Location"] == "/meetings/record/?meeting=jc-21"
    assert not SetAside.objects.exists()


# -- a mention ------------------------------------------------------------------------------------------


def test_a_mention_is_the_row_that_the_admin_would_write(officer: Client, source: Source) -> None:
    pledge = gate()
    answer = officer.post(f"{HERE}1/mentions/", mention_of(pledge, summary="The gate."))
    assert answer["Location"] == f"{HERE}#p1"
    made = Mention.objects.get(meeting__slug="jc-21")
    assert (made.commitment, made.paragraph) == (pledge, source.paragraphs.get(number=1))
    assert (made.kind, made.modality, made.summary) == ("reaffirmed", "agreed", "The gate.")
    assert made.history.get().history_user.username.startswith("officer")
    assert "1 of 3 paragraphs decided" in text_of(officer.get(HERE))


def test_the_script_gets_the_paragraph_alone_and_how_far_the_text_is_read(officer: Client) -> None:
    answer = officer.post(f"{HERE}1/mentions/", mention_of(gate()), **FROM_SCRIPT)
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    body = answer.content.decode()
    assert body.strip().startswith("<li")
    assert "<html" not in body
    assert 'id="progress"' in body
    assert "1</strong> of 3" in body


def test_twice_is_said_and_written_once(officer: Client) -> None:
    pledge = gate()
    officer.post(f"{HERE}1/mentions/", mention_of(pledge))
    for extra in ({}, FROM_SCRIPT):
        answer = officer.post(f"{HERE}1/mentions/", mention_of(pledge), **extra)
        assert answer.status_code == 400
        assert "This mention is already recorded." in text_of(answer)
    assert Mention.objects.filter(meeting__slug="jc-21").count() == 1
    assert officer.post(f"{HERE}1/mentions/", mention_of(pledge, kind="progress")).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"commitment": "KHVN-1999-001"}, "There is no commitment with this reference."),
        ({"commitment": ""}, "Choose the commitment"),
        ({"kind": ""}, "Choose what the paragraph does"),
        ({"kind": "sworn"}, "sworn"),
        ({"modality": "sworn"}, "sworn"),
        ({"summary": "x" * 501}, "at most 500"),
    ],
)
def test_what_is_no_mention_is_refused_in_words(officer: Client, fields: dict[str, str], said: str) -> None:
    answer = officer.post(f"{HERE}1/mentions/", mention_of(gate(), **fields))
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not Mention.objects.filter(meeting__slug="jc-21").exists()


def test_it_is_taken_back_and_a_second_press_changes_nothing(officer: Client) -> None:
    officer.post(f"{HERE}1/mentions/", mention_of(gate()))
    made = Mention.objects.get(meeting__slug="jc-21")
    url = f"{HERE}1/mentions/{made.pk}/take-back/"
    assert url in officer.get(HERE).content.decode()
    for _ in range(2):
        assert officer.post(url)["Location"] == f"{HERE}#p1"
    assert not Mention.objects.filter(pk=made.pk).exists()
    gone = Mention.history.filter(id=made.pk, history_type="-").get()
    assert gone.history_user.username.startswith("officer")


def test_a_mention_elsewhere_is_not_taken_back_from_here(officer: Client) -> None:
    elsewhere = gate().mentions.get()
    officer.post(f"{HERE}1/mentions/{elsewhere.pk}/take-back/")
    assert Mention.objects.filter(pk=elsewhere.pk).exists()


# -- nothing --------------------------------------------------------------------------------------------


def test_nothing_is_kept_with_who_said_it_and_taken_back(officer: Client) -> None:
    for _ in range(2):
        assert officer.post(f"{HERE}3/nothing/")["Location"] == f"{HERE}#p3"
    kept = SetAside.objects.get()
    assert (kept.paragraph.number, kept.meeting.slug) == (3, "jc-21")
    assert f"Marked “nothing” by {kept.actor}" in text_of(officer.get(HERE))
    assert "1 of 3 paragraphs decided" in text_of(officer.get(HERE))
    officer.post(f"{HERE}3/nothing/", {"undo": "1"})
    assert "0 of 3 paragraphs decided" in text_of(officer.get(HERE))


def test_nothing_is_refused_where_another_officer_found_something_meanwhile(officer: Client) -> None:
    officer.post(f"{HERE}1/mentions/", mention_of(gate()))
    answer = client_as("officer").post(f"{HERE}1/nothing/")
    assert answer.status_code == 400
    assert "This paragraph now mentions" in text_of(answer)
    assert not SetAside.objects.exists()


def test_a_mention_outweighs_it(officer: Client) -> None:
    officer.post(f"{HERE}1/nothing/")
    officer.post(f"{HERE}1/mentions/", mention_of(gate()))
    summary = officer.get(f"{HERE}summary/").context["summary"]
    assert (summary.set_aside, summary.undecided) == ((), (2, 3))


# -- a search -------------------------------------------------------------------------------------------


def test_the_search_finds_by_any_spelling_and_puts_these_countries_first(officer: Client) -> None:
    far = make.commitment(title="Mở cửa khẩu Lao Bảo", codes=("LA", "VN"))
    near = make.commitment(title="Mở cửa khẩu Mộc Bài")
    answer = officer.get(f"{HERE}3/", {"q": "cua khau"})
    assert [each.pk for each in answer.context["row"].options] == [near.pk, far.pk]
    inside = make.commitment(title="Build gates", text="With border trade in view.")
    named = make.commitment(title="Promote border trade", text="They agreed to promote it.")
    answer = officer.get(f"{HERE}3/", {"q": "border trade"})
    assert [each.pk for each in answer.context["row"].options] == [named.pk, inside.pk]
    assert "No commitments match “zzz”" in text_of(officer.get(f"{HERE}3/", {"q": "zzz"}))
    assert officer.get(f"{HERE}3/", {"q": 'a"b -'}).status_code == 200


# -- a new commitment -----------------------------------------------------------------------------------


def test_the_form_begins_with_what_the_paragraph_gives_away(officer: Client) -> None:
    typed = form_of(officer.get(f"{HERE}1/new/"))
    assert typed["title"] == ["Open the gate"]
    assert typed["text"] == ["They agreed to open the gate."]
    assert (typed["modality"], typed["kind"], typed["status"]) == (["agreed"], ["made"], ["agreed"])
    assert (typed["parties"], typed["obligated"]) == (["KH", "VN"], ["KH", "VN"])
    assert typed["note"] == ["Agreed at Joint Committee, 21st session, §\u00a01."]
    asked = form_of(officer.get(f"{HERE}2/new/"))
    assert (asked["kind"], asked["status"]) == (["requested"], ["requested"])
    assert "obligated" not in asked


def test_with_one_side_named_the_form_offers_the_other_side_of_the_mechanism(officer: Client) -> None:
    meeting = Meeting.objects.get(slug="jc-21")
    meeting.mechanism, meeting.country = make.mechanism(codes=("KH", "VN")), make.country("TH")
    meeting.save()
    meeting.participations.filter(country__code="KH").delete()
    make.country("LA")
    answer = officer.get(f"{HERE}1/new/")
    assert form_of(answer)["parties"] == ["KH", "VN"]
    rows = answer.context["form"].countries()
    assert {row.code for row in rows if row.is_near} == {"KH", "TH", "VN"}


def test_it_is_registered_as_of_the_meeting_by_the_one_writer(officer: Client) -> None:
    answer = officer.post(
        f"{HERE}2/new/",
        new_one(deadline_wording="in 2026", deadline_earliest="2026-01-01", deadline_latest="2026-12-31"),
    )
    assert answer["Location"] == f"{HERE}#p2"
    made = Commitment.objects.get()
    assert made.reference == "KHVN-2025-001"
    assert (made.deadline_wording, made.deadline_latest) == ("in 2026", dt.date(2026, 12, 31))
    assert made.status_changes.get().occurred_on == dt.date(2025, 12, 9)
    assert made.edits.get().history_user.username.startswith("officer")
    shown = text_of(officer.get(HERE))
    assert "Registered here; cannot be undone" in shown
    answer = officer.post(f"{HERE}2/mentions/{made.mentions.get().pk}/take-back/")
    assert "cannot be undone" in text_of(answer)


def test_a_lead_agency_is_given_with_it(officer: Client) -> None:
    agency = make.agency("vn-mot", name="Ministry of Transport")
    shown = page_of(officer.get(f"{HERE}2/new/"))
    assert "VN: Ministry of Transport" in shown.texts("select[name=lead_agency] option")
    officer.post(f"{HERE}2/new/", new_one(lead_agency=agency.pk))
    held = Commitment.objects.get().assignments.get()
    assert (held.agency, held.role, held.focal_point) == (agency, "lead", None)
    assert held.history.get().history_user.username.startswith("officer")
    refused = officer.post(f"{HERE}3/new/", new_one(title="Another", lead_agency=0))
    assert refused.status_code == 400
    assert "Lead agency: Select a valid choice." in text_of(refused)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, "Title: This field is required."),
        ({"title": "x" * 301}, "at most 300"),
        ({"nature": ""}, "Nature: This field is required."),
        ({"parties": ["VN"], "obligated": ["VN"]}, "at least two countries"),
        ({"obligated": ["LA"]}, "is responsible but is not a party"),
        ({"parties": ["XX"]}, "“XX” was not found."),
        ({"status": "standing"}, "The first status must be requested or agreed."),
        ({"note": ""}, "Write a note"),
        ({"deadline_latest": "2026-12-31"}, "Enter the wording as agreed"),
        ({"deadline_wording": "x", "deadline_earliest": "2026-02-01", "deadline_latest": "2026-01-01"},
         "The latest date is before the earliest date."),
        ({"review_on": "2026-13-01"}, "is not a date"),
        ({"classification": "2"}, "is not one of the available choices"),
    ],
)  # fmt: skip
def test_a_fault_is_said_and_what_was_typed_is_kept(officer: Client, fields: dict, said: str) -> None:
    make.country("LA")
    for extra in ({}, FROM_SCRIPT):
        answer = officer.post(f"{HERE}2/new/", new_one(**fields), **extra)
        assert answer.status_code == 400
        assert said in text_of(answer)
        assert page_of(answer).one("[name=text]").text.strip() == "Build a bridge."
    assert not Commitment.objects.exists()


def test_a_form_sent_twice_registers_once(officer: Client) -> None:
    officer.post(f"{HERE}2/new/", new_one())
    answer = officer.post(f"{HERE}2/new/", new_one())
    assert answer.status_code == 400
    assert "KHVN-2025-001 was already registered from this paragraph" in text_of(answer)
    assert Commitment.objects.count() == 1


def test_an_officer_with_a_clearance_chooses_the_level(officer: Client) -> None:
    cleared = client_as("officer", clearance=2)
    assert cleared.post(f"{HERE}2/new/", new_one(classification="2")).status_code == 302
    assert Commitment.objects.get().classification == 2


# -- the end --------------------------------------------------------------------------------------------


def test_the_summary_says_what_was_made_mentioned_and_left(officer: Client) -> None:
    pledge = gate()
    planned = make.commitment(outcome_meeting=Meeting.objects.get(slug="jc-21"))
    officer.post(f"{HERE}1/mentions/", mention_of(pledge))
    officer.post(f"{HERE}1/mentions/", mention_of(pledge, kind="progress"))
    officer.post(f"{HERE}2/new/", new_one())
    officer.post(f"{HERE}3/nothing/")
    answer = officer.get(f"{HERE}summary/")
    found = answer.context["summary"]
    assert [line.commitment.title for line in found.registered] == ["Build a bridge"]
    assert [(group.key, [line.commitment.pk for line in group.lines]) for group in found.groups] == [
        ("reaffirmed", [pledge.pk]),
        ("progress", [pledge.pk]),
    ]
    assert (found.set_aside, found.undecided, found.planned) == ((3,), (), (planned,))
    assert f"/commitments/{planned.reference}/transitions/submit/" in answer.content.decode()
    assert "3 of 3 paragraphs decided" in text_of(answer)


def test_all_that_a_recording_made_gets_a_lead_agency_at_once(officer: Client) -> None:
    agency = make.agency("vn-mot")
    assert "Assign agency" not in text_of(officer.get(f"{HERE}summary/"))
    for number, title in ((1, "Build a bridge"), (2, "Open a road")):
        officer.post(f"{HERE}{number}/new/", new_one(title=title))
    officer.post(f"{HERE}3/mentions/", mention_of(gate()))
    summary = officer.get(f"{HERE}summary/")
    assert "Assign agency to 2 commitments" in text_of(summary)
    sent = dict(page_of(summary).one("form:has([name=then])").tree.fields)
    rows = [each["value"] for each in page_of(summary).select("form [name=row]")]
    chosen = officer.post("/commitments/bulk/new/", sent | {"row": rows})
    form = officer.get(chosen["Location"])
    assert page_of(form).one("h1").text == "Assign agency"
    done = officer.post(chosen["Location"], form_of(form) | {"agency": [agency.pk]}, follow=True)
    assert "2 updated, none refused." in text_of(done)
    assert page_of(done).links(".more")["Back to the list"] == "/commitments/?meeting=jc-21"
    leads = Commitment.objects.filter(assignments__agency=agency, assignments__role="lead")
    assert set(leads.values_list("title", flat=True)) == {"Build a bridge", "Open a road"}


# -- who, and how much it costs -------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_nobody_else_sees_or_does_anything_here(role: str) -> None:
    client, pledge = client_as(role), gate()
    for url in (HERE, f"{HERE}1/", f"{HERE}1/new/", f"{HERE}summary/"):
        assert client.get(url).status_code == 403
    for url, body in (("1/mentions/", mention_of(pledge)), ("1/nothing/", {}), ("2/new/", new_one())):
        assert client.post(HERE + url, body).status_code == 403
        assert Client().post(HERE + url, body)["Location"].startswith("/accounts/login/")
    assert not SetAside.objects.exists()
    assert not Mention.objects.filter(meeting__slug="jc-21").exists()


@pytest.mark.slow
def test_as_many_queries_for_thirty_paragraphs_as_for_three(officer: Client, queries) -> None:
    meeting, actor = Meeting.objects.get(slug="jc-21"), make.user("officer")

    def text(slug: str, paragraphs: int) -> str:
        words = "\n\n".join(f"They agreed to open gate {n}." for n in range(paragraphs))
        source = make.source(words, slug=slug)
        MeetingSource.objects.create(meeting=meeting, source=source)
        for n, paragraph in enumerate(source.paragraphs.all()):
            if n % 3 == 0:
                SetAside.objects.create(paragraph=paragraph, meeting=meeting, actor=actor)
            elif n % 3 == 1:
                for kind in ("made", "progress"):
                    pledge = gate(title=f"Open gate {n}")
                    record_mention(
                        commitment=pledge, actor=actor, meeting=meeting, paragraph=paragraph, kind=kind
                    )
        return f"/meetings/jc-21/record/{slug}/"

    few, many = text("few", 3), text("many", 30)
    for page in ("", "summary/", "2/", "2/?q=gate", "2/new/"):
        assert queries(officer, few + page) == queries(officer, many + page), page
    assert clock.today() >= meeting.day


def test_a_likely_twin_is_shown_and_registered_all_the_same_by_a_click_that_names_it(officer: Client) -> None:
    twin = make.commitment(title="Build the bridge", text="Build a bridge.")
    refused = officer.post(f"{HERE}2/new/", new_one(), **FROM_SCRIPT)
    assert refused.status_code == 409
    page = page_of(refused)
    assert page.links("[data-twins]") == {twin.reference: f"/commitments/{twin.reference}/"}
    assert "agreed; the same title" in page.one("[data-twins]").text
    assert page.one("[name=title]").text.strip() == "Build a bridge"
    assert Commitment.objects.count() == 1
    button = page.one("button[name=despite]")
    assert button.text == "Register all the same"
    again = officer.post(f"{HERE}2/new/", new_one(despite=button["value"]))
    assert (again.status_code, Commitment.objects.count()) == (302, 2)


# -- several paragraphs at once, and the weight of a page -------------------------------------------------


def record_long(paragraphs: list[str]) -> str:
    long = make.source("\n\n".join(paragraphs), slug="long")
    MeetingSource.objects.create(meeting=Meeting.objects.get(slug="jc-21"), source=long)
    return "/meetings/jc-21/record/long/"


def nothing_in() -> set[int]:
    return set(SetAside.objects.values_list("paragraph__number", flat=True))


def test_nothing_in_those_selected_in_what_looks_like_a_heading_and_in_the_rest(officer: Client) -> None:
    here = record_long(["Border", "They agreed to meet", "They met in Hà Nội.", "Trade", "They left."])
    officer.post(f"{here}2/mentions/", mention_of(gate()))
    assert officer.post(f"{here}nothing/", {"which": "ticked", "n": ["3", "2", "99", "x"]}).status_code == 302
    assert nothing_in() == {3}
    assert "2 that look like headings" in text_of(officer.get(here))
    answer = officer.post(f"{here}nothing/", {"which": "headings"})
    assert (answer["Location"], nothing_in()) == (f"{here}#p5", {3, 1, 4})
    officer.post(f"{here}nothing/", {"which": "rest"})
    assert nothing_in() == {1, 3, 4, 5}
    assert "5 of 5 paragraphs decided" in text_of(officer.get(here))
    assert officer.post(f"{here}nothing/", {"which": "all"}).status_code == 404


def test_the_last_nothing_in_several_is_undone_at_once(officer: Client) -> None:
    here = record_long([f"Item {n}." for n in range(5)])
    officer.post(f"{here}1/nothing/")
    assert page_of(officer.get(here)).select("#many [name=undo]") == []
    officer.post(f"{here}nothing/", {"which": "rest"})
    undo = page_of(officer.get(here)).one("#many [name=undo]")
    assert undo.text == "Undo “nothing” in 4 paragraphs"
    shown = officer.post(f"{here}nothing/", {"undo": undo["value"], "first": "1", "last": "3"}, **FROM_SCRIPT)
    assert [row.paragraph.number for row in shown.context["rows"]] == [2, 3]
    assert nothing_in() == {1}
    for bad in ("", "x", "2025-01-01T00:00:00", "2025-13-01T00:00:00+00:00"):
        assert officer.post(f"{here}nothing/", {"undo": bad}).status_code == 404


def test_a_long_page_is_light_and_opens_where_the_first_undecided_paragraph_is(officer: Client) -> None:
    for n in range(30):
        gate(title=f"Open the gate number {n}")
    long_words = (
        "They agreed to open the gate of Moc Bai and to keep it open, as the experts of both sides proposed. "
    )
    here = record_long([long_words * 2 for _n in range(365)])
    SetAside.objects.bulk_create(
        SetAside(paragraph=each, meeting=Meeting.objects.get(slug="jc-21"), actor=make.user("officer"))
        for each in Source.objects.get(slug="long").paragraphs.filter(number__lte=60)
    )
    answer = officer.get(here)
    assert answer.context["page"].number == 2
    assert [row.paragraph.number for row in answer.context["rows"] if row.is_drawn] == [61, 62, 63]
    for page in range(1, 9):
        assert len(officer.get(f"{here}?page={page}").content) < 100_000


def test_a_decision_brings_the_next_undecided_paragraph_with_its_forms(officer: Client) -> None:
    pledge = gate()
    here = record_long(["They met.", "They thanked.", "They agreed to open the gate.", "They left."])
    officer.post(f"{here}2/nothing/")
    rows = officer.post(f"{here}1/nothing/", **FROM_SCRIPT).context["rows"]
    assert [(row.paragraph.number, row.is_drawn) for row in rows] == [(1, True), (3, True)]
    assert rows[1].options == (pledge,)


# -- deleting a text --------------------------------------------------------------------------------------


def test_a_text_is_deleted_after_a_question_if_it_records_nothing(officer: Client) -> None:
    assert page_of(officer.get(HERE)).links(".rec-end")["Delete this text"] == f"{HERE}delete/"
    asked = text_of(officer.get(f"{HERE}delete/"))
    assert "“Minutes” and its 3 paragraphs will be deleted." in asked
    assert Source.objects.filter(slug="minutes").exists()
    answer = officer.post(f"{HERE}delete/")
    assert answer["Location"] == "/meetings/record/?meeting=jc-21"
    assert not Source.objects.filter(slug="minutes").exists()


def test_a_text_that_records_something_is_not_deleted(officer: Client) -> None:
    officer.post(f"{HERE}1/mentions/", mention_of(gate()))
    assert "Delete this text" not in page_of(officer.get(HERE)).links(".rec-end")
    for ask in (officer.get, officer.post):
        answer = ask(f"{HERE}delete/")
        assert answer.status_code == 409
        assert "other records depend on it" in text_of(answer)
    assert Source.objects.filter(slug="minutes").exists()
