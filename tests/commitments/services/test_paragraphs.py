"""Deciding on a paragraph: a new commitment, or nothing."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from commitments.models import Commitment, SetAside
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention
from commitments.services.paragraphs import register_from_paragraph, set_aside, take_up_again
from commitments.services.registration import FirstMention
from relations.models import MeetingSource
from relations.services.sources import record_text
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> dict:
    meeting, source = make.meeting(dt.date(2025, 12, 9)), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return {"actor": make.user("officer"), "meeting": meeting, "paragraph": source.paragraphs.get(number=1)}


def register(desk: dict, **changes) -> Commitment:
    asked = {
        "actor": desk["actor"],
        "mention": FirstMention(desk["meeting"], desk["paragraph"], modality="agreed"),
        "fields": {"title": "Open it", "text": "Open it.", "nature": "event", "theme": make.theme()},
        "parties": [make.country("VN"), make.country("KH")],
        "obligated": [make.country("VN")],
        "note": "Made there.",
    }
    return register_from_paragraph(**(asked | changes))


def test_it_is_registered_as_of_the_day_of_the_meeting(desk: dict) -> None:
    made = register(desk)
    assert made.reference == "KHVN-2025-001"
    first = made.status_changes.get()
    assert (first.occurred_on, first.paragraph, first.actor) == (
        dt.date(2025, 12, 9),
        desk["paragraph"],
        desk["actor"],
    )
    assert [(m.kind, m.modality) for m in made.mentions.all()] == [("made", "agreed")]


def test_a_form_sent_twice_registers_once(desk: dict) -> None:
    register(desk)
    with pytest.raises(RequirementsNotMet) as refused:
        register(desk)
    assert "KHVN-2025-001" in refused.value.errors["title"][0]
    fields = {"title": "Build it", "text": "Build it.", "nature": "event", "theme": make.theme()}
    assert register(desk, fields=fields).reference == "KHVN-2025-002"


def test_the_paragraph_must_belong_to_the_meeting(desk: dict) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        register(desk, mention=FirstMention(make.meeting(), desk["paragraph"]))
    assert set(refused.value.errors) == {"paragraph"}


def test_set_aside_once_however_often_and_taken_up_again(desk: dict) -> None:
    first = set_aside(**desk)
    assert set_aside(**(desk | {"actor": make.user("officer")})) == first
    assert first.actor == desk["actor"]
    take_up_again(**desk)
    take_up_again(**desk)
    assert not SetAside.objects.exists()


def test_not_where_a_commitment_rests_that_the_officer_sees(desk: dict) -> None:
    record_mention(commitment=make.commitment(classification=2), kind="made", **(desk | {"actor": cleared()}))
    assert set_aside(**desk)  # what may not be seen is not there
    SetAside.objects.all().delete()
    record_mention(commitment=make.commitment(), kind="made", **desk)
    with pytest.raises(RequirementsNotMet) as refused:
        set_aside(**desk)
    assert "rests on this paragraph" in str(refused.value)


def cleared():
    return make.user("officer", clearance=2)


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_nobody_else_may(desk: dict, role: str) -> None:
    desk["actor"] = make.user(role)
    for call in (lambda: register(desk), lambda: set_aside(**desk), lambda: take_up_again(**desk)):
        with pytest.raises(PermissionDenied):
            call()


def test_what_was_set_aside_goes_with_a_wording_that_is_corrected(desk: dict) -> None:
    set_aside(**desk)
    record_text(source=desk["paragraph"].source, text="1. They agreed on the gate.\n")
    assert not SetAside.objects.exists()
