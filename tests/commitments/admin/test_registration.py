"""The admin page that registers a commitment."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from relations.models import MeetingSource
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, page_of, text_of

ADD = "/admin/commitments/commitment/add/"


@pytest.fixture
def ready(db: None) -> dict[str, list[str]]:
    """A completed form for a commitment agreed at talks on 1 March 2025."""
    meeting, source = make.meeting(dt.date(2025, 3, 1), title="Talks in Hue"), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    both = [str(make.country(code).pk) for code in ("KH", "VN")]
    return {
        "title": ["Build the bridge"],
        "text": ["Build it."],
        "nature": ["cooperation"],
        "theme": [str(make.theme("transport").pk)],
        "parties": both,
        "obligated": both[:1],
        "meeting": [str(meeting.pk)],
        "paragraph": [str(source.paragraphs.get(number=2).pk)],
        "kind": ["made"],
        "modality": ["agreed"],
        "note": ["Agreed by the two ministers."],
        "status": ["agreed"],
    }


def post(client: Client, ready: dict[str, list[str]], **typed: Any) -> Any:
    page = form_of(client.get(ADD), "commitment_form")
    changed = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return client.post(ADD, page | ready | changed)


def test_one_page_creates_the_commitment_its_mention_and_its_first_status(
    ready: dict[str, list[str]],
) -> None:
    actor = make.user("officer")
    response = post(client_as(actor), ready, deadline_wording="by 2026", deadline_latest="2026-12-31")
    pledge = Commitment.objects.get()
    assert response["Location"] == f"/admin/commitments/commitment/{pledge.pk}/change/"
    assert pledge.reference == "KHVN-2025-001"
    assert (pledge.status, pledge.deadline_latest) == ("agreed", dt.date(2026, 12, 31))
    assert set(pledge.parties.values_list("country__code", "role")) == {
        ("KH", "party"),
        ("VN", "party"),
        ("KH", "obligated"),
    }
    mention = pledge.mentions.get()
    assert (mention.meeting.title, mention.paragraph.number, mention.modality) == (
        "Talks in Hue",
        2,
        "agreed",
    )
    change = pledge.status_changes.get()
    assert (change.transition, change.actor, change.note) == (
        "register",
        actor,
        "Agreed by the two ministers.",
    )
    assert change.occurred_on == dt.date(2025, 3, 1)


def test_the_entered_date_takes_precedence_over_the_date_of_the_meeting(ready: dict[str, list[str]]) -> None:
    post(client_as("officer"), ready, occurred_on="2024-12-31")
    assert Commitment.objects.get().reference == "KHVN-2024-001"


def test_a_lead_agency_is_given_with_it(ready: dict[str, list[str]]) -> None:
    agency, officer = make.agency(), client_as("officer")
    post(officer, ready, lead_agency=str(agency.pk))
    held = Commitment.objects.get().assignments.get()
    assert (held.agency, held.role, held.focal_point) == (agency, "lead", None)
    refused = post(officer, ready, lead_agency="0")
    assert refused.status_code == 400
    assert "Select a valid choice" in str(refused.context["form"].errors["lead_agency"])


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"title": ""}, "title", "required"),
        ({"note": ""}, "note", "Write a note"),
        ({"parties": []}, "parties", "required"),
        ({"obligated": []}, "obligated", "required"),
        ({"status": "standing"}, "status", "The first status must be"),
        ({"occurred_on": "2999-01-01"}, "occurred_on", "lies after today"),
        ({"deadline_latest": "2026-01-01"}, "deadline_wording", "Enter the wording"),
        (
            {"deadline_wording": "x", "deadline_earliest": "2026-02-01", "deadline_latest": "2026-01-01"},
            "deadline_latest",
            "is before the earliest",
        ),
        (
            {"deadline_wording": "x", "deadline_latest": "2026-01-01", "review_on": "2025-01-01"},
            "review_on",
            "only for a deadline without",
        ),
    ],
)
def test_a_mistake_stands_at_its_field_and_keeps_what_was_typed(
    typed: dict[str, Any], field: str, message: str, ready: dict[str, list[str]]
) -> None:
    response = post(client_as("officer"), ready, **typed)
    assert response.status_code == 400
    assert message in str(response.context["form"].errors[field])
    assert message in text_of(response)
    kept = form_of(response, "commitment_form")
    for name in {"text", "meeting", "paragraph", "theme"} - typed.keys():
        assert kept[name] == ready[name]
    assert not Commitment.objects.exists()


def test_an_obligated_country_that_is_no_party_is_refused(ready: dict[str, list[str]]) -> None:
    laos = make.country("LA")
    response = post(client_as("officer"), ready, obligated=[str(laos.pk)])
    assert "is responsible but is not a party" in str(response.context["form"].errors["obligated"])
    assert form_of(response, "commitment_form")["obligated"] == [str(laos.pk)]
    one = post(client_as("officer"), ready, parties=ready["parties"][:1])
    assert "at least two countries" in str(one.context["form"].errors["parties"])


def test_a_paragraph_of_another_meeting_is_refused(ready: dict[str, list[str]]) -> None:
    other = make.source().paragraphs.get(number=1)
    response = post(client_as("officer"), ready, paragraph=str(other.pk))
    assert "not among the sources of this meeting" in str(response.context["form"].errors["paragraph"])


def test_the_next_registration_from_the_same_meeting_is_filled_in(ready: dict[str, list[str]]) -> None:
    officer = client_as("officer")
    response = post(officer, ready, _addanother="1")
    kept = form_of(officer.get(response["Location"]), "commitment_form")
    for name in ("meeting", "parties", "obligated", "theme", "kind"):
        assert kept[name] == ready[name]
    assert kept["title"] == [""]
    assert "paragraph" not in kept or kept["paragraph"] == [""]


def test_only_an_officer_can_register(ready: dict[str, list[str]]) -> None:
    for role in ("reviewer", "administrator"):
        assert client_as(role).get(ADD).status_code == 403
        assert client_as(role).post(ADD, ready).status_code == 403
    assert not Commitment.objects.exists()


def test_a_likely_twin_is_shown_and_registered_all_the_same_by_a_click_that_names_it(
    ready: dict[str, list[str]],
) -> None:
    twin = make.commitment(title="Build a bridge", text="Build it.")
    client = client_as("officer")
    refused = post(client, ready)
    assert (refused.status_code, Commitment.objects.count()) == (409, 1)
    page = page_of(refused)
    assert page.links(".errornote") == {twin.reference: f"/admin/commitments/commitment/{twin.pk}/change/"}
    assert "the same title" in page.one(".errornote").text
    again = post(client, ready, despite=page.one("button[name=despite]")["value"])
    assert (again.status_code, Commitment.objects.count()) == (302, 2)
