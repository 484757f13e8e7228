"""Another deadline on the pages: proposed, shown, decided on in the queue or on its own page."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commitments.models import Commitment, DeadlineProposal
from commitments.services.deadline_proposals import propose_deadline
from commitments.services.deadlines import Window
from commitments.services.progress import record_progress
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
LATER = Window("in 2031", dt.date(2031, 1, 1), dt.date(2031, 12, 31))


@pytest.fixture
def officer() -> User:
    return make.user("officer", first_name="Olive")


@pytest.fixture
def reviewer() -> Client:
    return client_as("reviewer")


@pytest.fixture
def pledge() -> Commitment:
    return make.commitment(title="Open the gate", deadline_wording="in 2025")


def propose(
    pledge: Commitment, actor: User, window: Window = LATER, reason: str = "Floods."
) -> DeadlineProposal:
    return propose_deadline(commitment=pledge, actor=actor, window=window, reason=reason)


def page(pledge: Commitment, number: int = 1) -> str:
    return f"/commitments/{pledge.reference}/deadline/{number}/"


def decide(client: Client, where: str, to: str, decision: str, **typed: Any) -> Any:
    return client.post(to, form_of(client.get(where)) | {"decision": decision} | typed)


def test_the_page_of_a_commitment_offers_to_propose_and_shows_what_is_proposed(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    where = f"/commitments/{pledge.reference}/"
    author = client_as(officer)
    assert page_of(author.get(where)).links("main")["Propose another deadline"] == f"{where}deadline/"
    typed = {"wording": "in 2031", "latest": "2031-12-31", "reason": "Floods."}
    answer = author.post(f"{where}deadline/", form_of(author.get(f"{where}deadline/")) | typed, follow=True)
    assert "It counts once a reviewer has accepted it." in text_of(answer)
    section = page_of(author.get(where)).one("section[aria-labelledby=deadline-h]")
    for words in ("in 2031", "Floods.", "Olive", "proposed"):
        assert words in section.text
    assert page_of(author.get(where)).links("main")["Withdraw"] == page(pledge)
    assert page_of(reviewer.get(where)).links("main")["Decide"] == page(pledge)
    reader = page_of(client_as("reader").get(where))
    assert "Floods." in reader.text
    assert not {"Decide", "Withdraw", "Propose another deadline"} & reader.links("main").keys()
    assert "Deadline proposed" in reader.one("table.history").text
    yesterday = client_as("reader").get(f"{where}?as_of=2025-12-01")
    assert "Floods." not in text_of(yesterday)


def test_the_queue_holds_proposals_and_goes_on_after_a_decision(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    propose(pledge, officer)
    second = make.commitment()
    apply_transition(commitment=second, name="submit", actor=officer, note="x", outcome="dropped")
    item = f"/queue/{pledge.reference}/"
    assert reviewer.get("/queue/")["Location"] == item
    shown = page_of(reviewer.get(item))
    assert "Another deadline is proposed" in shown.text
    assert {each["data-key"] for each in shown.select("[data-key]")} == {"a", "r", "s"}
    refused = decide(reviewer, item, page(pledge), "refused")
    assert refused.status_code == 400
    assert "Say why the proposed deadline is refused." in text_of(refused)
    done = decide(reviewer, item, page(pledge), "accepted")
    assert done["Location"] == f"/queue/{second.reference}/"
    pledge.refresh_from_db()
    assert pledge.deadline_wording == "in 2031"
    assert "has the new deadline" in text_of(reviewer.get(done["Location"]))


def test_proposals_await_the_reviewer_in_the_list_and_on_the_overview(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    propose(pledge, officer)
    assert pledge.reference in text_of(reviewer.get("/commitments/?awaiting=me"))
    overview = page_of(reviewer.get("/"))
    assert pledge.reference in overview.one("main").text
    assert pledge.reference not in text_of(client_as(officer).get("/commitments/?awaiting=me"))
    assert reviewer.get("/api/v1/commitments/?awaiting=me").json()["count"] == 1


def test_a_decision_on_what_changed_meanwhile_is_refused_and_keeps_the_note(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    propose(pledge, officer)
    form = form_of(reviewer.get(page(pledge)))
    record_progress(commitment=pledge, actor=officer, achieved="Half.")
    answer = reviewer.post(page(pledge), form | {"decision": "accepted", "note": "Read with care."})
    assert answer.status_code == 409
    assert "Progress reported" in text_of(answer)
    again = form_of(answer)
    assert again["note"] == ["Read with care."]
    assert reviewer.post(page(pledge), again | {"decision": "accepted"}).status_code == 302


def test_a_proposal_that_lapsed_says_so_and_takes_no_decision(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    propose(pledge, officer)
    form = form_of(reviewer.get(page(pledge)))
    apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    answer = reviewer.post(page(pledge), form | {"decision": "refused", "note": "x"})
    assert answer.status_code == 409
    assert "The proposal is lapsed already." in text_of(answer)
    shown = page_of(reviewer.get(page(pledge)))
    assert "The commitment was submitted or closed meanwhile." in shown.text
    assert not shown.select("button[name=decision]")
    history = page_of(reviewer.get(f"/commitments/{pledge.reference}/")).one("table.history")
    assert "Proposed deadline lapsed" in history.text


def test_who_proposed_withdraws_and_nobody_else_sees_the_form(pledge: Commitment, officer: User) -> None:
    propose(pledge, officer)
    assert client_as("officer").get(page(pledge)).status_code == 403
    assert client_as("focal_point").get(page(pledge)).status_code == 404
    author = client_as(officer)
    buttons = page_of(author.get(page(pledge))).select("button[name=decision]")
    assert [each["value"] for each in buttons] == ["withdrawn"]
    assert decide(author, page(pledge), page(pledge), "accepted").status_code == 403
    done = decide(author, page(pledge), page(pledge), "withdrawn")
    assert done["Location"] == f"/commitments/{pledge.reference}/"
    assert DeadlineProposal.objects.get().state == "withdrawn"
    assert author.get(page(pledge, 7)).status_code == 404


def test_a_decision_that_is_sent_twice_is_made_once(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    propose(pledge, officer)
    data = form_of(reviewer.get(page(pledge))) | {"decision": "accepted"}
    first, second = reviewer.post(page(pledge), data), reviewer.post(page(pledge), data)
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert pledge.deadline_changes.count() == 1


def test_the_first_deadline_and_the_reasons_stay_in_sight(pledge: Commitment, officer: User) -> None:
    for wording, reason in (("in 2026", "Floods."), ("in 2027", "No money.")):
        make.new_deadline(commitment=pledge, actor=officer, window=Window(wording), reason=reason)
    record_progress(commitment=pledge, actor=officer, achieved="x", review_on=dt.date(2999, 1, 1))
    reader = client_as("reader")
    moved = "moved twice; the first deadline: “in 2025”"
    assert moved.capitalize() in text_of(reader.get(f"/commitments/{pledge.reference}/"))
    assert moved in text_of(reader.get("/commitments/"))
    for path in ("/commitments/export.csv", "/commitments/print/?columns=deadline_changes"):
        answer = reader.get(path)
        told = (answer.getvalue() if answer.streaming else answer.content).decode()
        for words in (moved, "Floods.", "No money."):
            assert words in told


def test_pages_need_as_many_queries_for_one_proposal_as_for_many(
    pledge: Commitment, officer: User, reviewer: Client
) -> None:
    costs = []
    for n in (1, 5):
        for i in range(n):
            propose(pledge, officer, Window(f"by stage {n}.{i}"))
        for path in (f"/commitments/{pledge.reference}/", f"/queue/{pledge.reference}/", page(pledge)):
            with CaptureQueriesContext(connection) as captured:
                assert reviewer.get(path).status_code == 200
            costs.append(len(captured))
    assert costs[:3] == costs[3:]
