"""The reviewer's queue: what waits, in which order, and what a decision does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from commitments.models import Commitment
from commitments.services.editing import edit_commitment
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.proof import EvidenceGiven
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
NOTE = "Biên bản đã ký, ស្ថានីយ៍ទី ១"


def submitted(title: str = "", *, outcome: str = "dropped", **more: Any) -> Commitment:
    actor = more.pop("by", None) or make.user("officer", first_name="Olive", clearance=3)
    evidence = more.pop("evidence", [])
    pledge = make.commitment(**({"title": title} if title else {}), **more)
    apply_transition(
        commitment=pledge, name="submit", actor=actor, note="All is said.", outcome=outcome, evidence=evidence
    )
    return Commitment.objects.get(pk=pledge.pk)


def address(pledge: Commitment) -> str:
    return f"/queue/{pledge.reference}/"


@pytest.fixture
def reviewer() -> Client:
    return client_as("reviewer")


def decide(client: Client, pledge: Commitment, decision: str, **typed: Any) -> Any:
    data = form_of(client.get(address(pledge))) | {"decision": decision} | typed
    return client.post(address(pledge), data)


def test_the_queue_begins_with_what_has_waited_longest(reviewer: Client) -> None:
    second = make.commitment()
    first = submitted("First")
    apply_transition(
        commitment=second, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    third = submitted("Third")
    assert reviewer.get("/queue/")["Location"] == address(first)
    page = page_of(reviewer.get(address(second)))
    assert "2 of 3" in page.texts(".crumb strong")
    assert page.one("[data-key=s]")["href"] == address(third)
    assert page.one("[data-key=b]")["href"] == address(first)
    assert page_of(reviewer.get(address(third))).one("[data-key=s]")["href"] == address(first)


def test_nobody_has_their_own_submissions_in_the_queue() -> None:
    both = make.user("officer", "reviewer")
    own = submitted(by=both)
    client = client_as(both)
    assert "Nothing awaits your decision" in text_of(client.get("/queue/"))
    answer = client.get(address(own), follow=True)
    assert f"{own.reference} does not await your decision. It is under review now." in text_of(answer)
    forged = client.post(address(own), {"decision": "confirm", "outcome": "dropped"})
    assert forged.status_code == 403
    own.refresh_from_db()
    assert own.status == "under_review"


@pytest.mark.parametrize("role", ["officer", "reader", "focal_point", "administrator"])
def test_only_reviewers_have_a_queue(role: str) -> None:
    client, pledge = client_as(role), submitted()
    for answer in (client.get("/queue/"), client.get(address(pledge)), client.post(address(pledge))):
        assert answer.status_code == 403
    assert "/queue/" not in page_of(client.get("/")).links("nav").values()


def test_a_reviewer_gets_there_from_every_page_and_from_the_overview(reviewer: Client) -> None:
    submitted()
    for url in ("/", "/commitments/", "/meetings/", "/admin/"):
        assert page_of(reviewer.get(url)).links("nav")["Queue"] == "/queue/"
    assert page_of(reviewer.get("/")).links("main")["Decide one by one"] == "/queue/"
    assert "Decide one by one" not in page_of(reviewer.get("/?as_of=2025-01-01")).links("main")


def test_an_item_shows_the_promise_the_claim_the_evidence_and_what_happened_since() -> None:
    client, officer = client_as("reviewer"), make.user("officer")
    vnm = make.agency("vn-mofa", name="Ministry of Foreign Affairs")
    source = make.source("They will open the gate at Mộc Bài.")
    first = make.FirstMention(make.meeting(), source.paragraphs.get(number=1))
    pledge = make.commitment(
        title="Mộc Bài", text="Open it.", mention=first, agencies=(vnm,), deadline_wording="by the new year"
    )
    pledge.assignments.update(role="lead")
    record_progress(commitment=pledge, actor=officer, achieved="The road is built.")
    kept = add_evidence(commitment=pledge, actor=officer, title="Photograph", url="https://example.org/p")
    wrong = add_evidence(commitment=pledge, actor=officer, title="Wrong one", url="https://example.org/w")
    withdraw_evidence(evidence=wrong, actor=officer, reason="Another gate.")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="It is open.", outcome="fulfilled")
    page = page_of(client.get(address(pledge)))
    promised = page.one("section[aria-labelledby=promised-h]").text
    for words in (
        "Open it.",
        "They will open the gate at Mộc Bài.",
        "by the new year",
        "Ministry of Foreign",
    ):
        assert words in promised
    claimed = page.one("section[aria-labelledby=claimed-h]").text
    assert "proposes: Fulfilled" in claimed
    assert "It is open." in claimed
    link = page.one("section[aria-labelledby=evidence-h] a")
    assert (link.text, link["href"], link["target"]) == (kept.title, kept.url, "_blank")
    assert page.texts("section[aria-labelledby=evidence-h] s") == ["Wrong one"]
    assert "The road is built." in page.one("section[aria-labelledby=history-h]").text


def test_the_history_begins_where_the_commitment_was_last_opened(reviewer: Client) -> None:
    pledge = submitted()
    other = make.user("reviewer")
    apply_transition(commitment=pledge, name="confirm", actor=other)
    apply_transition(commitment=pledge, name="reopen", actor=other, note="Begun again.")
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="Now.", outcome="not_fulfilled"
    )
    page = page_of(reviewer.get(address(pledge)))
    rows = page.texts(".history tbody tr")
    assert len(rows) == 2
    assert "Begun again." in rows[0]


def test_the_history_tells_what_was_edited_since_the_commitment_was_opened(reviewer: Client) -> None:
    officer, pledge = make.user("officer"), make.commitment(title="Open two gates")
    edit_commitment(commitment=pledge, actor=officer, fields={"title": "Open a gate"}, reason="Misread.")
    apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="dropped")
    for url in (address(pledge), f"/commitments/{pledge.reference}/transitions/confirm/"):
        words = " ".join(page_of(reviewer.get(url)).texts(".history tbody tr"))
        assert "Open two gates → Open a gate" in words
        assert "Misread." in words


def test_a_confirmed_one_is_closed_and_the_next_one_is_shown(reviewer: Client) -> None:
    first, second = submitted("First"), submitted("Second")
    answer = decide(reviewer, first, "confirm")
    assert answer["Location"] == address(second)
    first.refresh_from_db()
    assert first.status == "dropped"
    change = first.status_changes.latest("number")
    assert (change.transition, change.unconditional) == ("confirm", False)
    words = text_of(reviewer.get(answer["Location"]))
    assert f"{first.reference} is now dropped." in words
    assert "1 of 1" in words
    assert decide(reviewer, second, "confirm", outcome="not_fulfilled", note=NOTE)["Location"] == "/queue/"
    second.refresh_from_db()
    assert second.status == "not_fulfilled"
    assert "Nothing awaits your decision" in text_of(reviewer.get("/queue/"))


def test_one_in_the_middle_is_followed_by_the_one_after_it(reviewer: Client) -> None:
    first, second, third = submitted("First"), submitted("Second"), submitted("Third")
    assert decide(reviewer, second, "confirm")["Location"] == address(third)
    assert decide(reviewer, third, "confirm")["Location"] == address(first)


def test_a_returned_one_takes_the_note_along_and_needs_it(reviewer: Client) -> None:
    pledge = submitted()
    refused = decide(reviewer, pledge, "return", outcome="not_fulfilled")
    assert refused.status_code == 400
    assert page_of(refused).texts("[role=alert] li") == ["Note: Write a note for the next reader."]
    assert form_of(refused)["outcome"] == ["not_fulfilled"]
    assert pledge.status_changes.count() == 2
    assert decide(reviewer, pledge, "return", note=NOTE).status_code == 302
    change = pledge.status_changes.latest("number")
    assert (change.transition, change.to_status, change.note) == ("return", "agreed", NOTE)


def test_another_outcome_needs_a_note_and_what_was_typed_stays(reviewer: Client) -> None:
    pledge = submitted()
    refused = decide(reviewer, pledge, "confirm", outcome="not_fulfilled")
    assert refused.status_code == 400
    assert "Your outcome is not the proposed one." in text_of(refused)
    assert form_of(refused)["outcome"] == ["not_fulfilled"]
    superseded = decide(
        reviewer, pledge, "confirm", outcome="superseded", note="x", successor="KHVN-2024-999"
    )
    assert superseded.status_code == 400
    assert "There is no commitment with this reference." in text_of(superseded)


def test_a_dossier_that_changed_meanwhile_is_shown_with_what_changed_and_nothing_is_decided(
    reviewer: Client,
) -> None:
    pledge = submitted()
    typed = form_of(reviewer.get(address(pledge))) | {"decision": "confirm", "note": NOTE}
    add_evidence(commitment=pledge, actor=make.user("officer"), title="Minutes", url="https://example.org/m")
    answer = reviewer.post(address(pledge), typed)
    assert answer.status_code == 409
    page = page_of(answer)
    assert "Nothing was decided" in page.text
    assert page.texts("[role=alert] tbody tr") == ["Evidence attached – Minutes"]
    again = form_of(answer)
    assert again["note"] == [NOTE]
    assert pledge.status_changes.count() == 2
    assert reviewer.post(address(pledge), again | {"decision": "confirm"}).status_code == 302


def test_one_that_somebody_else_decided_meanwhile_is_refused_and_the_note_is_kept(reviewer: Client) -> None:
    pledge = submitted()
    typed = form_of(reviewer.get(address(pledge))) | {"decision": "return", "note": NOTE}
    rita = make.user("reviewer", first_name="Rita", last_name="")
    apply_transition(commitment=pledge, name="confirm", actor=rita)
    answer = reviewer.post(address(pledge), typed)
    assert answer.status_code == 409
    assert "The last change was made by Rita on" in text_of(answer)
    assert NOTE in text_of(answer)
    answer = reviewer.get(address(pledge), follow=True)
    assert f"{pledge.reference} does not await your decision. It is dropped now." in text_of(answer)


@pytest.mark.parametrize("typed", [{}, {"stamp": ""}, {"stamp": "0" * 32}, {"stamp": "x"}])
def test_a_decision_without_the_stamp_of_what_was_read_is_refused(typed: Any, reviewer: Client) -> None:
    pledge = submitted()
    answer = reviewer.post(address(pledge), {"decision": "confirm", "outcome": "dropped", **typed})
    assert answer.status_code == 409
    assert pledge.status_changes.count() == 2


@pytest.mark.parametrize("decision", ["", "submit", "reopen", "nonsense"])
def test_there_are_two_decisions_and_no_other(decision: str, reviewer: Client) -> None:
    pledge = submitted()
    answer = decide(reviewer, pledge, decision, note=NOTE)
    assert answer.status_code == 400
    assert NOTE in text_of(answer)
    assert pledge.status_changes.count() == 2


def test_a_form_that_is_sent_twice_decides_once(reviewer: Client) -> None:
    first, second = submitted(), submitted()
    data = form_of(reviewer.get(address(first))) | {"decision": "confirm"}
    answers = [reviewer.post(address(first), data) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [address(second)] * 2
    assert first.status_changes.count() == 3


def test_what_a_reviewer_may_not_see_is_in_no_queue(reviewer: Client) -> None:
    hidden, seen = submitted(classification=3), submitted()
    assert reviewer.get(address(hidden)).status_code == 404
    assert reviewer.post(address(hidden), {"decision": "confirm"}).status_code == 404
    assert "1 of 1" in text_of(reviewer.get(address(seen)))
    assert reviewer.get("/queue/KHVN-2024-999/").status_code == 404
    assert reviewer.get("/queue/%00/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_queue(
    reviewer: Client, queries: Callable[[Client, str], int]
) -> None:
    given = [EvidenceGiven(title="Photograph", url="https://example.org/p")]
    pledge = submitted(outcome="fulfilled", evidence=given)
    submitted()
    few = queries(reviewer, address(pledge))
    for _n in range(5):
        submitted(outcome="fulfilled", evidence=given)
    officer: User = make.user("officer")
    for n in range(5):
        add_evidence(commitment=pledge, actor=officer, title=f"{n}", url=f"https://example.org/{n}")
    assert queries(reviewer, address(pledge)) == few


def test_files_with_a_picture_are_shown_and_others_are_links(reviewer: Client) -> None:
    pledge, officer = make.commitment(), make.user("officer")
    files = {
        "a.pdf": b"%PDF-1.4\n",
        "b.png": b"\x89PNG\r\n\x1a\n",
        "c.txt": b"words",
        "d.JPG": b"\xff\xd8\xff",
    }
    pieces = {
        name: add_evidence(
            commitment=pledge, actor=officer, title=name, file=SimpleUploadedFile(name, content)
        )
        for name, content in files.items()
    }
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="fulfilled")
    pictures = [each["src"] for each in page_of(reviewer.get(address(pledge))).select("figure img")]
    shown = [pieces[name].pk for name in ("a.pdf", "b.png", "d.JPG")]
    assert pictures == [f"/commitments/{pledge.reference}/evidence/{pk}/preview/" for pk in shown]
