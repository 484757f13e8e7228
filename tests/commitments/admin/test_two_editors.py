"""Edit conflicts in the admin: the second person to save sees both versions and loses no input."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from commitments.models import Assignment, Commitment, Mention
from commitments.services.assignments import assign
from relations.models import Agency, Country, MeetingSource, Participation, Person
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of

AGENCY = "/admin/relations/agency/{}/change/"


def commitment_page(pledge: Commitment) -> str:
    return f"/admin/commitments/commitment/{pledge.pk}/change/"


def opened(client: Client, url: str, form_id: str) -> dict[str, list[str]]:
    return form_of(client.get(url), form_id)


@pytest.fixture
def pledge(db: None) -> Commitment:
    meeting, source = make.meeting(), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    place = make.FirstMention(meeting, source.paragraphs.get(number=1))
    return make.commitment(title="Old title", remarks="Old remarks", mention=place)


def test_both_changed_the_same_field(pledge: Commitment) -> None:
    url, first, second = commitment_page(pledge), make.user("officer", first_name="Mai"), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["My title"]}
    theirs = opened(client_as(first), url, "commitment_form") | {"title": ["Their title"]}
    assert client_as(first).post(url, theirs).status_code == 302

    response = second.post(url, mine)
    assert response.status_code == 409
    words = text_of(response)
    assert "Mai changed this record while you were editing it" in words
    assert "Title Their title My title yours" in words
    assert Commitment.objects.get(pk=pledge.pk).title == "Their title"
    again = form_of(response, "commitment_form")
    assert again["title"] == ["My title"]

    assert second.post(url, again).status_code == 302
    assert Commitment.objects.get(pk=pledge.pk).title == "My title"


def test_changes_of_different_fields_are_both_saved(pledge: Commitment) -> None:
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"remarks": ["My remarks"]}
    first = client_as("officer")
    assert (
        first.post(url, opened(first, url, "commitment_form") | {"title": ["Their title"]}).status_code == 302
    )

    response = second.post(url, mine)
    assert response.status_code == 409
    assert "Title Their title Old title current" in text_of(response)
    assert Commitment.objects.get(pk=pledge.pk).remarks == "Old remarks"
    again = form_of(response, "commitment_form")
    assert (again["title"], again["remarks"]) == (["Their title"], ["My remarks"])
    assert second.post(url, again).status_code == 302
    after = Commitment.objects.get(pk=pledge.pk)
    assert (after.title, after.remarks) == ("Their title", "My remarks")


def test_another_change_during_a_conflict_is_another_conflict(pledge: Commitment) -> None:
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["My title"]}
    for title in ("Their title", "Another title"):
        Commitment.objects.filter(pk=pledge.pk).update(title=title)
        response = second.post(url, mine)
        assert response.status_code == 409
        assert f"{title} My title" in text_of(response)
        mine = form_of(response, "commitment_form")
    assert second.post(url, mine).status_code == 302


def test_the_same_change_by_both_is_no_conflict(pledge: Commitment) -> None:
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["Same title"]}
    Commitment.objects.filter(pk=pledge.pk).update(title="Same title")
    assert second.post(url, mine).status_code == 302


def test_a_status_change_meanwhile_is_no_conflict(pledge: Commitment) -> None:
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["My title"]}
    make.record(pledge, "in_progress")
    assert second.post(url, mine).status_code == 302
    after = Commitment.objects.get(pk=pledge.pk)
    assert (after.title, after.status) == ("My title", "in_progress")


def test_a_form_without_a_valid_snapshot_is_a_conflict(pledge: Commitment) -> None:
    url, officer = commitment_page(pledge), client_as("officer")
    mine = opened(officer, url, "commitment_form") | {"title": ["My title"]}
    del mine["_seen"]
    no_rows = {name: ["²"] for name in mine if name.endswith("TOTAL_FORMS")}
    rows_of_no_row = '{"version": 1, "fields": {}, "rows": {"mentions": []}}'
    for broken in (
        {},
        no_rows,
        *({"_seen": [text]} for text in ("{", "null", "[" * 100_000, rows_of_no_row)),
    ):
        assert officer.post(url, mine | broken).status_code == 409
    assert Commitment.objects.get(pk=pledge.pk).title == "Old title"


# -- rows ----------------------------------------------


def test_a_row_that_somebody_else_changed_is_shown_in_both_versions(pledge: Commitment) -> None:
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"mentions-0-summary": ["My summary"]}
    first = client_as("officer")
    theirs = opened(first, url, "commitment_form") | {"mentions-0-summary": ["Their summary"]}
    assert first.post(url, theirs).status_code == 302
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "Summary Their summary My summary yours" in text_of(response)
    again = form_of(response, "commitment_form")
    assert again["mentions-0-summary"] == ["My summary"]
    assert second.post(url, again).status_code == 302
    assert Mention.objects.get(commitment=pledge).summary == "My summary"


def test_a_row_that_a_service_changed_is_a_conflict(pledge: Commitment) -> None:
    mofa = make.agency("vn-mofa")
    lan, officer = make.user("focal_point", agency=mofa), make.user("officer")
    assign(commitment=pledge, actor=officer, agency=mofa)
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["My title"]}
    assign(commitment=pledge, actor=officer, agency=mofa, focal_point=lan)
    response = second.post(url, mine)
    assert response.status_code == 409
    assert second.post(url, form_of(response, "commitment_form")).status_code == 302
    assert Assignment.objects.get().focal_point == lan
    assert Commitment.objects.get(pk=pledge.pk).title == "My title"


def test_a_row_that_somebody_else_added_is_a_conflict_and_is_kept(pledge: Commitment) -> None:
    url, second, mofa = commitment_page(pledge), client_as("officer"), make.agency("vn-mofa")
    mine = opened(second, url, "commitment_form") | {
        "mentions-0-summary": ["My summary"],
        "readings-TOTAL_FORMS": ["0"],
    }
    Assignment.objects.create(commitment=pledge, agency=mofa)
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "added by somebody else" in text_of(response)
    again = form_of(response, "commitment_form")
    assert again["assignments-0-agency"] == [str(mofa.pk)]
    assert second.post(url, again).status_code == 302
    assert Assignment.objects.filter(commitment=pledge, agency=mofa).count() == 1
    assert Mention.objects.get(commitment=pledge).summary == "My summary"


@pytest.mark.parametrize("touched", [True, False])
def test_a_row_that_somebody_else_removed_is_restored_only_if_it_was_edited_here(
    touched: bool, pledge: Commitment
) -> None:
    mofa = make.agency("vn-mofa")
    held = Assignment.objects.create(commitment=pledge, agency=mofa, role="lead")
    url, second = commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {"title": ["My title"]}
    if touched:
        mine["assignments-0-role"] = ["support"]
    held.delete()
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "removed by somebody else" in text_of(response)
    assert second.post(url, form_of(response, "commitment_form")).status_code == 302
    roles = list(Assignment.objects.filter(commitment=pledge).values_list("role", flat=True))
    assert roles == (["support"] if touched else [])
    assert Commitment.objects.get(pk=pledge.pk).title == "My title"


def test_a_row_added_in_the_form_is_kept_during_a_conflict(pledge: Commitment) -> None:
    mofa, url, second = make.agency("vn-mofa"), commitment_page(pledge), client_as("officer")
    mine = opened(second, url, "commitment_form") | {
        "assignments-TOTAL_FORMS": ["1"],
        "assignments-0-agency": [str(mofa.pk)],
        "assignments-0-role": ["lead"],
    }
    moit = make.agency("vn-moit")
    Assignment.objects.create(commitment=pledge, agency=moit)
    again = form_of(second.post(url, mine), "commitment_form")
    assert second.post(url, again).status_code == 302
    assert set(pledge.assignments.values_list("agency", flat=True)) == {mofa.pk, moit.pk}


# -- other records ----------------------------------------------


def test_names_and_choices_are_shown_by_their_labels(db: None) -> None:
    vietnam = make.country("VN")
    url, second = f"/admin/relations/country/{vietnam.pk}/change/", client_as("administrator")
    mine = opened(second, url, "country_form") | {"aliases": ["Viet-Nam\r\nVietnam"]}
    Country.objects.filter(pk=vietnam.pk).update(aliases=["Nam"])
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "Other names Nam Viet-Nam Vietnam yours" in text_of(response)

    mofa = make.agency("vn-mofa")
    url = AGENCY.format(mofa.pk)
    mine = opened(second, url, "agency_form") | {"kind": ["media"]}
    Agency.objects.filter(pk=mofa.pk).update(kind="parliament", country=make.country("KH"))
    words = text_of(second.post(url, mine))
    assert "Kind parliament media yours" in words
    assert "Country Cambodia Viet Nam current" in words


def test_a_changed_participant_is_a_conflict_of_the_meeting(db: None) -> None:
    meeting = make.meeting()
    person = Person.objects.create(slug="lan", name="Lan", country=make.country("VN"))
    there = Participation.objects.create(
        meeting=meeting, person=person, office="Minister", country=person.country
    )
    url, second = f"/admin/relations/meeting/{meeting.pk}/change/", client_as("officer")
    mine = opened(second, url, "meeting_form") | {"participations-0-office": ["Deputy Minister"]}
    Participation.objects.filter(pk=there.pk).update(office="Acting Minister")
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "Acting Minister Deputy Minister yours" in text_of(response)
    before = meeting.version
    assert second.post(url, form_of(response, "meeting_form")).status_code == 302
    meeting.refresh_from_db()
    assert meeting.version == before + 1
    there.refresh_from_db()
    assert there.office == "Deputy Minister"


def test_accounts_have_edit_conflicts_too(db: None) -> None:
    somebody = make.user("reader")
    url, second = f"/admin/accounts/user/{somebody.pk}/change/", client_as("administrator")
    mine = opened(second, url, "user_form") | {"last_name": ["Pham"]}
    User.objects.filter(pk=somebody.pk).update(first_name="Lan")
    response = second.post(url, mine)
    assert response.status_code == 409
    assert "First name Lan" in text_of(response)
    assert second.post(url, form_of(response, "user_form")).status_code == 302
    somebody.refresh_from_db()
    assert (somebody.last_name, somebody.first_name) == ("Pham", "Lan")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_several_simultaneous_saves_one_succeeds_and_the_others_conflict() -> None:
    mofa = make.agency("vn-mofa", name="Old name")
    url, barrier, answers = AGENCY.format(mofa.pk), threading.Barrier(4), []
    officer = make.user("officer")
    forms = []
    for n in range(4):
        client = client_as(officer)
        forms.append((client, opened(client, url, "agency_form") | {"name": [f"Name {n}"]}))

    def save(client: Client, data: dict[str, Any]) -> None:
        barrier.wait()
        answers.append(client.post(url, data).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=each) for each in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409, 409, 409]
    mofa.refresh_from_db()
    assert mofa.version == 2
    assert mofa.history.filter(history_type="~").count() == 1


def test_dates_that_were_not_edited_are_no_change(db: None) -> None:
    meeting = make.meeting(dt.date(2025, 12, 9))
    url, officer = f"/admin/relations/meeting/{meeting.pk}/change/", client_as("officer")
    assert officer.post(url, opened(officer, url, "meeting_form")).status_code == 302
    meeting.refresh_from_db()
    assert meeting.version == 1
