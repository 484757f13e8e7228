"""Mending the record in the admin."""

import datetime as dt
from typing import Any

import pytest

from commitments.models import Commitment, DayCorrection
from commitments.services.entered_in_error import enter_in_error
from commitments.services.registration import FirstMention
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


def shown_form(client: Any, url: str, **typed: str) -> dict[str, Any]:
    return {**form_of(client.get(url), "meeting_form" if "meeting" in url else ""), **typed}


def test_a_reviewer_enters_a_commitment_in_error_and_its_page_still_opens() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    base = f"/admin/commitments/commitment/{pledge.pk}/"
    where = page_of(reviewer.get(f"{base}change/")).links(".menu__sheet")["Entered in error"]
    answer = reviewer.post(where, {"what": f"commitment-{pledge.pk}", "reason": "Never said."}, follow=True)
    assert "Entered in error: it counts nowhere" in text_of(answer)
    assert pledge.reference not in text_of(reviewer.get("/admin/commitments/commitment/"))
    assert "No error after all" in text_of(reviewer.get(f"{base}change/"))


def test_what_was_entered_in_error_is_registered_again_from_a_filled_form() -> None:
    officer, source = make.user("officer"), make.source()
    meeting = make.meeting()
    meeting.source_links.create(source=source)
    wrong = make.commitment(
        title="Build the gate",
        actor=officer,
        obligated=("KH",),
        mention=FirstMention(meeting, source.paragraphs.get(number=2)),
    )
    enter_in_error(thing=wrong, actor=officer, reason="Laos is a party.")
    client = client_as(officer)
    where = page_of(client.get(wrong.get_absolute_url())).links(".menu__sheet")["Register again"]
    data = form_of(client.get(where), "commitment_form")
    assert data["title"] == ["Build the gate"]
    assert wrong.reference in data["note"][0]
    answer = client.post(where, {**data, "parties": [make.country(code).pk for code in ("KH", "LA", "VN")]})
    assert answer.status_code == 302, text_of(answer)
    again = Commitment.objects.get(prefix="KHLAVN")
    assert (again.title, again.mentions.get().paragraph.number) == ("Build the gate", 2)
    assert wrong.reference in again.status_changes.get().note


def test_a_reviewer_corrects_a_day() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    base = f"/admin/commitments/commitment/{pledge.pk}/change/"
    where = page_of(reviewer.get(base)).links(".menu__sheet")["Correct a day"]
    assert client_as("officer").get(where).status_code == 403
    reviewer.post(where, {"number": "1", "on": "2024-07-10", "reason": "Misread."})
    assert pledge.status_changes.get().happened_on == dt.date(2024, 7, 10)


def test_the_form_of_a_meeting_names_what_its_day_moves_before_it_is_saved() -> None:
    officer, source = client_as("officer"), make.source()
    meeting = make.meeting(dt.date(2025, 11, 9))
    pledge = make.commitment(
        occurred_on=dt.date(2025, 11, 9), mention=FirstMention(meeting, source.paragraphs.get(number=1))
    )
    where = f"/admin/relations/meeting/{meeting.pk}/change/"
    typed = {"starts_on": "2025-12-09", "ends_on": "2025-12-09", "day_reason": "The minutes say so."}
    answer = officer.post(where, shown_form(officer, where, **typed))
    assert answer.status_code == 200
    assert f"are corrected too: {pledge.reference}." in text_of(answer)
    assert not DayCorrection.objects.exists()
    answer = officer.post(where, shown_form(officer, where, **typed, move_days="on"))
    assert answer.status_code == 302, text_of(answer)
    correction = DayCorrection.objects.get()
    assert correction.reason.endswith("9 Dec 2025: The minutes say so.")
    assert correction.actor is not None
    assert Commitment.objects.get().status_changes.get().happened_on == dt.date(2025, 12, 9)
