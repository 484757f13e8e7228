"""The document of a commitment, which the dump and the API use."""

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.documents.commitment import commitment_document, with_document_relations
from commitments.models import Commitment
from interchange.register_file.load import load_register
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(shipped: Path) -> None:
    load_register(shipped)


def fetched(reference: str) -> Commitment:
    return with_document_relations(Commitment.objects.all()).get(reference=reference)


def test_documents_are_the_entries_of_the_file_key_by_key_in_its_order(shipped: Path) -> None:
    entries = yaml.safe_load(shipped.read_text())["commitments"]
    documents = [
        commitment_document(row) for row in with_document_relations(Commitment.objects.order_by("pk"))
    ]
    for document in documents:
        for change in document["status_history"]:
            assert change.pop("recorded_at")
    as_json = json.loads(json.dumps(entries, default=dt.date.isoformat))
    assert documents == as_json
    assert [list(document) for document in documents] == [list(entry) for entry in as_json]


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    counts = set()
    for size in (3, 30):
        with CaptureQueriesContext(connection) as queries:
            for row in with_document_relations(Commitment.objects.order_by("pk")[:size]):
                commitment_document(row)
        counts.add(len(queries))
    assert counts == {14}


def test_until_a_date_shows_what_had_happened_by_then() -> None:
    document = commitment_document(fetched("KHVN-2024-002"), until=dt.date(2025, 9, 10))
    assert document["status"] == "agreed"
    assert [change["status"] for change in document["status_history"]] == ["agreed"]
    assert [mention["meeting"] for mention in document["mentions"]] == ["phnom-penh-2024-07"]
    on_the_day = commitment_document(fetched("KHVN-2024-002"), until=dt.date(2025, 9, 11))
    assert on_the_day["status"] == "in_progress"
    assert len(on_the_day["mentions"]) == 3


def test_until_a_date_shows_the_deadline_and_the_readings_of_that_date() -> None:
    trade = Commitment.objects.get(reference="KHVN-2024-018")
    trade.deadline_changes.create(
        number=1,
        old_wording="by 2020",
        old_latest=dt.date(2020, 12, 31),
        new_wording="in the near future",
        reason="Renegotiated.",
        occurred_on=dt.date(2025, 10, 1),
    )
    document = commitment_document(fetched("KHVN-2024-018"), until=dt.date(2025, 9, 30))
    assert document["deadline"] == {"wording": "by 2020", "latest": "2020-12-31"}
    assert "deadline_changes" not in document
    assert "readings" not in document["target"]
    assert commitment_document(fetched("KHVN-2024-018"))["target"]["readings"][0]["value"] == 10.4


def test_commitments_that_the_reader_may_not_see_are_left_out() -> None:
    superseded = factories.commitment("superseded", title="Old")
    superseded.related.add(Commitment.objects.get(reference="KHVN-2024-001"))
    reference, successor = superseded.reference, superseded.successor.reference
    assert commitment_document(fetched(reference))["successor"] == successor
    among = Commitment.objects.exclude(reference__in=[successor, "KHVN-2024-001"])
    row = with_document_relations(Commitment.objects.all(), among=among).get(reference=reference)
    document = commitment_document(row)
    assert "successor" not in document
    assert "related" not in document
    assert successor not in json.dumps(document)
