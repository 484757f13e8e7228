"""Bulk changes beside the workflow, what changed since the selection, and taking a bulk action back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Assignment, BulkJob, Commitment
from commitments.services.bulk import begin_assignment, begin_transition, run_some, select
from commitments.services.transitions import apply_transition
from pages.bulk.taking_back import offers_taking_back
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db


def job_of(client: Client, *pledges: Commitment) -> str:
    """Select ``pledges``; return the address of the job."""
    sent = {"scope": "ticked", "row": [each.reference for each in pledges], "query": ""}
    return str(client.post("/commitments/bulk/new/", sent)["Location"])


def send(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, form_of(client.get(url)) | typed, follow=True)


def agencies_of(pledge: Commitment) -> dict[str, str]:
    return dict(pledge.assignments.values_list("agency__slug", "role"))


def reasons(pledge: Commitment, model: Any = Assignment) -> list[str | None]:
    found = {"id": pledge.pk} if model is Commitment else {"commitment": pledge.pk}
    entries = model.history.filter(**found).order_by("history_id")
    return list(entries.values_list("history_change_reason", flat=True))


# -- the changes ---------------------------------------------------------------------------------------


def test_each_role_is_offered_the_changes_it_may_make() -> None:
    pledge = make.commitment(agencies=(make.agency(),))
    officer, reviewer = client_as("officer"), client_as("reviewer")
    where = job_of(officer, pledge, make.commitment())
    assert "Remove agency Possible for 1 of 2" in text_of(officer.get(where))
    assert "Replace lead agency Possible for 2 of 2" in text_of(officer.get(where))
    assert "Remove agency" not in text_of(officer.get(job_of(officer, make.commitment())))
    offered = page_of(officer.get(where)).links(".offers")
    assert {label: url.removeprefix(where) for label, url in offered.items() if "/move/" not in url} == {
        "Assign agency": "assign/",
        "Replace lead agency": "change/lead/",
        "Remove agency": "change/remove/",
        "Officer in charge": "change/officer/",
        "Set theme": "change/theme/",
        "Set classification": "change/classification/",
        "Ask for a report": f"/reports/ask/?job={where.split('/')[-2]}",
    }
    theirs = job_of(reviewer, pledge)
    assert all("/move/" in url for url in page_of(reviewer.get(theirs)).links(".offers").values())
    for name in ("lead", "remove", "theme", "classification"):
        for answer in (reviewer.get(f"{theirs}change/{name}/"), reviewer.post(f"{theirs}change/{name}/")):
            assert answer.status_code == 403
    assert officer.get(f"{where}change/nonsense/").status_code == 404


def test_the_lead_agency_is_replaced_and_those_that_support_stay(officer: Client) -> None:
    old, other, new = make.agency("vn-old"), make.agency("vn-other"), make.agency("vn-new")
    one, two, free = (
        make.commitment(agencies=(old, other)),
        make.commitment(agencies=(new,)),
        make.commitment(),
    )
    Assignment.objects.filter(commitment=one, agency=other).update(role="support")
    where = f"{job_of(officer, one, two, free)}change/lead/"
    shown = text_of(officer.get(where))
    assert "Replace the lead agency of 3 commitments" in shown
    assert "1 commitment: VN-OLD" in shown
    done = send(officer, where, agency=new.pk, note="By decree 12.")
    assert "3 updated, none refused." in text_of(done)
    assert agencies_of(one) == {"vn-other": "support", "vn-new": "lead"}
    assert agencies_of(two) == agencies_of(free) == {"vn-new": "lead"}
    assert reasons(one)[-2:] == ["By decree 12."] * 2


def test_an_agency_is_removed_where_it_is_assigned(officer: Client) -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    held, without = make.commitment(agencies=(mofa, moit)), make.commitment()
    make.agency("vn-elsewhere", name="Nowhere assigned")
    where = f"{job_of(officer, held, without)}change/remove/"
    assert "Nowhere assigned" not in text_of(officer.get(where))
    done = send(officer, where, agency=mofa.pk, note="Dissolved.")
    assert f"{without.reference} {without.title} Unchanged: VN-MOFA is not assigned." in text_of(done)
    assert agencies_of(held) == {"vn-moit": "lead"}
    assert reasons(held)[-1] == "Dissolved."


def test_the_theme_is_set_and_the_note_is_the_reason(officer: Client) -> None:
    trade = make.theme("trade")
    pledges, closed = [make.commitment() for _n in range(2)], make.commitment("dropped")
    note = "As the two ministers have agreed in their talks. " * 9
    done = send(officer, f"{job_of(officer, *pledges, closed)}change/theme/", theme=trade.pk, note=note)
    assert "3 updated, none refused." in text_of(done)
    assert set(Commitment.objects.values_list("theme__slug", flat=True)) == {"trade"}
    assert reasons(pledges[0], Commitment)[-1] == note.strip()
    assert note.strip() in text_of(officer.get(f"/admin/commitments/commitment/{closed.pk}/history/"))
    assert "Set the theme" in page_of(done).one("h1").text


def test_a_classification_is_set_up_to_ones_clearance() -> None:
    cleared, pledge = client_as("officer", clearance=2), make.commitment()
    where = f"{job_of(cleared, pledge)}change/classification/"
    offered = [each["value"] for each in page_of(cleared.get(where)).select("select option")]
    assert offered == ["", "0", "1", "2"]
    for level, said in (("3", "Select a valid choice"), ("", "This field is required.")):
        refused = send(cleared, where, classification=level)
        assert refused.status_code == 400
        assert said in text_of(refused)
    send(cleared, where, classification="2", note="It names a person.")
    pledge.refresh_from_db()
    assert pledge.classification == 2
    assert reasons(pledge, Commitment)[-1] == "It names a person."


@pytest.mark.parametrize("name", ["lead", "remove", "theme"])
def test_an_empty_form_names_its_field_and_keeps_the_note(name: str, officer: Client) -> None:
    where = job_of(officer, make.commitment())
    refused = send(officer, f"{where}change/{name}/", note="Typed with care.")
    assert refused.status_code == 400
    assert "This field is required." in page_of(refused).one(".notice--bad").text
    assert form_of(refused)["note"] == ["Typed with care."]
    assert BulkJob.objects.get().begun_at is None


# -- what changed since --------------------------------------------------------------------------------


def test_the_pages_say_what_changed_since_the_rows_were_selected() -> None:
    officer, reviewer = make.user("officer"), client_as("reviewer")
    waiting, moved = make.commitment(title="Old title"), make.commitment()
    apply_transition(commitment=waiting, name="submit", actor=officer, note="x", outcome="dropped")
    where = job_of(reviewer, waiting, moved)
    assert page_of(reviewer.get(where)).select(".since") == []
    Commitment.objects.get(pk=waiting.pk)
    changed = Commitment.objects.get(pk=waiting.pk)
    changed.title = "New title"
    changed.save()
    apply_transition(commitment=moved, name="start", actor=officer, note="x")
    told = [
        "Changed since you selected it: Title: Old title → New title",
        "Changed since you selected it: Report work begun: agreed → in progress",
    ]
    assert page_of(reviewer.get(where)).texts(".since") == told
    job = BulkJob.objects.get()
    run_some(job=begin_transition(job=job, name="confirm"))
    assert page_of(reviewer.get(where)).texts(".refusals .since") == told


def test_what_changed_takes_no_more_queries_for_many_rows(queries: Callable[[Client, str], int]) -> None:
    officer, client = make.user("officer"), client_as("officer")
    pledges = [make.commitment() for _n in range(9)]
    addresses = [job_of(client, *pledges[:2]), job_of(client, *pledges)]
    for pledge in pledges:
        apply_transition(commitment=pledge, name="start", actor=officer, note="x")
    few, many = (queries(client, where) for where in addresses)
    assert few == many


# -- taking back ---------------------------------------------------------------------------------------


def test_an_assignment_is_taken_back_except_where_it_was_changed_since(officer: Client) -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    free, held, changed = make.commitment(), make.commitment(agencies=(mofa,)), make.commitment()
    where = job_of(officer, free, held, changed)
    done = send(officer, f"{where}assign/", agency=mofa.pk, role="support", note="By decree 12.")
    assert page_of(done).links("#job")["Take back…"] == f"{where}take-back/"
    Assignment.objects.get(commitment=changed).delete()
    shown = text_of(officer.get(f"{where}take-back/"))
    assert "Take back for 3 commitments" in shown
    back = send(officer, f"{where}take-back/", note="Wrong decree.")
    words = text_of(back)
    assert "2 updated, 1 refused." in words
    assert "Unchanged: the assignment of VN-MOFA was changed since." in words
    assert page_of(back).one("h1").text == f"Take back: Assign to {mofa}"
    assert [agencies_of(each) for each in (free, held, changed)] == [{}, {"vn-mofa": "lead"}, {}]
    assert (reasons(free)[-1], reasons(held)[-1]) == ("Wrong decree.", "Wrong decree.")
    again = officer.get(f"{where}take-back/", follow=True)
    assert "This bulk action was taken back." in text_of(again)
    assert not Assignment.objects.filter(agency=moit).exists()


def test_a_replaced_lead_comes_back_with_its_focal_point(officer: Client) -> None:
    old, new = make.agency("vn-old"), make.agency("vn-new")
    lan, pledge = make.user("focal_point", agency=old), make.commitment(agencies=(old,))
    Assignment.objects.update(focal_point=lan)
    held = Assignment.objects.get()
    held.save()
    where = job_of(officer, pledge)
    send(officer, f"{where}change/lead/", agency=new.pk)
    assert agencies_of(pledge) == {"vn-new": "lead"}
    send(officer, f"{where}take-back/")
    assert agencies_of(pledge) == {"vn-old": "lead"}
    assert Assignment.objects.get().focal_point == lan


def test_a_theme_and_a_classification_come_back(officer: Client) -> None:
    trade, pledge, later = make.theme("trade"), make.commitment(), make.commitment()
    where = job_of(officer, pledge, later)
    send(officer, f"{where}change/theme/", theme=trade.pk)
    edited = Commitment.objects.get(pk=later.pk)
    edited.theme = make.theme("health")
    edited.save()
    back = text_of(send(officer, f"{where}take-back/"))
    assert "Unchanged: the field “theme” was changed since." in back
    assert [Commitment.objects.get(pk=each.pk).theme.slug for each in (pledge, later)] == ["border", "health"]


def test_status_changes_are_taken_back_where_that_is_permitted() -> None:
    account = make.user("officer")
    officer, pledges = client_as(account), [make.commitment() for _n in range(3)]
    where = job_of(officer, *pledges)
    send(officer, f"{where}move/start/", note="Work has begun.")
    apply_transition(commitment=pledges[1], name="stall", actor=make.user("officer"), note="No money.")
    shown = officer.get(f"{where}take-back/")
    assert "Possible for 2 of 3" in text_of(shown)
    assert "has changed it meanwhile: Report stalled" in text_of(shown)
    missing = send(officer, f"{where}take-back/", note=" ")
    assert missing.status_code == 400
    assert "Write a note" in page_of(missing).one(".notice--bad").text
    done = send(officer, f"{where}take-back/", note="The wrong list.")
    assert "2 updated, 1 refused." in text_of(done)
    assert [Commitment.objects.get(pk=each.pk).status for each in pledges] == ["agreed", "stalled", "agreed"]
    change = pledges[0].status_changes.get(number=3)
    assert (change.transition, change.actor, change.note) == ("correct", account, "The wrong list.")


def test_status_changes_of_long_ago_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, pledge = make.user("officer"), make.commitment()
    job = select(owner=owner, commitments=Commitment.objects.filter(pk=pledge.pk))
    run_some(job=begin_transition(job=job, name="start", note="Work has begun."))
    job = BulkJob.objects.get()
    assert offers_taking_back(job, owner)
    later = timezone.now() + dt.timedelta(hours=25)
    with monkeypatch.context() as then:
        then.setattr("django.utils.timezone.now", lambda: later)
        assert not offers_taking_back(job, owner)


def test_a_decision_is_not_taken_back() -> None:
    pledge, reviewer = make.commitment(), make.user("reviewer")
    apply_transition(
        commitment=pledge, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    client = client_as(reviewer)
    where = job_of(client, pledge)
    run_some(job=begin_transition(job=BulkJob.objects.get(), name="confirm"))
    assert "Take back" not in text_of(client.get(where))
    assert client.get(f"{where}take-back/")["Location"] == where


def test_nothing_is_offered_where_nobody_could_take_it_back(officer: Client) -> None:
    mofa, pledge = make.agency(), make.commitment()
    unfinished = job_of(officer, pledge)
    assert officer.get(f"{unfinished}take-back/")["Location"] == unfinished
    stranger = client_as("officer")
    send(officer, f"{unfinished}assign/", agency=mofa.pk)
    assert stranger.get(f"{unfinished}take-back/").status_code == 404
    secret = Commitment.objects.filter(pk=pledge.pk)
    secret.update(classification=3)
    assert "Take back" not in text_of(officer.get(unfinished))


def test_what_was_written_before_the_keys_were_kept_is_refused_by_name(officer: Client) -> None:
    mofa, known, unknown = make.agency(), make.commitment(), make.commitment()
    where = job_of(officer, known, unknown)
    send(officer, f"{where}assign/", agency=mofa.pk)
    BulkJob.objects.get().rows.filter(commitment=unknown).update(written=[])
    reason = "the action wrote nothing here that can be taken back"
    assert reason in text_of(officer.get(f"{where}take-back/"))
    assert reason in text_of(send(officer, f"{where}take-back/"))
    assert (agencies_of(known), agencies_of(unknown)) == ({}, {"vn-mofa": "lead"})


def test_pages_of_taking_back_need_as_many_queries_for_many_rows(
    queries: Callable[[Client, str], int],
) -> None:
    owner = make.user("officer")
    client, mofa, counts = client_as(owner), make.agency(), []
    for size in (2, 9):
        pledges = [make.commitment().pk for _n in range(size)]
        job = select(owner=owner, commitments=Commitment.objects.filter(pk__in=pledges))
        run_some(job=begin_assignment(job=job, agency=mofa))
        counts.append([queries(client, f"/commitments/bulk/{job.pk}/{end}") for end in ("", "take-back/")])
    assert counts[0] == counts[1]
