"""The form of a transition: saved, refused, or shown again with the input."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from commitments.models import Commitment
from commitments.services.errors import NotYours, UnknownTransition
from commitments.services.progress import add_evidence, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from core import clock
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db

NOTE = "Tô Lâm: đường biên giới đã cắm mốc xong, ស្ថានីយ៍ទី ១"


def address(pledge: object, name: str) -> str:
    return f"/commitments/{pledge.reference}/transitions/{name}/"


def test_an_officer_makes_a_transition_and_returns_to_the_commitment(officer: Client) -> None:
    pledge = make.commitment("agreed")
    assert officer.get(address(pledge, "start")).status_code == 200
    answer = officer.post(address(pledge, "start"), {"note": NOTE, "seen": 1}, follow=True)
    assert answer.redirect_chain == [(f"/commitments/{pledge.reference}/", 302)]
    assert f"{pledge.reference} is now in progress." in answer.content.decode()
    assert NOTE in answer.content.decode()


def test_the_form_has_only_the_fields_of_the_transition(officer: Client) -> None:
    pledge = make.commitment("agreed")
    start = officer.get(address(pledge, "start")).content.decode()
    submit = officer.get(address(pledge, "submit")).content.decode()
    assert 'name="occurred_on"' in start
    assert 'name="outcome"' not in start
    assert 'name="outcome" value="fulfilled"' in submit
    assert 'name="delivered_on"' in submit


def test_outcomes_are_those_of_the_nature(officer: Client) -> None:
    principle = make.commitment("standing", nature="principle")
    page = officer.get(address(principle, "submit")).content.decode()
    assert 'value="not_fulfilled"' in page
    assert 'value="fulfilled"' not in page
    assert "verified not done" in page


def test_a_missing_requirement_keeps_the_input_and_names_the_field(officer: Client) -> None:
    pledge = make.commitment("agreed")
    answer = officer.post(
        address(pledge, "submit"),
        {"note": NOTE, "outcome": "fulfilled", "evidence-0-title": "Minutes of the session", "seen": 1},
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert NOTE in page
    assert 'value="Minutes of the session"' in page
    assert 'value="fulfilled" required id="id_outcome_0" checked' in page or "checked" in page
    assert 'role="alert"' in page
    pledge.refresh_from_db()
    assert pledge.status == "agreed"


def test_the_error_summary_follows_the_form_and_links_to_each_control(officer: Client) -> None:
    pledge = make.commitment()
    typed = {"note": "", "delivered_on": "soon", "evidence-1-title": "Minutes"}
    page = officer.post(address(pledge, "submit"), typed)
    places = [place for place, _message in page.context["errors"]]
    assert places == ["id_outcome_0", "id_note", "id_delivered_on", "id_evidence-1-url", "id_evidence-1-type"]
    text = page.content.decode()
    assert [text.count(f'id="{place}"') for place in places] == [1] * 5
    assert [text.index(f'id="{place}"') for place in places] == sorted(
        text.index(f'id="{place}"') for place in places
    )


def test_the_successor_belongs_to_one_outcome_and_is_not_called_optional(officer: Client) -> None:
    page = page_of(officer.get(address(make.commitment(), "submit")))
    assert len(page.select("[data-with='outcome=superseded'] #id_successor")) == 1
    assert page.texts("label[for=id_successor]") == ["Successor"]
    assert "Only for “superseded”" in page.text


def test_each_piece_of_evidence_is_labelled(officer: Client) -> None:
    pledge = make.commitment()
    page = page_of(officer.get(address(pledge, "submit")))
    assert "Another piece of evidence (2 of 3)" in page.text
    assert "Another piece of evidence (3 of 3)" in page.text


# -- a submission -----------------------------------------------------------------------------------------

REQUIRED = "Required for these outcomes: Fulfilled and Partly fulfilled."
ENOUGH = "What is on record proves the outcome."


def paper(name: str = "minutes.pdf", content: bytes = b"%PDF-1.4\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_submission_asks_one_date_and_proposes_that_it_is_fulfilled(officer: Client) -> None:
    form = form_of(officer.get(address(make.commitment(), "submit")))
    assert {name for name in form if name.endswith("_on") and "evidence" not in name} == {"delivered_on"}
    assert form["outcome"] == ["fulfilled"]
    asked = form_of(officer.get(address(make.commitment("requested"), "submit")))
    assert "outcome" not in asked
    link = f"{address(make.commitment(), 'submit')}?outcome=dropped"
    assert form_of(officer.get(link))["outcome"] == ["dropped"]


def test_the_form_says_when_evidence_is_required(officer: Client) -> None:
    pledge = make.commitment()
    assert REQUIRED in text_of(officer.get(address(pledge, "submit")))
    piece = add_evidence(commitment=pledge, actor=make.user("officer"), title="x", url="https://example.org/")
    assert ENOUGH in text_of(officer.get(address(pledge, "submit")))
    withdraw_evidence(evidence=piece, actor=make.user("officer"), reason="Wrong.")
    assert REQUIRED in text_of(officer.get(address(pledge, "submit")))
    pledge.mentions.update(kind="progress")
    page = text_of(officer.get(address(pledge, "submit")))
    assert "Required for these outcomes: Fulfilled. Choose a file" in page
    pledge.mentions.update(kind="fulfilled")
    assert ENOUGH in text_of(officer.get(address(pledge, "submit")))
    principle = make.commitment("standing", nature="principle")
    assert "Required" not in text_of(officer.get(address(principle, "submit")))


def test_evidence_from_before_it_was_reopened_does_not_count(officer: Client) -> None:
    pledge = make.commitment()
    add_evidence(commitment=pledge, actor=make.user("officer"), title="x", url="https://example.org/")
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="x", outcome="fulfilled"
    )
    reviewer = make.user("reviewer")
    apply_transition(commitment=pledge, name="confirm", actor=reviewer)
    apply_transition(commitment=pledge, name="reopen", actor=reviewer, note="x")
    assert REQUIRED in text_of(officer.get(address(pledge, "submit")))


def test_a_file_is_sent_with_the_submission_and_called_by_its_name(officer: Client) -> None:
    pledge = make.commitment()
    form = form_of(officer.get(address(pledge, "submit"))) | {"note": NOTE}
    answer = officer.post(address(pledge, "submit"), form | {"evidence-0-file": paper("Biên bản 21.pdf")})
    assert answer.status_code == 302
    change = pledge.status_changes.get(transition="submit")
    piece = change.evidence.get()
    assert (piece.kind, piece.title, piece.file_name) == ("file", "Biên bản 21", "Biên bản 21.pdf")
    assert (piece.url, len(piece.sha256)) == ("", 64)
    assert (change.outcome, change.delivered_on) == ("fulfilled", clock.today())
    with piece.file.open() as stored:
        assert stored.read() == b"%PDF-1.4\n"


def test_several_pieces_are_sent_at_once(officer: Client) -> None:
    pledge = make.commitment()
    form = form_of(officer.get(address(pledge, "submit"))) | {"note": NOTE}
    form |= {"evidence-0-file": paper(), "evidence-0-title": "Signed minutes"}
    form |= {"evidence-1-url": "https://example.org/p", "evidence-1-title": "Photograph"}
    form |= {"evidence-2-file": paper("b.txt", b"words")}
    assert officer.post(address(pledge, "submit"), form).status_code == 302
    given = pledge.evidence.order_by("pk").values_list("title", "kind")
    assert list(given) == [("Signed minutes", "file"), ("Photograph", "link"), ("b", "file")]


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({"evidence-0-title": "x"}, ["Address: Enter the address of the document, or attach the file."]),
        ({"evidence-0-url": "https://example.org/"}, ["Title: Enter a title for the evidence."]),
        (
            {"evidence-0-url": "https://example.org/", "evidence-0-file": "paper"},
            ["File: Enter the address or attach the file, not both."],
        ),
        (
            {"evidence-0-file": "picture"},
            ["The content of “a.png” does not match its name. Save the file again and retry."],
        ),
        ({"evidence-0-file": "empty"}, ["File: The submitted file is empty."]),
        ({"evidence-1-file": "program"}, None),
    ],
    ids=["nothing", "no title", "both", "wrong content", "empty", "wrong kind"],
)
def test_evidence_that_is_refused_changes_nothing_and_keeps_the_input(
    typed: dict[str, str], messages: list[str] | None, officer: Client
) -> None:
    files = {
        "paper": paper(),
        "picture": paper("a.png", b"no picture"),
        "empty": paper("a.pdf", b""),
        "program": paper("a.exe", b"MZ"),
    }
    pledge = make.commitment()
    form = form_of(officer.get(address(pledge, "submit"))) | {"note": NOTE}
    sent = {name: files.get(value, value) for name, value in typed.items()}
    answer = officer.post(address(pledge, "submit"), form | sent)
    assert answer.status_code == 400
    page = page_of(answer)
    if messages is not None:
        assert page.texts("[role=alert] li") == messages
    assert form_of(answer)["note"] == [NOTE]
    if {"paper", "picture", "program"} & set(typed.values()):
        assert "Choose the files again: " in page.text
    assert not pledge.evidence.exists()
    assert pledge.status_changes.count() == 1


def test_a_missing_note_says_that_the_file_must_be_chosen_again(officer: Client) -> None:
    pledge = make.commitment()
    form = form_of(officer.get(address(pledge, "submit")))
    answer = officer.post(address(pledge, "submit"), form | {"evidence-0-file": paper()})
    assert answer.status_code == 400
    assert "Choose the files again: minutes.pdf." in text_of(answer)


def test_a_file_of_somebody_who_may_not_submit_is_refused_for_that_reason(reader: Client) -> None:
    pledge = make.commitment()
    bad = paper("a.png", b"no picture")
    assert reader.post(address(pledge, "submit"), {"note": "x", "evidence-0-file": bad}).status_code == 403
    given = [EvidenceGiven(title="x", file=bad)]
    arguments = {
        "commitment": pledge,
        "name": "submit",
        "note": "x",
        "outcome": "fulfilled",
        "evidence": given,
    }
    with pytest.raises(NotYours):
        apply_transition(actor=make.user("reader"), **arguments)
    hidden = make.commitment(classification=3)
    with pytest.raises(Commitment.DoesNotExist):
        apply_transition(actor=make.user("officer"), **arguments | {"commitment": hidden})
    with pytest.raises(UnknownTransition):
        apply_transition(actor=make.user("officer"), **arguments | {"name": "bless"})


# -- a returned submission --------------------------------------------------------------------------------


def returned(**fields: object) -> tuple[Commitment, User]:
    officer = make.user("officer")
    pledge = make.commitment(**fields)
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    rita = make.user("reviewer", first_name="Rita", last_name="")
    apply_transition(commitment=pledge, name="return", actor=rita, note=NOTE)
    return pledge, officer


def test_the_note_of_a_return_stands_at_the_top_until_somebody_acts_on_it() -> None:
    pledge, officer = returned()
    client, page = client_as(officer), f"/commitments/{pledge.reference}/"
    for url in (page, address(pledge, "submit"), address(pledge, "start")):
        note = page_of(client.get(url)).one(".returned")
        assert note.text.startswith("Returned by Rita on ")
        assert note.text.endswith(NOTE)
    add_evidence(commitment=pledge, actor=officer, title="x", url="https://example.org/")
    assert page_of(client.get(page)).select(".returned")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Again.", outcome="dropped")
    assert not page_of(client.get(page)).select(".returned")


def test_what_was_not_returned_has_no_such_note(officer: Client) -> None:
    pledge = make.commitment()
    assert not page_of(officer.get(f"/commitments/{pledge.reference}/")).select(".returned")
    assert not page_of(officer.get(address(pledge, "submit"))).select(".returned")


def test_a_date_after_today_is_refused_at_its_field(officer: Client) -> None:
    pledge = make.commitment("agreed")
    answer = officer.post(address(pledge, "start"), {"note": "x", "occurred_on": "2999-01-01", "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_occurred_on"' in page
    assert 'value="2999-01-01"' in page
    assert "is after today" in page


def test_a_conflict_shows_the_current_status_and_keeps_the_note(officer: Client) -> None:
    pledge = make.commitment("agreed")
    other = make.user("officer", first_name="Oscar")
    apply_transition(commitment=pledge, name="start", actor=other, note="Begun.")
    answer = officer.post(address(pledge, "stall"), {"note": NOTE, "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Oscar has changed it meanwhile" in page
    assert "in progress" in page
    assert NOTE in text_of(answer)
    pledge.refresh_from_db()
    assert pledge.status == "in_progress"


def test_a_reviewer_overtaken_by_another_reads_who_decided_what_and_keeps_the_note(db: None) -> None:
    pledge, reviewer = submitted(), client_as("reviewer")
    data = form_of(reviewer.get(address(pledge, "confirm"))) | {"note": NOTE}
    first = make.user("reviewer", first_name="Rita", last_name="")
    apply_transition(commitment=pledge, name="return", actor=first, note="Minutes are missing.")
    answer = reviewer.post(address(pledge, "confirm"), data)
    assert answer.status_code == 409
    words = text_of(answer)
    assert "The last change was made by Rita on" in words
    assert "Return. Minutes are missing." in words
    assert NOTE in words
    assert "Copy it if you choose another action." in words


def submitted() -> Commitment:
    pledge = make.commitment(title="Old title", text="A clear deal.")
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    return pledge


def test_a_decision_on_a_changed_dossier_is_shown_again_with_what_changed_and_then_made(db: None) -> None:
    pledge, reviewer = submitted(), client_as("reviewer")
    where = address(pledge, "confirm")
    typed = form_of(reviewer.get(where)) | {"note": NOTE, "outcome": "not_fulfilled"}
    changed = Commitment.objects.get(pk=pledge.pk)
    changed.title = "New title"
    changed.save()
    add_evidence(commitment=pledge, actor=make.user("officer"), title="Minutes", url="https://example.org/m")
    answer = reviewer.post(where, typed)
    assert answer.status_code == 409
    page = page_of(answer)
    assert "The commitment has changed since you read it." in page.one("[role=alert]").text
    assert page.texts("[role=alert] tbody tr") == [
        "Title Old title New title",
        "Evidence attached – Minutes",
    ]
    again = form_of(answer)
    assert (again["note"], again["outcome"]) == ([NOTE], ["not_fulfilled"])
    assert pledge.status_changes.count() == 2
    assert reviewer.post(where, again).status_code == 302
    assert pledge.status_changes.get(number=3).unconditional is False


@pytest.mark.parametrize(
    ("name", "follows"),
    [("confirm", "under review the outcome that you decide"), ("return", "under review agreed")],
)
def test_next_steps_name_no_outcome_that_the_reviewer_still_chooses(
    name: str, follows: str, db: None
) -> None:
    pledge, reviewer = submitted(), client_as("reviewer")
    in_admin = reverse("admin:commitments_commitment_transition", args=[pledge.pk, name])
    for where in (address(pledge, name), in_admin):
        shown = reviewer.get(where)
        other = dict(page_of(shown).one("form:has([name=note])").tree.fields)
        other |= {"outcome": "not_fulfilled", "note": ""}
        for answer in (shown, reviewer.post(where, {key: value or "" for key, value in other.items()})):
            assert page_of(answer).texts("[aria-labelledby=next-h] .move") == [follows], where


@pytest.mark.parametrize("name", ["confirm", "return"])
@pytest.mark.parametrize("stamp", [{}, {"stamp": ""}, {"stamp": "0" * 32}, {"stamp": "x", "seen": "2"}])
def test_a_decision_without_a_valid_stamp_is_refused(name: str, stamp: dict[str, str]) -> None:
    pledge, reviewer = submitted(), client_as("reviewer")
    answer = reviewer.post(address(pledge, name), {"note": NOTE, "outcome": "dropped", **stamp})
    assert answer.status_code == 409
    assert "does not say which version you have read" in text_of(answer)
    assert pledge.status_changes.count() == 2


def test_an_error_in_the_form_does_not_renew_the_stamp(db: None) -> None:
    pledge, reviewer = submitted(), client_as("reviewer")
    typed = form_of(reviewer.get(address(pledge, "return"))) | {"note": ""}
    add_evidence(commitment=pledge, actor=make.user("officer"), title="Minutes", url="https://example.org/m")
    missing = reviewer.post(address(pledge, "return"), typed)
    assert missing.status_code == 400
    assert reviewer.post(address(pledge, "return"), form_of(missing) | {"note": "x"}).status_code == 409


def test_the_history_says_that_a_decision_named_no_version(reader: Client) -> None:
    pledge = submitted()
    apply_transition(commitment=pledge, name="confirm", actor=make.user("reviewer"))
    page = text_of(reader.get(f"/commitments/{pledge.reference}/"))
    assert page.count("Version read: not named by the program that decided") == 1


def test_a_transition_from_another_status_is_a_conflict(officer: Client) -> None:
    pledge = make.commitment("agreed")
    answer = officer.get(address(pledge, "agree"))
    assert answer.status_code == 409
    assert "The commitment is agreed now" in answer.content.decode()


def test_an_unknown_transition_is_refused_by_name(officer: Client) -> None:
    answer = officer.get(address(make.commitment(), "bless"))
    assert answer.status_code == 400
    assert "There is no transition “bless”." in answer.content.decode()


def test_an_invisible_commitment_is_refused_before_all_other_reasons(db: None) -> None:
    pledge = make.commitment(classification=3)
    reader = client_as("reader")
    assert reader.get(address(pledge, "bless")).status_code == 404
    assert reader.post(address(pledge, "start"), {"note": "x"}).status_code == 404


def test_another_role_is_refused_with_a_message(reader: Client) -> None:
    answer = reader.get(address(make.commitment("agreed"), "start"))
    assert answer.status_code == 403
    assert "“Report work begun” is not for your role." in answer.content.decode()


def test_own_submissions_cannot_be_confirmed(db: None) -> None:
    both = make.user("officer", "reviewer")
    pledge = make.commitment("agreed")
    apply_transition(commitment=pledge, name="submit", actor=both, note="x", outcome="dropped")
    assert client_as(both).get(address(pledge, "confirm")).status_code == 403
    page = client_as("reviewer").get(address(pledge, "confirm")).content.decode()
    assert 'name="occurred_on"' not in page
    assert 'value="dropped"' in page


def test_a_focal_point_of_an_assigned_agency_reports(db: None) -> None:
    agency = make.agency("vn-mofa")
    pledge = make.commitment("agreed", agencies=(agency,))
    focal = client_as("focal_point", agency=agency)
    assert focal.post(address(pledge, "start"), {"note": "Begun.", "seen": 1}).status_code == 302


def test_the_url_holds_a_day_and_never_a_note(officer: Client) -> None:
    url = address(make.commitment("agreed"), "start")
    page = officer.get(f"{url}?note=Held+in+Hanoi&occurred_on=2025-12-09")
    assert (form_of(page)["note"], form_of(page)["occurred_on"]) == ([""], ["2025-12-09"])


def test_progress_is_recorded_and_an_empty_update_is_refused(officer: Client) -> None:
    pledge = make.commitment("agreed")
    refused = officer.post(f"/commitments/{pledge.reference}/progress/", {"occurred_on": "2025-01-01"})
    assert refused.status_code == 400
    assert 'href="#id_achieved"' in refused.content.decode()
    said = {"achieved": NOTE, "occurred_on": "2025-01-01"}
    officer.post(f"/commitments/{pledge.reference}/progress/", said)
    assert pledge.progress_updates.get().achieved == NOTE
    pledge.refresh_from_db()
    assert pledge.status == "agreed"


def test_evidence_needs_an_address(officer: Client) -> None:
    pledge = make.commitment("agreed")
    refused = officer.post(
        f"/commitments/{pledge.reference}/evidence/", {"title": "Minutes", "type": "other"}
    )
    assert refused.status_code == 400
    assert 'value="Minutes"' in refused.content.decode()
    assert pledge.evidence.count() == 0


def test_evidence_with_a_javascript_url_is_refused(officer: Client) -> None:
    pledge = make.commitment("agreed")
    given = {"title": "Minutes", "url": "javascript:alert(1)", "type": "other"}
    assert officer.post(f"/commitments/{pledge.reference}/evidence/", given).status_code == 400
    assert pledge.evidence.count() == 0


def test_an_officer_proposes_another_deadline(officer: Client, reader: Client) -> None:
    pledge = make.commitment("agreed", deadline_wording="soon")
    window = {
        "wording": "in 2027",
        "earliest": "2027-01-01",
        "latest": "2027-12-31",
        "reason": "Renegotiated.",
    }
    assert reader.get(f"/commitments/{pledge.reference}/deadline/").status_code == 403
    assert officer.post(f"/commitments/{pledge.reference}/deadline/", window).status_code == 302
    assert pledge.deadline_proposals.get().new_latest == dt.date(2027, 12, 31)
    pledge.refresh_from_db()
    assert pledge.deadline_latest is None


@pytest.mark.parametrize("classification", [0, 3])
def test_the_proposed_successor_is_named_only_to_those_who_may_see_it(classification: int) -> None:
    pledge, successor = make.commitment(), make.commitment()
    submitter, reviewer = make.user("officer"), client_as("reviewer")
    submission = {"note": "x", "outcome": "superseded", "successor": successor}
    apply_transition(commitment=pledge, name="submit", actor=submitter, **submission)
    Commitment.objects.filter(pk=successor.pk).update(classification=classification)
    form = reviewer.get(address(pledge, "confirm"))
    page = page_of(form)
    admin = reviewer.get(f"/admin/commitments/commitment/{pledge.pk}/transition/confirm/")
    named = {0: successor.reference, 3: None}[classification]
    assert page.one("#id_successor").tree.get("value") == named
    assert (successor.reference in admin.content.decode()) == (classification == 0)
    typed = form_of(form) | {"outcome": "superseded", "successor": ""}
    assert reviewer.post(address(pledge, "confirm"), typed).status_code == 302
    pledge.refresh_from_db()
    assert pledge.successor == successor
