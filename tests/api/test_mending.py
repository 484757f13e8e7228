"""Mending over HTTP: what was entered in error, and days that were wrong."""

import datetime as dt
from typing import Any

import pytest

from commitments.services.progress import record_progress
from commitments.services.registration import FirstMention
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.api.conftest import address, post
from tests.api.records import patch
from tests.clients import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> Any:
    return make.commitment()


def references(client: Any, query: str = "") -> list[str]:
    rows = client.get(f"/api/v1/commitments/?{query}").json()["results"]
    return [row["reference"] for row in rows]


def test_a_commitment_is_noted_and_found_only_where_it_is_asked_for(pledge: Any) -> None:
    reviewer, other = client_as("reviewer"), make.commitment()
    made = post(reviewer, address(pledge, "entered-in-error/"), {"reason": "Never said."})
    assert made.status_code == 201
    (note,) = made.json()["entered_in_error"]
    assert (note["reason"], "lifted" in note) == ("Never said.", False)
    assert made.json()["available_transitions"] == []
    assert references(reviewer) == [other.reference]
    assert references(reviewer, "entered_in_error=false") == [other.reference]
    assert references(reviewer, "entered_in_error=true") == [pledge.reference]
    assert references(reviewer, "q=Pledge&state=open") == [other.reference]
    assert reviewer.get(address(pledge)).json()["entered_in_error"] == [note]


def test_a_note_is_lifted_by_another(pledge: Any) -> None:
    reviewer = client_as("reviewer")
    post(reviewer, address(pledge, "entered-in-error/"), {"reason": "Never said."})
    lifted = post(reviewer, address(pledge, "entered-in-error/"), {"reason": "Page 3.", "lift": True})
    assert lifted.status_code == 201
    assert lifted.json()["entered_in_error"][0]["lifted"]["reason"] == "Page 3."
    assert references(reviewer) == [pledge.reference]


def test_refusals_in_their_order(pledge: Any) -> None:
    reviewer, reader, where = client_as("reviewer"), client_as("reader"), address(pledge, "entered-in-error/")
    assert post(reader, where, {"reason": "x"}).status_code == 403
    answer = post(reviewer, where, {})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"reason"})
    answer = post(reviewer, where, {"reason": "x", "lift": True})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"lift"})
    post(reviewer, where, {"reason": "Never said."})
    again = post(reviewer, where, {"reason": "Never said."})
    assert (again.status_code, again.json()["detail"]) == (409, "It was entered in error already.")
    begun = post(client_as("officer"), address(pledge, "transitions/"), {"transition": "start", "note": "x"})
    assert begun.status_code == 409
    assert "entered in error" in begun.json()["detail"]
    edited = client_as("officer").patch(
        address(pledge), {"title": "New"}, content_type="application/json", headers={"If-Match": "*"}
    )
    assert (edited.status_code, "entered in error" in edited.json()["detail"]) == (409, True)


def test_progress_in_error_is_in_no_list_and_keeps_its_address(pledge: Any) -> None:
    reviewer = client_as("reviewer")
    update = record_progress(commitment=pledge, actor=make.user("officer"), achieved="Half.")
    where = address(pledge, f"progress/{update.pk}/")
    made = post(reviewer, f"{where}entered-in-error/", {"reason": "Of another pledge."})
    assert (made.status_code, made["Location"]) == (201, where)
    assert reviewer.get(address(pledge, "progress/")).json()["results"] == []
    (found,) = reviewer.get(address(pledge, "progress/?entered_in_error=true")).json()["results"]
    assert found["id"] == update.pk
    assert reviewer.get(address(pledge, "progress/?entered_in_error=yes")).status_code == 400
    assert reviewer.get(address(pledge)).json()["progress"] == []
    assert reviewer.get(where).json()["entered_in_error"][0]["reason"] == "Of another pledge."


def test_the_only_mention_stays(pledge: Any) -> None:
    mention = pledge.mentions.get()
    answer = post(
        client_as("reviewer"), address(pledge, f"mentions/{mention.pk}/entered-in-error/"), {"reason": "x"}
    )
    assert answer.status_code == 409
    assert "only mention" in answer.json()["detail"]


