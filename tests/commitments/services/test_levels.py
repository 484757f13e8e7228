"""A commitment is at least at the level of its meetings and sources, by whatever door they are raised."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.models import User
from commitments.models import Commitment
from commitments.services.downgrades import decide_downgrade, propose_downgrade
from commitments.services.editing import edit_commitment
from commitments.services.errors import RequirementsNotMet
from commitments.services.levels import lowest_level, raised_by
from commitments.services.mentions import record_mention
from commitments.services.readings import record_reading
from relations.models import Meeting, MeetingSource, Source
from relations.services.meetings import change_meeting, create_meeting
from relations.services.sources import change_source, create_source
from tests import factories as make
from tests.clients import client_as
from tests.html import form_of, text_of

pytestmark = pytest.mark.django_db
TARGET = {"indicator": "Trade", "unit": "USD", "value": Decimal(20)}
AS_JSON: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "*"}}


@pytest.fixture
def officer() -> User:
    return make.user("officer", clearance=2)


def level(commitment: Commitment) -> int:
    return Commitment.objects.get(pk=commitment.pk).classification


def source_of(commitment: Commitment) -> Source:
    return commitment.mentions.get().paragraph.source


@pytest.mark.parametrize("kind", ["meeting", "source"])
def test_raising_a_meeting_or_a_source_raises_its_commitments(kind: str, officer: User) -> None:
    pledge, other = make.commitment(), make.commitment()
    fields = {"classification": 2}
    if kind == "meeting":
        change_meeting(actor=officer, meeting=pledge.mentions.get().meeting, fields=fields)
    else:
        change_source(actor=officer, source=source_of(pledge), fields=fields)
    assert (level(pledge), level(other)) == (2, 0)
    entry = Commitment.history.filter(id=pledge.pk).first()
    assert entry.history_change_reason == "Raised to the level of a meeting or a source."


def test_what_a_commitment_names_later_raises_it_too(officer: User) -> None:
    paper = make.source(classification=1)
    planned = make.meeting(dt.date(2027, 1, 1), status="planned", classification=1)
    mentioned, measured, fulfilled = (make.commitment(nature="target") for _n in range(3))
    place = mentioned.mentions.get().meeting
    MeetingSource.objects.create(meeting=place, source=paper)
    paragraph = paper.paragraphs.get(number=1)
    record_mention(commitment=mentioned, actor=officer, meeting=place, paragraph=paragraph, kind="progress")
    edit_commitment(commitment=measured, actor=officer, fields={}, target=TARGET)
    record_reading(commitment=measured, actor=officer, value=Decimal(7), paragraph=paragraph)
    edit_commitment(commitment=fulfilled, actor=officer, fields={"outcome_meeting": planned})
    made = make.commitment(mention=make.FirstMention(place, paragraph))
    assert [level(each) for each in (mentioned, measured, fulfilled, made)] == [1, 1, 1, 1]
    assert made.history.count() == 1


def test_a_commitment_is_never_below_what_it_names(officer: User) -> None:
    pledge = make.commitment()
    change_source(actor=officer, source=source_of(pledge), fields={"classification": 1})
    assert lowest_level(pledge) == 1
    with pytest.raises(RequirementsNotMet) as refused:
        propose_downgrade(record=pledge, actor=officer, level=0, reason="x")
    assert "classified restricted" in refused.value.errors["classification"][0]
    edit_commitment(commitment=pledge, actor=officer, fields={"classification": 2})
    lower = propose_downgrade(record=source_of(pledge), actor=officer, level=0, reason="x")
    decide_downgrade(proposal=lower, actor=make.user("reviewer", clearance=2), decision="accepted")
    assert level(pledge) == 2  # what was raised stays until somebody lowers it


def test_nobody_classifies_above_the_own_clearance(officer: User) -> None:
    facts = {"title": "Talks", "form": "talks", "level": "minister", "status": "planned"}
    paper = {"title": "Paper", "kind": "other"}
    for write in (
        lambda: create_meeting(actor=officer, fields={**facts, "classification": 3}),
        lambda: create_source(actor=officer, fields={**paper, "classification": 3}),
        lambda: change_meeting(actor=officer, meeting=make.meeting(), fields={"classification": 3}),
        lambda: change_source(actor=officer, source=make.source(), fields={"classification": 3}),
    ):
        with pytest.raises(ValidationError) as refused:
            write()
        assert list(refused.value.message_dict) == ["classification"]


@pytest.mark.parametrize("door", ["page", "admin"])
@pytest.mark.parametrize("kind", ["meeting", "source"])
def test_a_form_names_what_it_raises_before_it_is_saved(door: str, kind: str, officer: User) -> None:
    pledge, client = make.commitment(), client_as(officer)
    record: Meeting | Source = pledge.mentions.get().meeting if kind == "meeting" else source_of(pledge)
    url = (
        f"/admin/relations/{kind}/{record.pk}/change/" if door == "admin" else f"/{kind}s/{record.slug}/edit/"
    )
    form = form_of(client.get(url), f"{kind}_form" if door == "admin" else "") | {"classification": ["1"]}
    refused = client.post(url, form)
    assert f"raised to the same level: {pledge.reference}" in text_of(refused)
    assert level(pledge) == 0
    assert client.post(url, form | {"raise_commitments": ["on"]}).status_code == 302
    assert level(pledge) == 1
    page = "meetings" if kind == "meeting" else "sources"
    assert client_as("reader").get(f"/{page}/{record.slug}/").status_code == 404
    assert "restricted" in text_of(client.get(f"/{page}/{record.slug}/"))


def test_the_api_reads_and_writes_the_level(officer: User) -> None:
    pledge, client = make.commitment(), client_as(officer)
    url = f"/api/v1/sources/{source_of(pledge).slug}/"
    assert client.get(url).json()["classification"] == "unclassified"
    body = {"classification": "restricted", "raises": [pledge.reference]}
    assert client.patch(url, body, **AS_JSON).json()["classification"] == "restricted"
    assert level(pledge) == 1
    answer = client.patch(url, {"classification": "secret"}, **AS_JSON)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["classification"]
    assert client_as("reader").get(url).status_code == 404


def test_a_dump_keeps_levels_and_a_load_raises_what_is_below(tmp_path: Path, officer: User) -> None:
    pledge = make.commitment()
    change_source(actor=officer, source=source_of(pledge), fields={"classification": 1})
    change_meeting(actor=officer, meeting=pledge.mentions.get().meeting, fields={"classification": 2})
    first = tmp_path / "first.yaml"
    call_command("dump_register", str(first))
    text = first.read_text()
    assert text.count("classification: restricted") >= 1
    assert text.count("classification: confidential") >= 2  # noqa: PLR2004  (the meeting and the commitment)
    assert raised_by(source_of(pledge), 3).count() == 1
