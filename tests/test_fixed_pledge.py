"""What was pledged stays while a reviewer decides on it and once that is decided: by door, status and part.

Written by hand from docs/rules.md#editing; nothing is read from the code.
"""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.services.transitions import apply_transition
from relations.models import MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db

PARTS: dict[str, tuple[Any, Any]] = {
    "title": ("Old title", "New title"),
    "text": ("Old text.\nIn two lines.", "New text."),
    "nature": ("cooperation", "event"),
    "obligated": (["KH", "VN"], ["VN"]),
    "deadline": ("soon", "in 2031"),
}
FIXED = {
    "under_review": ("title", "text", "nature", "obligated", "deadline"),
    "dropped": ("nature", "obligated", "deadline"),
}
NAMED = {"under_review": ("“return”", "“withdraw”"), "dropped": ("“reopen”",)}
"""The transitions that must come first."""


def pledge_of() -> Commitment:
    meeting, source = make.meeting(), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return make.commitment(
        title=PARTS["title"][0],
        text=PARTS["text"][0],
        deadline_wording="soon",
        mention=make.FirstMention(meeting, source.paragraphs.get(number=1)),
    )


def move_to(pledge: Commitment, status: str) -> None:
    officer = make.user("officer")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    if status == "dropped":
        apply_transition(commitment=pledge, name="confirm", actor=make.user("reviewer"))


def parts_of(pledge: Commitment) -> dict[str, Any]:
    now = Commitment.objects.get(pk=pledge.pk)
    obligated = now.parties.filter(role="obligated").order_by("country__code")
    return {
        **{name: getattr(now, name) for name in ("title", "text", "nature")},
        "obligated": list(obligated.values_list("country__code", flat=True)),
        "deadline": now.deadline_wording,
    }


BEFORE = {name: before for name, (before, _after) in PARTS.items()}


def by_api(client: Client, pledge: Commitment, part: str, **more: Any) -> Any:
    where, value = f"/api/v1/commitments/{pledge.reference}/", PARTS[part][1]
    if part == "deadline":
        body = {"deadline": {"wording": value}, "reason": "x"}
        return client.post(f"{where}deadline-changes/", body, "application/json")
    return client.patch(where, {part: value, **more}, "application/json", headers={"If-Match": "*"})


def admin_form(client: Client, pledge: Commitment) -> dict[str, list[str]]:
    return form_of(client.get(f"/admin/commitments/commitment/{pledge.pk}/change/"), "commitment_form")


def save(client: Client, pledge: Commitment, form: dict[str, list[str]], part: str = "", **more: str) -> Any:
    typed = {key: [value] for key, value in more.items()}
    if part == "obligated":
        typed[part] = [str(make.country("VN").pk)]
    elif part:
        typed[part] = [PARTS[part][1]]
    return client.post(f"/admin/commitments/commitment/{pledge.pk}/change/", form | typed)


@pytest.mark.parametrize("status", FIXED)
def test_the_api_refuses_an_edit_of_the_pledge_and_names_what_must_come_first(status: str) -> None:
    pledge, officer = pledge_of(), client_as("officer", "reviewer")
    move_to(pledge, status)
    for part in FIXED[status]:
        answer = by_api(officer, pledge, part, reason="Read again.")
        assert answer.status_code == 409, part
        told = answer.json()
        assert (list(told["errors"]), told["current_status"]) == ([part], status)
        assert all(name in told["detail"] for name in NAMED[status])
    assert parts_of(pledge) == BEFORE


@pytest.mark.parametrize("status", FIXED)
def test_an_admin_form_that_was_open_meanwhile_is_refused_and_keeps_the_input(status: str) -> None:
    pledge, officer = pledge_of(), client_as("officer")
    form = admin_form(officer, pledge)
    move_to(pledge, status)
    for part in (*FIXED[status], "title", "text"):
        if part == "deadline":
            continue
        answer = save(officer, pledge, form, part)
        assert answer.status_code == 409, part
        kept = form_of(answer, "commitment_form")
        value = [str(make.country("VN").pk)] if part == "obligated" else [PARTS[part][1]]
        assert kept[part] == value
        words = NAMED[status] if part in FIXED[status] else ("Only a reviewer can correct",)
        assert all(name in text_of(answer) for name in words)
    assert parts_of(pledge) == BEFORE
    assert save(officer, pledge, form, remarks="Still open to edits.").status_code == 302
    assert (Commitment.objects.get(pk=pledge.pk).remarks, parts_of(pledge)) == (
        "Still open to edits.",
        BEFORE,
    )


