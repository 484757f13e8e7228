"""Decisions on a paragraph: a new commitment, or none."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from commitments.models import Commitment, SetAside
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention
from commitments.services.paragraphs import register_from_paragraph, set_aside, undo_set_aside
from commitments.services.registration import FirstMention
from relations.models import MeetingSource
from relations.services.sources import record_text
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> dict:
    meeting, source = make.meeting(dt.date(2025, 12, 9)), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return {"actor": make.user("officer"), "meeting": meeting, "paragraph": source.paragraphs.get(number=1)}


def register(scene: dict, **changes) -> Commitment:
    arguments = {
        "actor": scene["actor"],
        "mention": FirstMention(scene["meeting"], scene["paragraph"], modality="agreed"),
        "fields": {"title": "Open it", "text": "Open it.", "nature": "event", "theme": make.theme()},
        "parties": [make.country("VN"), make.country("KH")],
        "obligated": [make.country("VN")],
        "note": "Agreed there.",
    }
    return register_from_paragraph(**(arguments | changes))


def test_a_registration_is_dated_on_the_day_of_the_meeting(scene: dict) -> None:
    commitment = register(scene)
    assert commitment.reference == "KHVN-2025-001"
    first = commitment.status_changes.get()
    assert (first.occurred_on, first.paragraph, first.actor) == (
        dt.date(2025, 12, 9),
        scene["paragraph"],
        scene["actor"],
    )
    assert [(m.kind, m.modality) for m in commitment.mentions.all()] == [("made", "agreed")]


def test_a_form_sent_twice_registers_once(scene: dict) -> None:
    register(scene)
    with pytest.raises(RequirementsNotMet) as refused:
        register(scene)
    assert "KHVN-2025-001" in refused.value.errors["title"][0]
    fields = {"title": "Build it", "text": "Build it.", "nature": "event", "theme": make.theme()}
    assert register(scene, fields=fields).reference == "KHVN-2025-002"


def test_the_paragraph_must_belong_to_the_meeting(scene: dict) -> None:
    with pytest.raises(RequirementsNotMet) as refused:
        register(scene, mention=FirstMention(make.meeting(), scene["paragraph"]))
    assert set(refused.value.errors) == {"paragraph"}


def test_setting_aside_twice_changes_nothing_and_can_be_undone(scene: dict) -> None:
    first = set_aside(**scene)
    assert set_aside(**(scene | {"actor": make.user("officer")})) == first
    assert first.actor == scene["actor"]
    undo_set_aside(**scene)
    undo_set_aside(**scene)
    assert not SetAside.objects.exists()


def test_a_paragraph_with_a_visible_mention_cannot_be_set_aside(scene: dict) -> None:
    record_mention(
        commitment=make.commitment(classification=2), kind="made", **(scene | {"actor": cleared()})
    )
    assert set_aside(**scene)  # a hidden mention does not count
    SetAside.objects.all().delete()
    record_mention(commitment=make.commitment(), kind="made", **scene)
    with pytest.raises(RequirementsNotMet) as refused:
        set_aside(**scene)
    assert "This paragraph now mentions" in str(refused.value)


def cleared():
    return make.user("officer", clearance=2)


@pytest.mark.parametrize("role", ["reviewer", "reader", "focal_point", "administrator"])
def test_other_roles_are_refused(scene: dict, role: str) -> None:
    scene["actor"] = make.user(role)
    for call in (lambda: register(scene), lambda: set_aside(**scene), lambda: undo_set_aside(**scene)):
        with pytest.raises(PermissionDenied):
            call()


def test_a_corrected_wording_deletes_the_decision(scene: dict) -> None:
    set_aside(**scene)
    record_text(source=scene["paragraph"].source, text="1. They agreed on the gate.\n")
    assert not SetAside.objects.exists()
