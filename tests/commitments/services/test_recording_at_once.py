"""Several requests for one paragraph at the same moment, in threads on PostgreSQL."""

from typing import Any

import pytest
from django.db import connection

from commitments.models import Commitment, Mention, SetAside
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.paragraphs import register_from_paragraph, set_aside
from commitments.services.registration import FirstMention
from core import clock
from relations.models import Meeting, MeetingSource, Source
from relations.services.meetings import record_document
from tests import factories as make
from tests.commitments.services.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _only_where_transactions_overlap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; run the suite with DATABASE_URL=postgres://…")


@pytest.fixture
def scene() -> dict[str, Any]:
    meeting, source = make.meeting(), make.source()
    MeetingSource.objects.create(meeting=meeting, source=source)
    return {"actor": make.user("officer"), "meeting": meeting, "paragraph": source.paragraphs.get(number=1)}


def refusals(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


def test_the_same_mention_is_written_once_and_refused_otherwise(scene: dict[str, Any]) -> None:
    commitment = make.commitment()
    call = lambda: record_mention(commitment=commitment, kind="reaffirmed", **scene)  # noqa: E731
    refused = refusals(at_once(*[call] * 6))
    assert [type(each) for each in refused] == [RequirementsNotMet] * 5
    assert Mention.objects.filter(paragraph=scene["paragraph"]).count() == 1


def test_the_same_form_registers_once_without_a_gap(scene: dict[str, Any]) -> None:
    arguments = {
        "actor": scene["actor"],
        "mention": FirstMention(scene["meeting"], scene["paragraph"]),
        "fields": {"title": "Open it", "text": "Open it.", "nature": "event", "theme": make.theme()},
        "parties": [make.country("VN"), make.country("KH")],
        "obligated": [make.country("VN")],
        "note": "Agreed there.",
    }
    refused = refusals(at_once(*[lambda: register_from_paragraph(**arguments)] * 5))
    assert [type(each) for each in refused] == [RequirementsNotMet] * 4
    assert [each.reference for each in Commitment.objects.all()] == ["KHVN-2024-001"]
    again = arguments | {"fields": arguments["fields"] | {"title": "Close it"}}  # type: ignore[operator]
    assert register_from_paragraph(**again).reference == "KHVN-2024-002"


def test_setting_aside_at_once_writes_one_row(scene: dict[str, Any]) -> None:
    assert refusals(at_once(*[lambda: set_aside(**scene)] * 5)) == []
    assert SetAside.objects.count() == 1


def test_of_two_last_mentions_one_stays(scene: dict[str, Any]) -> None:
    commitment = make.commitment()
    both = [record_mention(commitment=commitment, kind=kind, **scene) for kind in ("reaffirmed", "progress")]
    Mention.objects.filter(commitment=commitment).exclude(pk__in=[each.pk for each in both]).delete()
    take = [lambda each=each: take_back_mention(mention=each, actor=scene["actor"]) for each in both]
    assert [type(each) for each in refusals(at_once(*take))] == [RequirementsNotMet]
    assert commitment.mentions.count() == 1


def test_the_same_document_is_recorded_once() -> None:
    officer, day = make.user("officer"), clock.today()

    def call() -> Source:
        meeting = Meeting(title="Talks", form="talks", level="minister", status="held", starts_on=day)
        source = Source(title="Minutes", kind="agreed_minutes")
        return record_document(actor=officer, meeting=meeting, source=source, text="1. They met.\n")

    results = at_once(*[call] * 4)
    assert Meeting.objects.count() == Source.objects.count() == 4 - len(refusals(results))
    for refused in refusals(results):
        assert "Somebody saved the same record at this moment" in str(refused)
