"""Bulk actions in the admin: one transition or assignment for many commitments."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Assignment, Commitment, StatusChange
from commitments.services.assignments import assign
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

LIST = "/admin/commitments/commitment/"
MOVE, ASSIGN = f"{LIST}move/", f"{LIST}assign/"
pytestmark = pytest.mark.django_db


def select(client: Client, action: str, pledges: list[Commitment], query: str = "", **typed: Any) -> Any:
    selected = {"action": action, "_selected_action": [pledge.pk for pledge in pledges], **typed}
    return client.post(f"{LIST}{query}", selected)


def statuses(*pledges: Commitment) -> list[str]:
    return [Commitment.objects.get(pk=pledge.pk).status for pledge in pledges]


def choose(client: Client, page: Any, name: str, **typed: Any) -> Any:
    """Choose a transition on the first page and submit the second."""
    second = client.post(MOVE, form_of(page) | {"transition": [name]})
    return client.post(
        MOVE, form_of(second) | {"apply": ["1"]} | {key: [value] for key, value in typed.items()}
    )


def test_the_first_page_shows_for_how_many_each_transition_is_possible() -> None:
    agreed, standing = make.commitment(title="one"), make.commitment("standing", title="two")
    closed = make.commitment("dropped", title="three")
    page = select(client_as("officer"), "move_selected", [agreed, standing, closed])
    assert page.status_code == 200
    assert {row.name.value: count for row, count in page.context["transitions"]} == {
        "start": "Possible for 2 of 3",
        "stall": "Possible for 1 of 3",
        "submit": "Possible for 2 of 3",
    }
    words = text_of(page)
    assert "none" in words
    for title in ("one", "two", "three"):
        assert title in words


def test_one_note_is_stored_with_the_transition_of_each_row() -> None:
    pledges = [make.commitment() for _n in range(3)]
    officer = client_as("officer")
    page = select(officer, "move_selected", pledges)
    response = choose(officer, page, "start", note="Work has begun on all.", occurred_on="2025-01-02")
    assert response.status_code == 302
    assert statuses(*pledges) == ["in_progress"] * 3
    for pledge in pledges:
        assert pledge.status_changes.get(transition="start").note == "Work has begun on all."
    assert "3 commitments: work reported." in text_of(officer.get(LIST))


def test_each_row_shows_whether_it_was_updated_or_refused() -> None:
    good, standing, secret = make.commitment(), make.commitment("standing"), make.commitment(classification=3)
    officer = client_as("officer")
    page = select(officer, "move_selected", [good, standing, secret])
    assert secret.reference not in text_of(page)
    response = choose(officer, page, "stall", note="No money.")
    assert response.status_code == 200
    assert statuses(good, standing, secret) == ["stalled", "standing", "agreed"]
    words = text_of(response)
    assert "1 commitment updated" in words
    assert "1 commitment not updated" in words
    assert "“Report stalled” is not possible from this status" in words
    assert page_of(response).texts(".notice li") == [f"{good.reference} {good.title}: stalled"]
    assert form_of(response)["note"] == ["No money."]
    assert form_of(response)["rows"] == [f"{standing.pk}:2"]


def test_a_row_that_was_changed_meanwhile_is_refused_and_can_be_tried_again() -> None:
    pledge, officer = make.commitment(), client_as("officer")
    page = select(officer, "move_selected", [pledge])
    second = officer.post(MOVE, form_of(page) | {"transition": ["submit"]})
    apply_transition(commitment=pledge, name="stall", actor=make.user("officer"), note="x")
    data = form_of(second) | {"apply": ["1"], "note": ["Typed with care."], "outcome": ["dropped"]}
    response = officer.post(MOVE, data)
    assert "has changed it meanwhile" in text_of(response)
    assert statuses(pledge) == ["stalled"]
    again = form_of(response) | {"apply": ["1"]}
    assert again["note"] == ["Typed with care."]
    assert again["outcome"] == ["dropped"]
    assert officer.post(MOVE, again).status_code == 302
    assert statuses(pledge) == ["under_review"]


def test_a_requirement_that_no_row_meets_is_an_error_of_its_field() -> None:
    pledges, officer = [make.commitment() for _n in range(2)], client_as("officer")
    page = select(officer, "move_selected", pledges)
    missing = choose(officer, page, "submit", note="", outcome="dropped")
    assert missing.status_code == 400
    assert "note" in missing.context["form"].errors
    late = choose(
        officer, page, "submit", note="Typed with care.", outcome="dropped", delivered_on="2999-01-01"
    )
    assert "is after today" in str(late.context["form"].errors["delivered_on"])
    assert form_of(late)["note"] == ["Typed with care."]
    unshown = choose(officer, page, "submit", note="x", outcome="fulfilled")
    assert "needs evidence" in text_of(unshown)
    assert statuses(*pledges) == ["agreed", "agreed"]
    shown = choose(
        officer,
        page,
        "submit",
        note="x",
        outcome="fulfilled",
        **{"evidence-0-title": "Minutes", "evidence-0-url": "https://example.org/m"},
    )
    assert shown.status_code == 302
    assert statuses(*pledges) == ["under_review", "under_review"]
    assert [pledge.evidence.count() for pledge in pledges] == [1, 1]


def test_each_row_is_confirmed_as_proposed_except_ones_own_submission() -> None:
    decider, other = make.user("officer", "reviewer"), make.user("officer")
    dropped, not_done, own = make.commitment(), make.commitment(), make.commitment()
    for pledge, actor, outcome in (
        (dropped, other, "dropped"),
        (not_done, other, "not_fulfilled"),
        (own, decider, "dropped"),
    ):
        apply_transition(commitment=pledge, name="submit", actor=actor, note="x", outcome=outcome)
    client = client_as(decider)
    page = select(client, "move_selected", [dropped, not_done, own])
    assert (
        dict((row.name.value, count) for row, count in page.context["transitions"])["confirm"]
        == "Possible for 2 of 3"
    )
    response = choose(client, page, "confirm")
    assert statuses(dropped, not_done, own) == ["dropped", "not_fulfilled", "under_review"]
    assert "You submitted this commitment yourself" in text_of(response)


def test_a_decision_on_a_changed_dossier_is_refused_by_row_and_the_others_go_on() -> None:
    officer, reviewer = make.user("officer"), client_as("reviewer")
    same, changed = make.commitment(title="Same"), make.commitment(title="Old title")
    for pledge in (same, changed):
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    page = select(reviewer, "move_selected", [same, changed])
    add_evidence(commitment=changed, actor=officer, title="Minutes", url="https://example.org/m")
    rows = form_of(page)["rows"][0].split(",")
    for forged in ([row.rpartition(":")[0] for row in rows], [f"{row[:-1]}x" for row in rows]):
        data = {"rows": ",".join(forged), "transition": "confirm", "apply": "1"}
        assert "has changed since you read it" in text_of(reviewer.post(MOVE, data))
    assert statuses(same, changed) == ["under_review", "under_review"]
    response = choose(reviewer, page, "confirm")
    assert statuses(same, changed) == ["dropped", "under_review"]
    table = page_of(response).texts(".selection tbody tr")
    assert len(table) == 1
    assert table[0].startswith(changed.reference)
    assert "The commitment has changed since you read it." in table[0]
    assert reviewer.post(MOVE, form_of(response) | {"apply": ["1"]}).status_code == 302
    assert statuses(changed) == ["dropped"]
    assert not StatusChange.objects.filter(unconditional=True).exists()


def test_select_all_selects_every_page_of_the_filtered_list() -> None:
    actor = make.user("officer", clearance=3)
    place = make.FirstMention(make.meeting(), make.source().paragraphs.get(number=1))
    pledges = [make.commitment(actor=actor, mention=place) for _n in range(52)]
    outside = make.commitment("standing", actor=actor, mention=place)
    officer = client_as("officer")
    page = select(officer, "move_selected", pledges[:1], "?status=agreed", select_across="1")
    assert len(page.context["selection"].rows) == 52
    assert choose(officer, page, "start", note="All.").status_code == 302
    assert Commitment.objects.filter(status="in_progress").count() == 52
    assert statuses(outside) == ["standing"]


def test_a_transition_needs_the_role_that_allows_it() -> None:
    pledge = make.commitment()
    administrator = client_as("administrator")
    assert "move_selected" not in text_of(administrator.get(LIST))
    select(administrator, "move_selected", [pledge])
    for page in (MOVE, ASSIGN):
        assert administrator.post(page, {"rows": f"{pledge.pk}:1", "transition": "start"}).status_code == 403
    reviewer = client_as("reviewer")
    data = {"rows": f"{pledge.pk}:1", "transition": "start", "apply": "1", "note": "x"}
    assert "is not for your role" in text_of(reviewer.post(MOVE, data))
    assert reviewer.post(ASSIGN, {"rows": f"{pledge.pk}:1"}).status_code == 403
    assert statuses(pledge) == ["agreed"]
    assert client_as("officer").get(MOVE).status_code == 302


@pytest.mark.parametrize("rows", ["", "x", "1", "1:", "99999:1", "1:2:3", "-1:1", "²:1", f"{'9' * 5000}:1"])
def test_an_empty_or_invalid_selection_has_no_rows(rows: str) -> None:
    response = client_as("officer").post(
        MOVE, {"rows": rows, "transition": "start", "apply": "1", "note": "x"}
    )
    assert response.status_code == 200
    assert response.context["selection"].rows == []


# -- assignments ----------------------------------------------


def test_an_agency_and_its_focal_point_are_assigned_to_many() -> None:
    mofa = make.agency("vn-mofa")
    lan, pledges = make.user("focal_point", agency=mofa), [make.commitment() for _n in range(3)]
    officer = client_as("officer")
    page = select(officer, "assign_selected", pledges)
    note = "As the minister said. " * 9
    data = form_of(page) | {"agency": [str(mofa.pk)], "focal_point": [str(lan.pk)], "note": [note]}
    assert officer.post(ASSIGN, data).status_code == 302
    for pledge in pledges:
        held = Assignment.objects.get(commitment=pledge)
        assert (held.agency, held.role, held.focal_point) == (mofa, "lead", lan)
        assert held.history.get().history_change_reason == note.strip()
    assert "3 commitments assigned to" in text_of(officer.get(LIST))


def test_a_focal_point_of_another_agency_is_an_error_of_the_field() -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    stranger, pledge, officer = make.user("focal_point", agency=moit), make.commitment(), client_as("officer")
    page = select(officer, "assign_selected", [pledge])
    data = form_of(page) | {"agency": [str(mofa.pk)], "focal_point": [str(stranger.pk)]}
    response = officer.post(ASSIGN, data)
    assert response.status_code == 400
    assert "is no focal point of" in str(response.context["form"].errors["focal_point"])
    assert form_of(response)["agency"] == [str(mofa.pk)]
    assert not Assignment.objects.exists()


def test_a_commitment_with_a_lead_agency_is_unchanged_unless_asked_for() -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    led, free, officer = make.commitment(agencies=(moit,)), make.commitment(), client_as("officer")
    page = select(officer, "assign_selected", [led, free])
    typed = {"agency": [str(mofa.pk)], "note": ["By decree 12."]}
    response = officer.post(ASSIGN, form_of(page) | typed)
    words = text_of(response)
    assert "VN-MOIT already leads it" in words
    assert "1 commitment unchanged" in words
    assert list(free.assignments.values_list("agency", flat=True)) == [mofa.pk]
    assert list(led.assignments.values_list("agency", flat=True)) == [moit.pk]
    assert form_of(response)["note"] == ["By decree 12."]
    again = form_of(response) | {"beside": ["on"]}
    assert again["rows"] == [f"{led.pk}:1"]
    assert officer.post(ASSIGN, again).status_code == 302
    assert set(led.assignments.values_list("agency", flat=True)) == {mofa.pk, moit.pk}


def test_a_bulk_assignment_changes_the_focal_point_of_an_existing_assignment() -> None:
    mofa, actor = make.agency("vn-mofa"), make.user("officer")
    lan, pledge = make.user("focal_point", agency=mofa), make.commitment()
    assign(commitment=pledge, actor=actor, agency=mofa)
    officer = client_as(actor)
    page = select(officer, "assign_selected", [pledge])
    data = form_of(page) | {"agency": [str(mofa.pk)], "focal_point": [str(lan.pk)]}
    assert officer.post(ASSIGN, data).status_code == 302
    assert Assignment.objects.get().focal_point == lan