def test_an_officer_mends_what_they_have_just_registered_over_http() -> None:
    officer = client_as("officer")
    meeting, note = make.meeting(slug="talks"), make.source(slug="note")
    meeting.source_links.create(source=note)
    make.theme("border"), make.country("KH"), make.country("VN")
    body = {
        "title": "Build it",
        "text": "Build it.",
        "nature": "event",
        "theme": "border",
        "parties": ["KH", "VN"],
        "obligated": ["VN"],
        "note": "Agreed.",
        "mention": {"meeting": "talks", "source": "note", "paragraph": 1, "kind": "made"},
    }
    made = post(officer, "/api/v1/commitments/", body)
    assert made.status_code == 201, made.json()
    other = client_as("officer")
    assert post(other, f"{made['Location']}entered-in-error/", {"reason": "x"}).status_code == 403
    assert post(officer, f"{made['Location']}entered-in-error/", {"reason": "Wrong."}).status_code == 201
    assert references(officer) == []


def test_the_exports_show_what_the_list_shows(pledge: Any) -> None:
    reviewer = client_as("reviewer")
    post(reviewer, address(pledge, "entered-in-error/"), {"reason": "Never said."})
    for query, found in (("", False), ("?entered_in_error=true", True)):
        for address_of in ("export.csv", "export.json", "print/", ""):
            answer = reviewer.get(f"/commitments/{address_of}{query}")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert (pledge.reference.encode() in content) == found, (address_of, query)


def test_a_reviewer_corrects_the_day_of_a_change() -> None:
    pledge = make.commitment()
    where = f"/api/v1/commitments/{pledge.reference}/transitions/1/day/"
    body = {"on": "2024-07-10", "reason": "Misread."}
    assert post(client_as("officer"), where, body).status_code == 403
    reviewer = client_as("reviewer")
    told = post(reviewer, where, body).json()
    assert told["occurred_on"] == "2024-07-13"
    assert [(each["on"], each["reason"]) for each in told["corrected"]] == [("2024-07-10", "Misread.")]
    (listed,) = reviewer.get(f"/api/v1/commitments/{pledge.reference}/").json()["status_history"]
    assert (listed["on"], listed["corrected"][0]["on"]) == ("2024-07-13", "2024-07-10")
    late = post(reviewer, where, {"on": "2999-01-01", "reason": "x"})
    assert (late.status_code, list(late.json()["errors"])) == (400, ["on"])
    assert post(reviewer, where.replace("/1/", "/9/"), body).status_code == 404


def test_the_answer_to_a_corrected_day_of_a_meeting_tells_which_commitments_followed() -> None:
    meeting, note = make.meeting(dt.date(2024, 7, 13), slug="talks"), make.source(slug="note")
    paragraph = note.paragraphs.get(number=1)

    mention = FirstMention(meeting, paragraph)
    first = make.commitment(mention=mention)
    secret = make.commitment(mention=mention, classification=2)
    kept = make.commitment(mention=mention)
    apply_transition(
        commitment=kept,
        name="start",
        actor=make.user("officer"),
        note="Begun.",
        occurred_on=dt.date(2024, 7, 14),
    )
    officer = client_as("officer")
    plain = patch(officer, "meetings/talks", {"place": "Hanoi"})
    assert "corrected" not in plain.json()
    body = {"starts_on": "2024-07-20", "ends_on": "2024-07-20"}
    told = patch(officer, "meetings/talks", body)
    assert told.status_code == 200
    assert (told.json()["corrected"], told.json()["not_corrected"]) == ([first.reference], [kept.reference])
    assert secret.reference not in told.content.decode()
    read = officer.get("/api/v1/meetings/talks/")
    assert (read["ETag"], "corrected" in read.json()) == (told["ETag"], False)
    again = patch(officer, "meetings/talks", {"corrected": told.json()["corrected"]})
    assert (again.status_code, again["ETag"]) == (200, told["ETag"])
