"""The form of a transition after a conflict: what was typed stays, on the page and in the admin alike."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from commitments.models import Commitment, StatusChange
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
Door = Callable[[Commitment, str], str]
TYPED = {
    "note": ["Typed with care."],
    "outcome": ["partly_fulfilled"],
    "delivered_on": ["2025-06-01"],
    "evidence-0-title": ["Minutes"],
    "evidence-0-url": ["https://example.org/minutes"],
    "evidence-1-title": ["Photo"],
    "evidence-1-url": ["https://example.org/photo"],
}


def on_the_page(pledge: Commitment, name: str) -> str:
    return reverse("transition", args=[pledge.reference, name])


def in_the_admin(pledge: Commitment, name: str) -> str:
    return reverse("admin:commitments_commitment_transition", args=[pledge.pk, name])


both_doors = pytest.mark.parametrize("door", [on_the_page, in_the_admin])


@both_doors
def test_everything_typed_stays_after_a_conflict_and_can_be_sent_again(door: Door) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    url = door(pledge, "submit")
    typed = form_of(officer.get(url)) | TYPED
    other = make.user("officer", first_name="Mai", last_name="Vu")
    day = dt.date(2025, 1, 1)
    apply_transition(commitment=pledge, name="stall", actor=other, note="No money.", occurred_on=day)
    answer = officer.post(url, typed)
    assert answer.status_code == 409
    notice = page_of(answer).one("[role=alert]").text
    for words in ("Mai Vu has changed it meanwhile", "It is stalled now", "No money.", "submit again"):
        assert words in notice
    kept = form_of(answer)
    assert {name: kept[name] for name in TYPED} == TYPED
    assert officer.post(url, kept).status_code == 302
    change = pledge.status_changes.get(transition="submit")
    assert (change.from_status, change.outcome, change.note) == (
        "stalled",
        "partly_fulfilled",
        "Typed with care.",
    )
    assert set(change.evidence.values_list("title", flat=True)) == {"Minutes", "Photo"}


@both_doors
def test_everything_typed_stays_where_the_transition_is_no_longer_possible(door: Door) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    url = door(pledge, "submit")
    typed = form_of(officer.get(url)) | TYPED
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    answer = officer.post(url, typed)
    assert answer.status_code == 409
    page = page_of(answer)
    assert "This action is no longer possible. Your input is kept below." in page.text
    kept = form_of(answer)
    assert {name: kept[name] for name in TYPED} == TYPED
    assert not page.select("button.btn--first")
    assert pledge.status_changes.count() == 2
    assert not any("Typed" in link for link in page.links("main").values())


@both_doors
def test_what_is_possible_instead_is_offered(door: Door) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    typed = form_of(officer.get(door(pledge, "start"))) | {"note": ["Begun."]}
    apply_transition(commitment=pledge, name="start", actor=make.user("officer"), note="x")
    offered = page_of(officer.post(door(pledge, "start"), typed)).links("[role=alert]")
    assert offered["Report stalled"] == door(pledge, "stall")


@both_doors
def test_a_change_that_is_dated_after_today_is_no_conflict(door: Door) -> None:
    pledge, officer = make.commitment(), client_as("officer")
    StatusChange.objects.create(
        commitment=pledge,
        number=2,
        transition="start",
        from_status="agreed",
        to_status="in_progress",
        occurred_on=dt.date(2999, 1, 1),
        note="Written by a wrong clock.",
    )
    Commitment.objects.filter(pk=pledge.pk).update(status="in_progress")
    url = door(pledge, "stall")
    typed = form_of(officer.get(url)) | {"note": ["No money."], "occurred_on": [""]}
    answer = officer.post(url, typed)
    assert answer.status_code == 302, text_of(answer)
