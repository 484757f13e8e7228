"""Bulk actions on the list: the selection, the forms, the run step by step, and the results."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Assignment, BulkJob, Commitment, StatusChange
from commitments.services import bulk
from commitments.services.progress import add_evidence, withdraw_evidence
from commitments.services.transitions import apply_transition
from pages.bulk import views as pages
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

pytestmark = pytest.mark.django_db
LIST, NEW = "/commitments/", "/commitments/bulk/new/"


def statuses(*pledges: Commitment) -> list[str]:
    return [Commitment.objects.get(pk=pledge.pk).status for pledge in pledges]


def choose(client: Client, **posted: Any) -> BulkJob:
    """Select rows, and return the new job."""
    response = client.post(NEW, {"scope": "all", "query": "", **posted})
    assert response.status_code == 302, text_of(response)
    return BulkJob.objects.get(pk=int(re.findall(r"/commitments/bulk/(\d+)/", response["Location"])[0]))


def begin(client: Client, job: BulkJob, name: str, **typed: str) -> Any:
    """Fill in the form of a transition, and send it."""
    url = f"/commitments/bulk/{job.pk}/move/{name}/"
    return client.post(
        url, form_of(client.get(url)) | {key: [value] for key, value in typed.items()}, follow=True
    )


# -- the list --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "query", "ticks"),
    [
        ("officer", "", True),
        ("reviewer", "", True),
        ("focal_point", "", True),
        ("officer", "?columns=title,theme", True),
        ("officer", "?as_of=2999-01-01", True),
        ("reader", "", False),
        ("administrator", "", False),
        ("officer", "?as_of=2025-01-01", False),
        ("officer", "?compare=2020-01-01", False),
    ],
)
def test_users_with_a_bulk_action_can_tick_rows(role: str, query: str, ticks: bool) -> None:
    agency = make.agency()
    pledge = make.commitment(agencies=(agency,))
    client = client_as(role, agency=agency)
    page = page_of(client.get(f"{LIST}{query}"))
    assert pledge.title in page.text
    assert [box["value"] for box in page.select('input[name="row"]')] == [pledge.reference] * ticks
    address = NEW + (f"?{QueryDict(query[1:]).urlencode()}" if query else "")
    assert [form["action"] for form in page.select(f'form[action^="{NEW}"]')] == [address] * ticks
    assert ("x" in page.texts("kbd")) is ticks


def test_the_list_shows_unfinished_jobs(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make.commitment(), make.commitment()
    monkeypatch.setattr(pages, "STEP_SIZE", 1)
    begin(officer, choose(officer), "start", note="x")
    assert page_of(officer.get(LIST)).select(".bulk-waits") != []
    assert page_of(client_as("officer").get(LIST)).select(".bulk-waits") == []


# -- selecting -------------------------------------------------------------------------------------------


def test_ticks_of_several_pages_are_one_selection(officer: Client) -> None:
    first, second, third, fourth = (make.commitment() for _n in range(4))
    secret = make.commitment(classification=3)
    kept = f"{third.reference},{secret.reference},NONE-1"
    job = choose(officer, scope="ticked", row=[second.reference, first.reference], kept=kept, query="page=2")
    assert [row.commitment for row in job.rows.all()] == [first, second, third]
    assert job.query == ""
    assert fourth not in [row.commitment for row in job.rows.all()]


@pytest.mark.django_db
def test_values_that_are_no_references_are_ignored(officer: Client) -> None:
    pledge = make.commitment()
    typed = [pledge.reference, "\x00", "a' or 1=1", "x" * 10_000]
    job = choose(officer, scope="ticked", row=typed, kept=",,")
    assert [row.commitment for row in job.rows.all()] == [pledge]


def test_all_matches_and_all_rows_of_the_page_are_selected_by_the_filter(officer: Client) -> None:
    agreed = [make.commitment() for _n in range(3)]
    make.commitment("stalled")
    query = "status=agreed&page_size=2&ordering=-reference&columns=title"
    whole = choose(officer, scope="all", query=query)
    assert [row.commitment for row in whole.rows.all()] == agreed
    assert whole.query == "status=agreed&page_size=2&ordering=-reference&columns=title"
    page = choose(officer, scope="page", query=query)
    assert [row.commitment for row in page.rows.all()] == agreed[1:]
    last = choose(officer, scope="page", query=f"{query}&page=2")
    assert [row.commitment for row in last.rows.all()] == agreed[:1]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("statis=agreed", "statis"),
        ("status=nonsense", "status"),
        ("as_of=2025-01-01", "as_of"),
        ("compare=2025-01-01", "compare"),
        ("columns=nonsense", "columns"),
    ],
)
@pytest.mark.parametrize("scope", ["all", "page"])
def test_an_invalid_filter_selects_nothing(scope: str, query: str, name: str, officer: Client) -> None:
    make.commitment()
    response = officer.post(NEW, {"scope": scope, "query": query})
    assert response.status_code == 400
    assert name in response.context["faults"]
    assert not BulkJob.objects.exists()


def test_an_empty_selection_leads_back_to_the_list_with_a_message(officer: Client) -> None:
    make.commitment()
    response = officer.post(NEW, {"scope": "ticked", "query": "status=agreed"}, follow=True)
    assert response.redirect_chain == [("/commitments/?status=agreed", 302)]
    assert "Select at least one commitment." in text_of(response)


# -- choosing the action ---------------------------------------------------------------------------------


def test_the_page_shows_for_how_many_rows_each_action_is_possible(officer: Client) -> None:
    for status in ("agreed", "standing", "dropped"):
        make.commitment(status)
    job = choose(officer)
    page = officer.get(f"/commitments/bulk/{job.pk}/")
    assert {each.row.name.value: each.possible for each in page.context["selection"].actions} == {
        "start": 2,
        "stall": 1,
        "submit": 2,
    }
    words = text_of(page)
    assert "3 commitments selected" in words
    assert "Report stalled Possible for 1 of 3" in words
    assert "Assign agency Possible for 3 of 3" in words
    assert "no actions" in words
    form = text_of(officer.get(f"/commitments/bulk/{job.pk}/move/stall/"))
    assert "Possible for 1 of 3" in form
    assert (
        "1 commitment: The commitment is dropped now; “Report stalled” is not possible from this status."
        in form
    )


def test_the_selection_shows_the_same_actions_as_the_page_of_each_commitment() -> None:
    """The rules are checked once for each group of rows, so rows of a group must not differ in any rule."""
    mofa = make.agency()
    both = make.user("officer", "reviewer")
    contact = make.user("reviewer", "focal_point", agency=mofa)
    other = make.user("officer")

    def moved(pledge: Commitment, *moves: tuple[Any, str]) -> None:
        for actor, name in moves:
            outcome = {"outcome": "dropped"} if name == "submit" else {}
            apply_transition(commitment=pledge, name=name, actor=actor, note="x", **outcome)

    for nature in ("cooperation", "principle", "event"):
        make.commitment(nature=nature)
        make.commitment("standing", nature=nature)
    make.commitment(agencies=(mofa,))
    for status in ("requested", "stalled", "dropped"):
        make.commitment(status)
    for actor in (both, other):
        moved(make.commitment(), (actor, "stall"))
        moved(make.commitment(), (actor, "submit"))
    moved(make.commitment(), (both, "submit"), (both, "withdraw"), (other, "submit"))
    for user in (both, contact, other, make.user("focal_point", agency=mofa)):
        client = client_as(user)
        selection = client.get(f"/commitments/bulk/{choose(client).pk}/").context["selection"]
        assert selection.visible == len(selection.listed) == Commitment.objects.visible_to(user).count()
        for each in selection.listed:
            page = client.get(each.commitment.get_absolute_url()).content.decode()
            shown = set(re.findall(r"/transitions/(\w+)/", page))
            assert {transition.name.value for transition in each.actions} == shown, each.commitment


def test_the_form_offers_the_outcomes_that_are_possible_for_any_row() -> None:
    reviewer, officer = client_as("reviewer"), make.user("officer")
    for status in ("requested", "agreed"):
        apply_transition(
            commitment=make.commitment(status), name="submit", actor=officer, note="x", outcome="dropped"
        )
    page = reviewer.get(f"/commitments/bulk/{choose(reviewer).pk}/move/confirm/")
    offered = [value for value, _label in page.context["form"].fields["outcome"].choices]
    assert offered == ["", "fulfilled", "partly_fulfilled", "not_fulfilled", "superseded", "dropped"]


def test_rows_changed_since_the_selection_are_shown_and_can_be_selected_again(officer: Client) -> None:
    moved, hidden, still = make.commitment(), make.commitment(), make.commitment()
    job = choose(officer)
    apply_transition(commitment=moved, name="start", actor=make.user("officer"), note="x")
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    page = officer.get(f"/commitments/bulk/{job.pk}/")
    words = text_of(page)
    assert "1 commitment was changed after you selected it, and would be refused." in words
    assert "1 selected commitment is no longer available to you." in words
    assert hidden.reference not in words
    assert {each.row.name.value: each.possible for each in page.context["selection"].actions}["stall"] == 1
    response = officer.post(f"/commitments/bulk/{job.pk}/again/", follow=True)
    fresh = BulkJob.objects.exclude(pk=job.pk).get()
    assert [row.commitment for row in fresh.rows.all()] == [moved, still]
    assert "Report stalled Possible for 2 of 2" in text_of(response)


def test_a_selection_can_be_cancelled(officer: Client) -> None:
    make.commitment()
    job = choose(officer, query="status=agreed")
    response = officer.post(f"/commitments/bulk/{job.pk}/stop/")
    assert response["Location"] == "/commitments/?status=agreed"
    assert not BulkJob.objects.exists()


# -- transitions -----------------------------------------------------------------------------------------


def test_a_few_rows_change_at_once_with_one_note_and_each_refusal_is_shown(officer: Client) -> None:
    good, closed, other = (
        make.commitment(),
        make.commitment("dropped", title="Over and done"),
        make.commitment(),
    )
    response = begin(
        officer, choose(officer), "start", note="Work has begun on all.", occurred_on="2025-01-02"
    )
    assert statuses(good, closed, other) == ["in_progress", "dropped", "in_progress"]
    change = good.status_changes.get(transition="start")
    assert (change.note, change.occurred_on.isoformat()) == ("Work has begun on all.", "2025-01-02")
    words = text_of(response)
    assert "2 updated, 1 refused." in words
    assert f"{closed.reference} Over and done The commitment is dropped now" in words
    refused, _done, done = words.partition("Updated Updated commitments 1 to 2 of 2")
    assert good.reference not in refused
    assert f"{good.reference} {good.title} in progress" in done
    assert closed.reference not in done
    assert "Work has begun on all." in words


def test_a_form_with_errors_for_all_rows_starts_no_job(officer: Client) -> None:
    pledge = make.commitment()
    job = choose(officer)
    missing = begin(officer, job, "submit", note="")
    assert missing.status_code == 400
    assert set(missing.context["form"].errors) == {"note", "outcome"}
    late = begin(
        officer, job, "submit", note="Typed with care.", outcome="dropped", delivered_on="2999-01-01"
    )
    assert late.status_code == 400
    assert "is after today" in str(late.context["form"].errors["delivered_on"])
    assert form_of(late)["note"] == ["Typed with care."]
    job.refresh_from_db()
    assert job.begun_at is None
    assert statuses(pledge) == ["agreed"]
    evidence = {"evidence-0-title": "Minutes", "evidence-0-url": "https://example.org/m"}
    done = begin(officer, job, "submit", note="x", outcome="fulfilled", **evidence)
    assert done.status_code == 200
    assert statuses(pledge) == ["under_review"]
    assert pledge.evidence.get().url == "https://example.org/m"


def test_a_missing_successor_is_refused_before_any_row_is_run(officer: Client) -> None:
    pledge, better = make.commitment(), make.commitment()
    job = choose(officer)
    refused = begin(officer, job, "submit", note="x", outcome="superseded")
    assert refused.status_code == 400
    assert "Successor: Enter the reference of the commitment that replaces these." in text_of(refused)
    job.refresh_from_db()
    assert job.begun_at is None
    begin(officer, job, "submit", note="x", outcome="superseded", successor=better.reference)
    assert statuses(pledge) == ["under_review"]


def test_entries_are_filled_in_again_for_the_remaining_rows(officer: Client) -> None:
    make.commitment(), make.commitment("dropped")
    done = begin(officer, choose(officer), "submit", note="Signed at last.", outcome="fulfilled")
    assert "0 updated, 2 refused" in text_of(done)
    old = BulkJob.objects.get()
    chosen = officer.post(f"/commitments/bulk/{old.pk}/again/", follow=True)
    fresh = BulkJob.objects.exclude(pk=old.pk).get()
    assert "Your earlier entries are filled in. Attach evidence again." in text_of(chosen)
    url = f"/commitments/bulk/{fresh.pk}/move/submit/?like={old.pk}"
    assert url in page_of(chosen).links().values()
    begun = form_of(officer.get(url))
    assert (begun["note"], begun["outcome"]) == (["Signed at last."], ["fulfilled"])
    assert (
        officer.get(f"/commitments/bulk/{fresh.pk}/move/submit/").context["form"].initial.get("note") is None
    )
    other = client_as("officer")
    theirs = choose(other)
    page = other.get(f"/commitments/bulk/{theirs.pk}/move/submit/?like={old.pk}")
    assert "Signed at last." not in page.content.decode()


def test_entries_of_an_assignment_are_filled_in_again_for_the_remaining_rows(officer: Client) -> None:
    make.commitment(agencies=(make.agency(),))
    agency = make.agency("vn-mot")
    old = choose(officer)
    typed = {"agency": agency.pk, "role": "lead", "note": "By decree 12."}
    officer.post(f"/commitments/bulk/{old.pk}/assign/", typed)
    chosen = officer.post(f"/commitments/bulk/{old.pk}/again/", follow=True)
    fresh = BulkJob.objects.exclude(pk=old.pk).get()
    url = f"/commitments/bulk/{fresh.pk}/assign/?like={old.pk}"
    assert url in page_of(chosen).links().values()
    form = form_of(officer.get(url))
    assert (form["agency"], form["note"]) == ([str(agency.pk)], ["By decree 12."])


def test_khmer_text_is_marked_as_khmer_on_every_page_of_a_job(officer: Client) -> None:
    title, ministry = "ជំរុញការបញ្ចប់ការចរចា", "ក្រសួងការបរទេស"
    make.commitment(title=title)
    make.commitment("dropped", title=title)
    agency = make.agency("kh-mfaic", "KH", name=ministry)
    job = choose(officer)
    asked = [officer.get(f"/commitments/bulk/{job.pk}/{page}") for page in ("", "move/start/", "assign/")]
    moved = begin(officer, job, "start", note="បានចាប់ផ្តើម")
    for page in (*asked, moved):
        assert page_of(page).texts("a[lang=km]") == [title] * 2
    assert page_of(moved).texts("dd[lang=km]") == ["បានចាប់ផ្តើម"]
    given = choose(officer)
    officer.post(f"/commitments/bulk/{given.pk}/assign/", {"agency": agency.pk, "role": "lead"})
    page = page_of(officer.get(f"/commitments/bulk/{given.pk}/"))
    assert page.texts("h1[lang=km]") == [f"Assign to {ministry}"]
    assert page_of(officer.get("/commitments/bulk/")).texts("a[lang=km]") == [f"Assign to {ministry}"]


def test_many_are_confirmed_as_proposed_except_own_submissions() -> None:
    decider, other = make.user("officer", "reviewer"), make.user("officer")
    dropped, not_done, own = (make.commitment() for _n in range(3))
    for pledge, actor, outcome in (
        (dropped, other, "dropped"),
        (not_done, other, "not_fulfilled"),
        (own, decider, "dropped"),
    ):
        apply_transition(commitment=pledge, name="submit", actor=actor, note="x", outcome=outcome)
    client = client_as(decider)
    response = begin(client, choose(client), "confirm")
    assert statuses(dropped, not_done, own) == ["dropped", "not_fulfilled", "under_review"]
    assert "You submitted this commitment yourself" in text_of(response)


def test_a_decision_on_a_changed_dossier_is_refused_by_name_and_the_others_go_on() -> None:
    officer, client = make.user("officer"), client_as("reviewer")
    same, before, after = (make.commitment() for _n in range(3))
    for pledge in (same, before, after):
        apply_transition(commitment=pledge, name="submit", actor=officer, note="x", outcome="dropped")
    job = choose(client)
    add_evidence(commitment=before, actor=officer, title="Minutes", url="https://example.org/m")
    page = client.get(f"/commitments/bulk/{job.pk}/move/confirm/")
    assert page.context["preview"].possible == 2
    assert page.context["selection"].changed == 1
    assert "1 commitment: The commitment has changed since you read it." in text_of(page)
    theirs = client_as(officer)
    own = choose(theirs)
    add_evidence(commitment=same, actor=officer, title="Minutes", url="https://example.org/m")
    withdrawing = theirs.get(f"/commitments/bulk/{own.pk}/move/withdraw/").context
    assert (withdrawing["preview"].possible, withdrawing["selection"].changed) == (3, 0)
    job = choose(client)
    add_evidence(commitment=before, actor=officer, title="Photo", url="https://example.org/p")
    add_evidence(commitment=after, actor=officer, title="Minutes", url="https://example.org/m")
    done = page_of(begin(client, job, "confirm"))
    assert statuses(same, before, after) == ["dropped", "under_review", "under_review"]
    refused = done.texts(".refusals tbody tr")
    assert [row.split()[0] for row in refused] == [before.reference, after.reference]
    assert all("has changed since you read it" in row for row in refused)
    again = choose(client)
    again.rows.update(stamp="")
    begin(client, again, "confirm")
    assert statuses(before, after) == ["under_review", "under_review"]
    begin(client, choose(client), "confirm")
    assert statuses(before, after) == ["dropped", "dropped"]
    assert not StatusChange.objects.filter(unconditional=True).exists()


def test_an_action_that_is_possible_for_no_row_says_so(officer: Client) -> None:
    make.commitment("dropped")
    job = choose(officer)
    page = officer.get(f"/commitments/bulk/{job.pk}/move/start/")
    assert "This action is not possible for any of the selected commitments." in text_of(page)
    assert officer.get(f"/commitments/bulk/{job.pk}/move/nonsense/").status_code == 404
    assert officer.get(f"/commitments/bulk/{job.pk}/move/register/").status_code == 404


def test_a_started_job_is_not_started_again(officer: Client) -> None:
    pledge = make.commitment()
    job = choose(officer)
    begin(officer, job, "start", note="x")
    for page in ("move/stall", "assign"):
        response = officer.post(f"/commitments/bulk/{job.pk}/{page}/", {"note": "x"})
        assert response["Location"] == f"/commitments/bulk/{job.pk}/"
    assert statuses(pledge) == ["in_progress"]


# -- step by step ----------------------------------------------------------------------------------------


def test_a_job_can_be_continued_and_stopped(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pledges = [make.commitment() for _n in range(5)]
    monkeypatch.setattr(pages, "STEP_SIZE", 2)
    job = choose(officer)
    response = begin(officer, job, "start", note="x")
    assert "0 of 5 processed · Updated: 0 · Refused: 0" in text_of(response)
    assert "Start with the first 2" in text_of(response)
    assert statuses(*pledges) == ["agreed"] * 5
    response = officer.post(f"/commitments/bulk/{job.pk}/run/", follow=True)
    assert "2 of 5 processed" in text_of(response)
    assert "Continue with the next 2" in text_of(response)
    assert "2 of 5 processed" in text_of(officer.get("/commitments/bulk/"))
    told = officer.post(
        f"/commitments/bulk/{job.pk}/run/", {"most": "1"}, headers={"accept": "application/json"}
    )
    assert told.json() == {
        "total": 5,
        "tried": 3,
        "done": 3,
        "refused": 0,
        "pending": 2,
        "finished": False,
    }
    response = officer.post(f"/commitments/bulk/{job.pk}/stop/", follow=True)
    assert "Stopped. 3 updated, none refused. 2 unchanged." in text_of(response)
    assert statuses(*pledges) == ["in_progress"] * 3 + ["agreed"] * 2
    again = officer.post(f"/commitments/bulk/{job.pk}/again/", follow=True)
    assert "2 commitments selected" in text_of(again)


def test_refusals_have_pages_and_a_page_past_the_end_is_not_found(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = [make.commitment("dropped") for _n in range(3)]
    make.commitment()
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 2)
    job = choose(officer)
    page = begin(officer, job, "start", note="x")
    first, second = (text_of(officer.get(f"/commitments/bulk/{job.pk}/?page={n}")) for n in (1, 2))
    assert [pledge.reference in first for pledge in closed] == [True, True, False]
    assert [pledge.reference in second for pledge in closed] == [False, False, True]
    assert "1–2 of 3" in text_of(page)
    for wrong in ("0", "3", "x", "²", "9" * 5000):
        assert officer.get(f"/commitments/bulk/{job.pk}/", {"page": wrong}).status_code == 404


def test_each_reason_has_its_number_of_rows(officer: Client) -> None:
    for status in ("agreed", "agreed", "dropped"):
        make.commitment(status)
    words = text_of(officer.get(f"/commitments/bulk/{choose(officer).pk}/move/agree/"))
    assert "2 commitments: The commitment is agreed now;" in words
    assert "1 commitment: The commitment is dropped now;" in words


def test_an_action_for_some_natures_names_them() -> None:
    reviewer = client_as("reviewer")
    make.commitment(nature="event"), make.commitment(nature="principle")
    words = text_of(reviewer.get(f"/commitments/bulk/{choose(reviewer).pk}/move/uphold/"))
    assert (
        "1 commitment: Only for these natures: cooperation, instrument to implement and principle." in words
    )


def test_an_empty_choice_has_a_label(officer: Client) -> None:
    make.commitment()
    page = page_of(officer.get(f"/commitments/bulk/{choose(officer).pk}/assign/"))
    assert page.texts('option[value=""][selected]') == ["choose an agency", "no focal point"]


def test_updated_and_refused_rows_have_pages_of_their_own(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = [make.commitment(title=f"Road {n}") for n in range(3)]
    closed = make.commitment("dropped")
    hidden = make.commitment(title="Closely held")
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 2)
    job = choose(officer)
    begin(officer, job, "start", note="x")
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    pages_of = [officer.get(f"/commitments/bulk/{job.pk}/?done={n}") for n in (1, 2)]
    shown = [[row.commitment for row in page.context["done"]] for page in pages_of]
    assert shown == [done[:2], [done[2], None]]
    first, second = (text_of(page) for page in pages_of)
    assert "Road 0 in progress" in first
    assert "– No longer available to you." in second
    assert "Closely held" not in second
    assert hidden.reference not in second
    assert [closed.reference in words for words in (first, second)] == [True, True]
    assert officer.get(f"/commitments/bulk/{job.pk}/?done=3").status_code == 404


def test_a_result_links_to_the_list_on_which_its_rows_were_ticked(officer: Client) -> None:
    pledge = make.commitment()
    job = choose(officer, scope="ticked", row=[pledge.reference], query="status=agreed&page=1")
    page = page_of(begin(officer, job, "start", note="x"))
    assert page.links(".more")["Back to the list"] == "/commitments/?status=agreed"
    again = choose(officer, scope="ticked", row=[pledge.reference], query="theme=border")
    stopped = officer.post(f"/commitments/bulk/{again.pk}/stop/")
    assert stopped["Location"] == "/commitments/?theme=border"


def test_a_selection_shows_who_proposed_which_outcome_when_and_links_the_evidence(
    queries: Callable[[Client, str], int],
) -> None:
    other, reviewer = (
        make.user("officer", first_name="Lan", last_name="Tran"),
        client_as("reviewer"),
    )

    def submitted(outcome: str) -> Commitment:
        pledge = make.commitment()
        day = dt.date(2025, 3, 1)
        apply_transition(
            commitment=pledge, name="submit", actor=other, note="x", outcome=outcome, occurred_on=day
        )
        for n in range(3):
            piece = add_evidence(commitment=pledge, actor=other, title=f"{n}", url=f"https://example.org/{n}")
        withdraw_evidence(evidence=piece, actor=other, reason="A copy.")
        return pledge

    submitted("dropped")
    make.commitment()
    job = choose(reviewer)
    listed = reviewer.get(f"/commitments/bulk/{job.pk}/").context["selection"].listed
    assert listed[1].submission is None
    confirm = reviewer.get(f"/commitments/bulk/{job.pk}/move/confirm/")
    assert page_of(confirm).links("td") == {"0": "https://example.org/0", "1": "https://example.org/1"}
    words = text_of(confirm)
    assert "dropped by Lan Tran, 1 Mar 2025 0 1 possible" in words
    assert "not fulfilled by" not in words
    before = queries(reviewer, f"/commitments/bulk/{job.pk}/move/confirm/")
    for _n in range(9):
        submitted("not_fulfilled")
    more = choose(reviewer)
    assert queries(reviewer, f"/commitments/bulk/{more.pk}/move/confirm/") == before
    assert text_of(reviewer.get(f"/commitments/bulk/{more.pk}/")).count("not fulfilled by Lan Tran") == 9


def test_a_row_that_is_no_longer_visible_is_refused_and_not_named(officer: Client) -> None:
    hidden = make.commitment(title="Closely held")
    make.commitment()
    job = choose(officer)
    Commitment.objects.filter(pk=hidden.pk).update(classification=3)
    response = begin(officer, job, "start", note="x")
    assert "Closely held" not in text_of(response)
    assert "1 commitment: No longer available to you." in text_of(response)
    assert hidden.reference not in response.content.decode()
    assert statuses(hidden) == ["agreed"]


def test_a_post_needs_the_csrf_token() -> None:
    make.commitment()
    client = client_as("officer", client=Client(enforce_csrf_checks=True))
    assert client.post(NEW, {"scope": "all", "query": ""}).status_code == 403
    assert not BulkJob.objects.exists()


# -- assigning -------------------------------------------------------------------------------------------


def test_an_agency_is_assigned_to_many_and_those_with_another_lead_are_refused(officer: Client) -> None:
    mofa, moit = make.agency("vn-mofa"), make.agency("vn-moit")
    lan = make.user("focal_point", agency=mofa)
    free, led = make.commitment(), make.commitment(agencies=(moit,))
    job = choose(officer)
    url = f"/commitments/bulk/{job.pk}/assign/"
    page = officer.get(url)
    assert "1 commitment: VN-MOIT" in text_of(page)
    data = form_of(page) | {"agency": [str(mofa.pk)], "focal_point": [str(lan.pk)]}
    response = officer.post(url, data, follow=True)
    held = Assignment.objects.get(agency=mofa)
    assert (held.commitment, held.role, held.focal_point) == (free, "lead", lan)
    assert f"{led.reference} {led.title} Unchanged: VN-MOIT already leads it." in text_of(response)
    stranger = make.user("focal_point", agency=moit)
    url = f"/commitments/bulk/{choose(officer).pk}/assign/"
    refused = officer.post(url, data | {"focal_point": [str(stranger.pk)]})
    assert refused.status_code == 400
    assert "is no focal point of" in text_of(refused)


def test_the_note_of_an_assignment_is_in_the_history_of_each_commitment_and_on_the_page_of_the_job(
    officer: Client,
) -> None:
    mofa = make.agency("vn-mofa")
    free, held = make.commitment(), make.commitment(agencies=(mofa,))
    url = f"/commitments/bulk/{choose(officer).pk}/assign/"
    page = officer.get(url)
    assert "saved in the history of each commitment" in text_of(page)
    data = form_of(page) | {"agency": [str(mofa.pk)], "note": [" តាមការសម្រេច\r\nBy decree 12. "]}
    response = officer.post(url, data, follow=True)
    note = page_of(response).one("dd[lang=km]")
    assert note.text == "តាមការសម្រេចBy decree 12."
    assert len(note.select("br")) == 1
    for pledge in (free, held):
        history = page_of(officer.get(f"/admin/commitments/commitment/{pledge.pk}/history/"))
        assert "តាមការសម្រេច By decree 12." in history.texts("dd[lang=km]")
        assert "Reason" in history.texts("dt")
    without = officer.post(f"/commitments/bulk/{choose(officer).pk}/assign/", data | {"note": [" "]})
    assert without.status_code == 302
    assert Assignment.history.filter(history_change_reason__isnull=False).count() == 2


# -- ten thousand ----------------------------------------------------------------------------------------


def count(client: Client, call: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    return answer, len(captured)


def test_ten_thousand_rows_are_selected_checked_and_run_in_steps(officer: Client) -> None:
    make.many_commitments(10_000)
    job, n_queries = count(officer, lambda: choose(officer, query="status=agreed"))
    assert job.rows.count() == 10_000
    assert n_queries < 100
    page, n_queries = count(officer, lambda: officer.get(f"/commitments/bulk/{job.pk}/"))
    assert page.context["selection"].visible == 10_000
    assert "and 9,800 more" in text_of(page)
    assert n_queries < 60
    response = begin(officer, job, "start", note="x")
    assert "0 of 10,000 processed" in text_of(response)
    assert "Start with the first 300" in text_of(response)
    officer.post(f"/commitments/bulk/{job.pk}/run/", {"most": "5"})
    page, n_queries = count(officer, lambda: officer.get(f"/commitments/bulk/{job.pk}/"))
    assert "5 of 10,000 processed" in text_of(page)
    assert n_queries < 20
    assert bulk.STEP_SIZE == 300


@pytest.mark.slow
@pytest.mark.parametrize("page", ["", "move/start/", "assign/"])
def test_the_pages_of_a_selection_need_as_many_queries_for_three_rows_as_for_thirty(
    page: str, officer: Client, queries: Callable[[Client, str], int]
) -> None:
    costs = []
    for n in (3, 27):
        for _n in range(n):
            make.commitment(agencies=(make.agency(),))
        job = choose(officer)
        costs.append(queries(officer, f"/commitments/bulk/{job.pk}/{page}"))
    assert costs[0] == costs[1]


def test_the_result_and_the_jobs_need_as_many_queries_for_three_rows_as_for_thirty(
    officer: Client, queries: Callable[[Client, str], int]
) -> None:
    costs = []
    make.commitment()  # in both rounds a row is under review
    for n in (3, 27):
        for _n in range(n):
            make.commitment("dropped")
        job = choose(officer)
        url = f"/commitments/bulk/{job.pk}/move/submit/"
        officer.post(url, {"note": "x", "outcome": "dropped"})
        job = choose(officer)
        make.commitment()
        costs.append(
            (queries(officer, f"/commitments/bulk/{job.pk}/"), queries(officer, "/commitments/bulk/"))
        )
    assert costs[0] == costs[1]


def test_only_its_owner_can_see_a_job(officer: Client) -> None:
    make.commitment()
    job = choose(officer)
    other = client_as("officer")
    for page in ("", "move/start/", "assign/"):
        assert other.get(f"/commitments/bulk/{job.pk}/{page}").status_code == 404
    for page in ("run/", "stop/", "again/", "move/start/", "assign/"):
        assert other.post(f"/commitments/bulk/{job.pk}/{page}").status_code == 404
    assert BulkJob.objects.get() == job
    assert str(job) not in text_of(other.get("/commitments/bulk/"))
