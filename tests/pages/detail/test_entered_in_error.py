"""The form that says what was entered in error, and the page that says so afterwards."""

from typing import Any

import pytest

from commitments.services.progress import record_progress
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


def form_address(pledge: Any) -> str:
    return f"/commitments/{pledge.reference}/entered-in-error/"


def send(client: Any, pledge: Any, what: str, reason: str) -> Any:
    data = form_of(client.get(form_address(pledge)))
    return client.post(form_address(pledge), data | {"what": what, "reason": reason}, follow=True)


def test_a_reviewer_enters_a_commitment_in_error_and_says_it_was_none() -> None:
    pledge, reviewer = make.commitment(title="Build the gate"), client_as("reviewer")
    assert "Entered in error" in page_of(reviewer.get(pledge.get_absolute_url())).texts(".menu__sheet a")
    words = text_of(send(reviewer, pledge, f"commitment-{pledge.pk}", "Never said."))
    assert "It was noted as entered in error." in words
    shown = page_of(reviewer.get(pledge.get_absolute_url()))
    assert shown.texts("h1 s") == ["Build the gate"]
    assert "Never said." in shown.text
    assert shown.texts(".history s") == ["The commitment itself"]
    assert "Record progress" not in shown.text
    assert "No error after all" in shown.texts(".menu__sheet a")
    send(reviewer, pledge, f"commitment-{pledge.pk}", "Page 3.")
    shown = page_of(reviewer.get(pledge.get_absolute_url()))
    assert shown.texts("h1 s") == []
    assert "Page 3." in shown.text


def test_a_progress_update_in_error_is_struck_through_in_the_history() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    update = record_progress(commitment=pledge, actor=make.user("officer"), achieved="Half of it.")
    send(reviewer, pledge, f"progressupdate-{update.pk}", "Of another pledge.")
    shown = page_of(reviewer.get(pledge.get_absolute_url()))
    (struck,) = shown.texts(".history s")
    assert struck.endswith("Half of it.")
    assert shown.texts(".report") == []
    choices = text_of(reviewer.get(form_address(pledge)))
    assert "No error after all: Progress update" in choices


def test_bad_input_is_named_and_changes_nothing() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    answer = reviewer.post(form_address(pledge), {"reason": "Long words, not lost."})
    assert answer.status_code == 400
    assert "Choose what was entered in error." in text_of(answer)
    assert "Long words, not lost." in text_of(answer)
    mention = pledge.mentions.get()
    answer = reviewer.post(form_address(pledge), {"what": f"mention-{mention.pk}", "reason": "x"})
    assert answer.status_code == 409
    assert "only mention" in text_of(answer)
    assert not pledge.error_notes.exists()


def test_an_officer_sees_only_their_own_slip() -> None:
    officer, pledge = make.user("officer"), make.commitment()
    client = client_as(officer)
    assert "Entered in error" not in page_of(client.get(pledge.get_absolute_url())).texts(".menu__sheet a")
    assert client.get(form_address(pledge)).status_code == 403
    record_progress(commitment=pledge, actor=officer, achieved="Half of it.")
    labels = page_of(client.get(form_address(pledge))).texts("fieldset label")
    assert len(labels) == 1
    assert labels[0].endswith("Half of it.")


def test_forms_of_a_commitment_in_error_say_so() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    send(reviewer, pledge, f"commitment-{pledge.pk}", "Never said.")
    officer = client_as("officer")
    parts = ("progress", "evidence", "deadline", "transitions/start", "edit", "edit/title", "edit/agencies")
    for client, part in ((reviewer, "merge"), *((officer, part) for part in parts)):
        answer = client.get(f"/commitments/{pledge.reference}/{part}/")
        assert (answer.status_code, part) == (409, part)
        assert "entered in error" in text_of(answer)


def test_a_commitment_in_error_offers_nothing_that_cannot_be_done() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    assert "Assign agency" in page_of(client_as("officer").get(pledge.get_absolute_url())).links("main")
    send(reviewer, pledge, f"commitment-{pledge.pk}", "Never said.")
    for client in (reviewer, client_as("officer")):
        offered = page_of(client.get(pledge.get_absolute_url())).links("main")
        assert not {"Assign agency", "Edit", "Merge with another", "Correct a day"} & offered.keys()


def test_a_reviewer_corrects_a_day_and_the_wrong_one_is_struck_through() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    where = f"/commitments/{pledge.reference}/days/"
    data = form_of(reviewer.get(where))
    answer = reviewer.post(where, data | {"on": "2999-01-01", "reason": "Long words, not lost."})
    assert (answer.status_code, "is after today" in text_of(answer)) == (400, True)
    assert "Long words, not lost." in text_of(answer)
    reviewer.post(where, data | {"on": "2024-07-10", "reason": "Misread."})
    shown = page_of(reviewer.get(pledge.get_absolute_url()))
    assert shown.texts(".history s") == ["13 Jul 2024"]
    assert "10 Jul 2024: Misread." in shown.text
    reviewer.post(where, data | {"on": "2024-07-13", "reason": "It was right."})
    assert page_of(reviewer.get(pledge.get_absolute_url())).texts(".history s") == []


def test_the_list_of_errors_counts_the_register_without_them() -> None:
    pledge, reviewer = make.commitment(), client_as("reviewer")
    make.commitment(), make.commitment()
    send(reviewer, pledge, f"commitment-{pledge.pk}", "Never said.")
    listed = page_of(reviewer.get("/commitments/?entered_in_error=true"))
    assert [words.split()[0] for words in listed.texts("td.ref")] == [pledge.reference]
    assert "1 of 2 recorded" in listed.text
    assert len(page_of(reviewer.get("/commitments/")).texts("td.ref")) == 2