@pytest.mark.parametrize("status", FIXED)
def test_the_admin_form_shows_the_pledge_read_only_and_says_why(status: str) -> None:
    pledge, officer = pledge_of(), client_as("officer")
    move_to(pledge, status)
    response = officer.get(f"/admin/commitments/commitment/{pledge.pk}/change/")
    form, page = form_of(response, "commitment_form"), page_of(response)
    assert not {"title", "text", "nature", "obligated", "reason"} & form.keys()
    assert {"theme", "remarks", "classification"} <= form.keys()
    assert "Old title" in page.text
    assert "Cambodia and Viet Nam" in page.text
    assert all(name in page.one("fieldset .description").text for name in NAMED[status])
    assert f"/commitments/{pledge.reference}/deadline/" not in page.links().values()
    answer = save(officer, pledge, form, "title", remarks="Noted.", nature="event")
    assert answer.status_code == 302
    assert (Commitment.objects.get(pk=pledge.pk).remarks, parts_of(pledge)) == ("Noted.", BEFORE)
    if status == "under_review":
        form = admin_form(officer, pledge)
        submitter = pledge.status_changes.get(transition="submit").actor
        apply_transition(commitment=pledge, name="withdraw", actor=submitter)
        form["remarks"] = ["Noted again."]
        assert save(officer, pledge, form).status_code == 302


@pytest.mark.parametrize("status", FIXED)
def test_the_pages_of_the_deadline_are_refused_and_not_offered(status: str) -> None:
    pledge, officer = pledge_of(), client_as("officer")
    move_to(pledge, status)
    site = f"/commitments/{pledge.reference}/deadline/"
    typed = {"wording": "in 2031", "reason": "Typed with care."}
    for address in (site, f"/admin/commitments/commitment/{pledge.pk}/deadline/"):
        shown, answer = officer.get(address, follow=True), officer.post(address, typed, follow=True)
        assert (shown.status_code, answer.status_code) == (409, 409)
        assert all(name in text_of(each) for each in (shown, answer) for name in NAMED[status])
        assert form_of(answer)["reason"] == ["Typed with care."]
    assert site not in page_of(officer.get(f"/commitments/{pledge.reference}/")).links().values()
    assert parts_of(pledge) == BEFORE


def test_a_value_that_does_not_change_is_no_edit() -> None:
    pledge, officer = pledge_of(), client_as("officer")
    move_to(pledge, "under_review")
    where = f"/api/v1/commitments/{pledge.reference}/"
    same = {name: before for name, before in BEFORE.items() if name != "deadline"}
    answer = officer.patch(
        where, {**same, "remarks": "Noted."}, "application/json", headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["remarks"]) == (200, "Noted.")


def test_only_a_reviewer_corrects_the_title_and_the_text_of_a_closed_commitment_with_a_reason() -> None:
    pledge = pledge_of()
    officer, reviewer, reader = client_as("officer"), client_as("reviewer"), client_as("reader")
    assert by_api(reviewer, pledge, "title", reason="x").status_code == 403
    move_to(pledge, "dropped")
    for part in ("title", "text"):
        assert by_api(reader, pledge, part, reason="x").status_code == 403
        assert by_api(officer, pledge, part, reason="x").status_code == 403
        missing = by_api(reviewer, pledge, part)
        assert (missing.status_code, list(missing.json()["errors"])) == (400, ["reason"])
    assert by_api(reviewer, pledge, "nature", reason="x").status_code == 403
    assert parts_of(pledge) == BEFORE
    assert by_api(reviewer, pledge, "text", reason="A slip.").status_code == 200
    assert pledge.edits.first().history_change_reason == "A slip."

    form = admin_form(reviewer, pledge)
    assert {"title", "text"} <= form.keys()
    assert not {"nature", "theme", "remarks", "classification", "obligated"} & form.keys()
    missing = save(reviewer, pledge, form, "title")
    assert missing.status_code == 200
    assert "Say why the title or the text is corrected." in text_of(missing)
    assert form_of(missing, "commitment_form")["title"] == ["New title"]
    assert save(reviewer, pledge, form, "title", reason="A slip again.", nature="event").status_code == 302
    assert parts_of(pledge) == BEFORE | {"title": "New title", "text": "New text."}
    edit = pledge.edits.first()
    assert (edit.title, edit.history_change_reason) == ("New title", "A slip again.")


def test_who_is_officer_and_reviewer_edits_the_rest_of_a_closed_commitment_without_a_reason() -> None:
    pledge, both = pledge_of(), client_as("officer", "reviewer")
    move_to(pledge, "dropped")
    assert save(both, pledge, admin_form(both, pledge), remarks="Noted.").status_code == 302
    assert (Commitment.objects.get(pk=pledge.pk).remarks, parts_of(pledge)) == ("Noted.", BEFORE)
