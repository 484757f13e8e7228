"""The form page of a transition in the admin: its fields, its refusals, and the input that it keeps."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.models import Commitment
from commitments.services.progress import add_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

LINK = EvidenceGiven("Minutes", "https://example.org/m")
pytestmark = pytest.mark.django_db


def url(pledge: Commitment, name: str) -> str:
    return f"/admin/commitments/commitment/{pledge.pk}/transition/{name}/"


def typed(client: Client, pledge: Commitment, name: str, **values: Any) -> dict[str, Any]:
    return form_of(client.get(url(pledge, name))) | {key: [value] for key, value in values.items()}


def status(pledge: Commitment) -> str:
    return Commitment.objects.get(pk=pledge.pk).status


FIELDS = {
    "agree": {"seen", "note", "occurred_on"},
    "start": {"seen", "note", "occurred_on"},
    "stall": {"seen", "note", "occurred_on"},
    "submit": {"seen", "note", "delivered_on", "outcome", "successor"},
    "confirm": {"stamp", "note", "outcome", "successor"},
    "return": {"stamp", "note"},
    "withdraw": {"seen", "note"},
    "uphold": {"seen", "note", "occurred_on"},
    "correct": {"seen", "note"},
    "reopen": {"seen", "note"},
}


def test_every_transition_but_the_first_has_a_form_with_its_own_fields() -> None:
    submitter = make.user("officer")
    waiting = make.commitment()
    apply_transition(commitment=waiting, name="submit", actor=submitter, note="x", outcome="dropped")
    begun = make.commitment()
    apply_transition(commitment=begun, name="start", actor=submitter, note="x")
    pledges = {
        "agree": make.commitment("requested"),
        "start": make.commitment(),
        "stall": make.commitment(),
        "submit": make.commitment(),
        "uphold": make.commitment(),
        "reopen": make.commitment("dropped"),
        "correct": begun,
        **dict.fromkeys(("confirm", "return", "withdraw"), waiting),
    }
    assert {*FIELDS, "register"} == set(TRANSITIONS)
    for name, fields in FIELDS.items():
        client = client_as(submitter) if name == "withdraw" else client_as("officer", "reviewer")
        page = client.get(url(pledges[name], name))
        assert page.status_code == 200, name
        assert set(page.context["form"].fields) == fields, name


def test_a_transition_is_made_and_confirmed_in_a_message() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "start", note="Work has begun.", occurred_on="2025-03-01")
    response = officer.post(url(pledge, "start"), data, follow=True)
    assert status(pledge) == "in_progress"
    assert f"{pledge.reference} is now in progress." in text_of(response)
    change = pledge.status_changes.get(transition="start")
    assert (change.note, change.occurred_on.isoformat()) == ("Work has begun.", "2025-03-01")


@pytest.mark.parametrize("name", ["confirm", "return"])
def test_a_reviewer_reads_the_submission_and_the_history_before_deciding(name: str) -> None:
    pledge = make.commitment()
    apply_transition(
        commitment=pledge,
        name="submit",
        actor=make.user("officer", first_name="Oscar", last_name=""),
        note="Opened by both ministers.",
        outcome="fulfilled",
        delivered_on=dt.date(2025, 6, 1),
        evidence=[LINK],
    )
    page = page_of(client_as("reviewer").get(url(pledge, name)))
    submission = page.one("[aria-labelledby=submission-h]").text
    assert "Oscar proposes: Fulfilled delivered on 1 Jun 2025" in submission
    assert "Opened by both ministers." in submission
    assert page.links("[aria-labelledby=submission-h]") == {"Minutes": "https://example.org/m"}
    assert "Opened by both ministers." in page.texts(".history tbody tr")[-1]


def test_a_submission_stores_outcome_date_and_evidence() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "submit", note="Held.", outcome="fulfilled", delivered_on="2025-06-01")
    data |= {
        "evidence-0-title": ["Minutes"],
        "evidence-0-url": ["https://example.org/1"],
        "evidence-1-title": ["Report"],
        "evidence-1-url": ["https://example.org/2"],
        "evidence-1-type": ["report"],
    }
    assert officer.post(url(pledge, "submit"), data).status_code == 302
    change = pledge.status_changes.get(transition="submit")
    assert (change.outcome, change.delivered_on.isoformat()) == ("fulfilled", "2025-06-01")
    assert set(change.evidence.values_list("title", "type")) == {("Minutes", "other"), ("Report", "report")}


def test_a_successor_is_chosen_by_its_primary_key() -> None:
    pledge, better, officer = make.commitment(), make.commitment(), client_as("officer")
    secret = make.commitment(classification=3)
    data = typed(officer, pledge, "submit", note="x", outcome="superseded", successor=secret.pk)
    assert officer.post(url(pledge, "submit"), data).context["form"].errors["successor"]
    data = typed(officer, pledge, "submit", note="x", outcome="superseded", successor=better.pk)
    assert officer.post(url(pledge, "submit"), data).status_code == 302
    reviewer = client_as("reviewer")
    assert reviewer.post(url(pledge, "confirm"), typed(reviewer, pledge, "confirm")).status_code == 302
    assert Commitment.objects.get(pk=pledge.pk).successor == better


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"note": ""}, "note", "Write a note"),
        ({"outcome": ""}, "outcome", "Choose the outcome that you propose"),
        ({"outcome": "superseded"}, "successor", "Enter the commitment that replaces"),
        ({"delivered_on": "2999-01-01"}, "delivered_on", "is after today"),
        ({"delivered_on": "1 May"}, "delivered_on", "is not a date"),
    ],
)
def test_a_missing_requirement_is_an_error_of_its_field_and_the_input_is_kept(
    values: dict[str, str], field: str, message: str
) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "submit", **{"note": "Typed with care.", "outcome": "dropped", **values})
    response = officer.post(url(pledge, "submit"), data)
    assert response.status_code == 400
    assert message in str(response.context["form"].errors[field])
    assert status(pledge) == "agreed"
    if field != "note":
        assert form_of(response)["note"] == ["Typed with care."]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2999-01-01", "is after today"),
        ("2020-01-01", "is before the previous change"),
        ("1 May", "is not a date"),
    ],
)
def test_a_day_on_which_it_cannot_have_occurred_is_an_error_of_its_field(day: str, message: str) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "start", note="Typed with care.", occurred_on=day)
    response = officer.post(url(pledge, "start"), data)
    assert response.status_code == 400
    assert message in str(response.context["form"].errors["occurred_on"])
    assert status(pledge) == "agreed"
    assert form_of(response)["note"] == ["Typed with care."]


def test_a_submission_takes_files_in_the_same_form() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "submit", note="Held.", outcome="fulfilled")
    paper = SimpleUploadedFile("biên bản.pdf", b"%PDF-1.4\n")
    assert officer.post(url(pledge, "submit"), data | {"evidence-0-file": paper}).status_code == 302
    piece = pledge.status_changes.get(transition="submit").evidence.get()
    assert (piece.kind, piece.title, piece.file_name) == ("file", "biên bản", "biên bản.pdf")


def test_missing_evidence_is_an_error_of_the_evidence() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    response = officer.post(
        url(pledge, "submit"), typed(officer, pledge, "submit", note="Done.", outcome="fulfilled")
    )
    assert response.status_code == 400
    assert "needs evidence" in str(response.context["form"].evidence[0].non_field_errors())
    assert "needs evidence" in text_of(response)


def test_refusals_come_in_the_documented_order() -> None:
    secret = make.commitment(classification=3)
    pledge = make.commitment()
    submitter = make.user("officer", "reviewer")
    waiting = make.commitment()
    apply_transition(commitment=waiting, name="submit", actor=submitter, note="x", outcome="dropped")
    officer, reviewer = client_as("officer"), client_as("reviewer")
    empty: dict[str, str] = {}
    assert officer.post(url(secret, "nonsense"), empty).status_code == 404
    assert officer.post(url(pledge, "nonsense"), empty).status_code == 400
    assert officer.post(url(pledge, "confirm"), empty).status_code == 403
    assert reviewer.post(url(pledge, "confirm"), empty).status_code == 409
    own = client_as(submitter).post(url(waiting, "confirm"), empty)
    assert own.status_code == 403
    assert "another reviewer decides" in text_of(own)
    assert officer.post(url(pledge, "start"), empty).status_code == 400
    assert officer.post(url(pledge, "start"), {"seen": "²"}).status_code == 400
    assert client_as("administrator").post(url(pledge, "start"), {"note": "x"}).status_code == 403
    assert client_as("focal_point").get(url(pledge, "start")).status_code in (302, 403)


def test_after_a_conflict_the_input_can_be_submitted_again() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "submit", note="Typed with care.", outcome="dropped")
    other = make.user("officer", first_name="Mai", last_name="Vu")
    apply_transition(commitment=pledge, name="stall", actor=other, note="No money.")

    response = officer.post(url(pledge, "submit"), data)
    assert response.status_code == 409
    words = text_of(response)
    for text in ("Mai Vu has changed it meanwhile", "It is stalled now", "No money."):
        assert text in words
    assert status(pledge) == "stalled"
    kept = form_of(response)
    assert kept["note"] == ["Typed with care."]
    assert kept["outcome"] == ["dropped"]
    assert officer.post(url(pledge, "submit"), kept).status_code == 302
    assert status(pledge) == "under_review"


@pytest.mark.parametrize("name", ["confirm", "return"])
def test_a_decision_on_a_changed_dossier_is_shown_again_with_what_changed(name: str) -> None:
    pledge, reviewer, officer = (
        make.commitment(title="Old title"),
        client_as("reviewer"),
        make.user("officer"),
    )
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    data = typed(reviewer, pledge, name, note="Typed with care.")
    changed = Commitment.objects.get(pk=pledge.pk)
    changed.title = "New title"
    changed.save()

    response = reviewer.post(url(pledge, name), data)
    assert (response.status_code, status(pledge)) == (409, "under_review")
    assert page_of(response).texts(".notice tbody tr") == ["Title Old title New title"]
    kept = form_of(response)
    assert kept["note"] == ["Typed with care."]
    for missing in ({"stamp": [""]}, {"stamp": ["x"], "seen": ["2"]}):
        assert reviewer.post(url(pledge, name), kept | missing).status_code == 409
    assert status(pledge) == "under_review"
    assert reviewer.post(url(pledge, name), kept).status_code == 302
    assert pledge.status_changes.get(number=3).unconditional is False


def test_the_timeline_says_that_a_decision_named_no_version() -> None:
    pledge, better = make.commitment(), make.commitment()
    asked = {"note": "x", "outcome": "superseded", "successor": better}
    apply_transition(commitment=pledge, name="submit", actor=make.user("officer"), **asked)
    apply_transition(commitment=pledge, name="confirm", actor=make.user("reviewer"))
    page = client_as("officer").get(f"/admin/commitments/commitment/{pledge.pk}/change/")
    facts = page_of(page).texts(".timeline__facts")[0]
    assert facts == f"Version read not named by the program that decided Successor {better.reference}"


def test_the_note_of_a_transition_that_is_no_longer_possible_stays_on_the_page_and_out_of_addresses() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    data = typed(officer, pledge, "start", note="Typed with care.")
    apply_transition(commitment=pledge, name="start", actor=make.user("officer"), note="x")
    response = officer.post(url(pledge, "start"), data)
    assert response.status_code == 409
    assert "It is in progress now" in text_of(response)
    assert form_of(response)["note"] == ["Typed with care."]
    assert not page_of(response).select("button.btn--first")
    links = page_of(response).links("main").values()
    assert any("/stall/" in link for link in links)
    assert not any("Typed" in link for link in links)


def test_the_address_fills_in_the_form() -> None:
    pledge = make.commitment()
    page = client_as("officer").get(
        f"{url(pledge, 'submit')}?outcome=fulfilled&delivered_on=2025-12-09&seen=99&note=Held."
    )
    data = form_of(page)
    assert (data["outcome"], data["delivered_on"]) == (["fulfilled"], ["2025-12-09"])
    assert (data["note"], data["seen"]) == ([""], ["1"])


def test_the_page_shows_the_possible_transitions() -> None:
    pledge = make.commitment()
    page = client_as("officer").get(f"/admin/commitments/commitment/{pledge.pk}/change/")
    assert [action.label for action in page.context["transitions"]] == [
        "Submit for review",
        "Report work begun",
        "Report stalled",
    ]
    for action in page.context["transitions"]:
        assert page_of(page).links(".status-panel")[action.label] == action.url
    page = client_as("reviewer").get(f"/admin/commitments/commitment/{pledge.pk}/change/")
    assert [action.label for action in page.context["transitions"]] == ["Keep as a standing duty"]


# -- outside the workflow ----------------------------------------------


def test_what_changes_no_status_leads_to_the_pages_of_the_site() -> None:
    pledge = make.commitment()
    evidence = add_evidence(commitment=pledge, actor=make.user("officer"), title="M", url="https://m.example")
    record, site = f"/admin/commitments/commitment/{pledge.pk}/", f"/commitments/{pledge.reference}/"
    officer = client_as("officer")
    links = page_of(officer.get(f"{record}change/")).links()
    assert {links[label] for label in ("Record progress", "Attach evidence", "Propose another deadline")} == {
        f"{site}{name}/" for name in ("progress", "evidence", "deadline")
    }
    assert links["Withdraw"] == f"{site}evidence/{evidence.pk}/withdrawal/"
    pages = {"deadline/": "deadline/", "progress/": "progress/"}
    pages |= {f"evidence/{evidence.pk}/withdraw/": f"evidence/{evidence.pk}/withdrawal/"}
    for old, name in pages.items():
        for answer in (officer.get(f"{record}{old}"), officer.post(f"{record}{old}", {"reason": "x"})):
            assert (answer.status_code, answer["Location"]) == (307, f"{site}{name}")
    secret = make.commitment(classification=3)
    assert officer.get(f"/admin/commitments/commitment/{secret.pk}/deadline/").status_code == 404


def test_another_deadline_is_proposed_on_its_own_page() -> None:
    pledge = make.commitment(deadline_wording="soon", review_on=dt.date(2030, 1, 1))
    page = f"/admin/commitments/commitment/{pledge.pk}/deadline/"
    officer = client_as("officer")
    data = form_of(officer.get(page, follow=True)) | {
        "latest": ["2030-12-31"],
        "reason": ["Typed with care."],
    }
    refused = officer.post(page, data, follow=True)
    assert refused.status_code == 400
    assert "only for a deadline without a latest date" in str(refused.context["form"].errors["review_on"])
    assert form_of(refused)["reason"] == ["Typed with care."]
    assert officer.post(page, data | {"review_on": [""]}, follow=True).status_code == 200
    proposal = pledge.deadline_proposals.get()
    assert (proposal.old_wording, proposal.old_review_on, proposal.new_latest, proposal.state) == (
        "soon",
        dt.date(2030, 1, 1),
        dt.date(2030, 12, 31),
        "proposed",
    )
    assert not pledge.deadline_changes.exists()
    assert client_as("reviewer").get(page, follow=True).status_code == 403


def test_progress_is_reported_on_its_own_page() -> None:
    pledge = make.commitment()
    page = f"/admin/commitments/commitment/{pledge.pk}/progress/"
    officer = client_as("officer")
    empty = officer.post(page, form_of(officer.get(page, follow=True)), follow=True)
    assert empty.status_code == 400
    assert "Fill in at least one of" in str(empty.context["form"].errors["achieved"])
    data = {"achieved": "Half.", "challenges": "Rain.", "recommendations": "Wait.", "review_on": "2999-01-01"}
    assert officer.post(page, data, follow=True).status_code == 200
    update = pledge.progress_updates.get()
    assert (update.achieved, update.challenges, update.recommendations) == ("Half.", "Rain.", "Wait.")
    assert Commitment.objects.get(pk=pledge.pk).review_on == dt.date(2999, 1, 1)
    assert client_as("reviewer").get(page, follow=True).status_code == 403
