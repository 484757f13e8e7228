"""Bulk actions of the admin's list: they select rows, and the pages of the job change them."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Assignment, BulkJob, Commitment, StatusChange
from commitments.services import bulk
from commitments.services.assignments import assign
from commitments.services.progress import add_evidence
from commitments.services.transitions import apply_transition
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

LIST = "/admin/commitments/commitment/"
pytestmark = pytest.mark.django_db


def select(
    client: Client,
    action: str,
    pledges: list[Commitment],
    query: str = "",
    *,
    follow: bool = False,
    **typed: Any,
) -> Any:
    selected = {"action": action, "_selected_action": [pledge.pk for pledge in pledges], **typed}
    return client.post(f"{LIST}{query}", selected, follow=follow)


def rows_of(job: BulkJob) -> list[Commitment]:
    return [row.commitment for row in job.rows.all()]


def statuses(*pledges: Commitment) -> list[str]:
    return [Commitment.objects.get(pk=pledge.pk).status for pledge in pledges]


def test_a_status_change_leads_to_the_choice_of_the_action() -> None:
    agreed, closed, secret = make.commitment(), make.commitment("dropped"), make.commitment(classification=3)
    untouched, officer = make.commitment(), client_as("officer")
    chosen = select(officer, "move_selected", [agreed, closed, secret])
    job = BulkJob.objects.get()
    assert chosen["Location"] == f"/commitments/bulk/{job.pk}/"
    assert rows_of(job) == [agreed, closed]
    assert "Submit for review Possible for 1 of 2" in text_of(officer.get(chosen["Location"]))
    form = f"{chosen['Location']}move/start/"
    done = officer.post(form, form_of(officer.get(form)) | {"note": ["Work has begun."]}, follow=True)
    assert "1 updated, 1 refused." in text_of(done)
    assert statuses(agreed, closed, secret, untouched) == ["in_progress", "dropped", "agreed", "agreed"]
    assert agreed.status_changes.get(transition="start").note == "Work has begun."


def test_an_assignment_leads_to_its_form() -> None:
    mofa, actor = make.agency("vn-mofa"), make.user("officer")
    lan, free, held = make.user("focal_point", agency=mofa), make.commitment(), make.commitment()
    assign(commitment=held, actor=actor, agency=mofa)
    officer = client_as(actor)
    chosen = select(officer, "assign_selected", [free, held])
    assert chosen["Location"] == f"/commitments/bulk/{BulkJob.objects.get().pk}/assign/"
    data = form_of(officer.get(chosen["Location"])) | {"agency": [mofa.pk], "focal_point": [lan.pk]}
    assert "2 updated, none refused." in text_of(officer.post(chosen["Location"], data, follow=True))
    every = Assignment.objects.order_by("commitment").values_list("commitment", "agency", "focal_point")
    assert list(every) == [(free.pk, mofa.pk, lan.pk), (held.pk, mofa.pk, lan.pk)]


def test_select_all_selects_every_page_of_the_filtered_list() -> None:
    actor = make.user("officer", clearance=3)
    place = make.FirstMention(make.meeting(), make.source().paragraphs.get(number=1))
    pledges = [make.commitment(actor=actor, mention=place) for _n in range(52)]
    make.commitment("standing", actor=actor, mention=place)
    make.commitment(actor=actor, mention=place, classification=3)
    select(client_as("officer"), "move_selected", pledges[:1], "?status=agreed", select_across="1")
    assert rows_of(BulkJob.objects.get()) == pledges


@pytest.mark.parametrize(
    ("query", "on_the_site"),
    [
        ("", ""),
        ("?status=agreed&status=stalled&theme=&o=-1&p=0", "status=agreed&status=stalled"),
        ("?group=no_agency", "agency=none"),
        ("?group=open&q=bridge&nature=cooperation", "q=bridge&state=open&nature=cooperation"),
    ],
)
def test_the_job_leads_back_to_the_list_of_the_site_with_the_same_filter(
    query: str, on_the_site: str
) -> None:
    pledge, officer = make.commitment(title="Bridge"), client_as("officer")
    select(officer, "move_selected", [pledge], query)
    job = BulkJob.objects.get()
    assert (job.query, job.came_from) == ("", on_the_site)
    back = officer.post(f"/commitments/bulk/{job.pk}/stop/", follow=True)
    assert back.status_code == 200
    assert pledge.title in text_of(back)


def test_a_decision_is_on_what_stood_when_the_rows_were_selected() -> None:
    officer, reviewer = make.user("officer"), client_as("reviewer")
    same, changed = make.commitment(), make.commitment()
    for pledge in (same, changed):
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    form = f"{select(reviewer, 'move_selected', [same, changed])['Location']}move/confirm/"
    add_evidence(commitment=changed, actor=officer, title="Minutes", url="https://example.org/m")
    done = page_of(reviewer.post(form, form_of(reviewer.get(form)), follow=True))
    assert statuses(same, changed) == ["dropped", "under_review"]
    refused = done.texts(".refusals tbody tr")
    assert len(refused) == 1
    assert refused[0].startswith(changed.reference)
    assert "has changed since you read it" in refused[0]
    assert not StatusChange.objects.filter(unconditional=True).exists()


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("officer", {"move_selected", "assign_selected"}),
        ("reviewer", {"move_selected"}),
        ("administrator", set()),
    ],
)
def test_each_role_has_the_actions_it_may_do(role: str, actions: set[str]) -> None:
    pledge, client = make.commitment(), client_as(role)
    offered = {option["value"] for option in page_of(client.get(LIST)).select("select[name=action] option")}
    assert offered - {""} == actions
    for action in {"move_selected", "assign_selected"} - actions:
        select(client, action, [pledge])
        assert not BulkJob.objects.exists()


def test_an_empty_or_too_large_selection_stays_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    pledges, officer = [make.commitment() for _n in range(3)], client_as("officer")
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    for chosen, message in ((pledges, "Select at most 2 commitments."), ([], "Items must be selected")):
        listed = text_of(select(officer, "move_selected", chosen, "?status=agreed", follow=True, index="0"))
        assert message in listed
        assert "3 commitments" in listed
    assert not BulkJob.objects.exists()
