"""The texts of sources, written over HTTP."""

import pytest
from django.test import Client

from relations.models import Source
from relations.services.sources import record_text
from tests import factories as make
from tests.api.records import API, a_new, patch, post

pytestmark = pytest.mark.django_db


def test_a_pasted_text_is_numbered_and_cut_into_paragraphs(officer: Client) -> None:
    make.source(slug="report")
    made = post(
        officer,
        "sources",
        a_new("sources") | {"text": "Hai bên nhất trí.\r\n\r\nភាគីទាំងពីរ។\n", "based_on": ["report"]},
    ).json()
    assert made["text"] == "1. Hai bên nhất trí.\n\n2. ភាគីទាំងពីរ។\n"
    assert [each["text"] for each in made["paragraphs"]] == ["Hai bên nhất trí.", "ភាគីទាំងពីរ។"]
    assert made["based_on"] == ["report"]
    assert Source.objects.get(slug=made["key"]).is_unaltered


def test_a_cited_paragraph_never_changes(officer: Client) -> None:
    note = make.source("One.\n\nTwo.", slug="note")
    make.commitment(mention=make.FirstMention(make.meeting(), note.paragraphs.get(number=1)))
    for text in ("1. One, corrected.\n\n2. Two.\n", ""):
        refused = patch(officer, "sources/note", {"text": text, "note": "x"})
        assert refused.status_code == 400
        assert "new source" in refused.json()["errors"]["text"][0]
    assert officer.get(f"{API}sources/note/").json()["note"] == ""
    changed = patch(officer, "sources/note", {"text": "1. One.\n\n2. Two, corrected.\n\n3. Three.\n"})
    assert [each["text"] for each in changed.json()["paragraphs"]] == ["One.", "Two, corrected.", "Three."]
    assert changed.json()["sha256"] == Source.objects.get(slug="note").sha256 != note.sha256


def test_a_text_sent_back_as_it_was_read_is_not_recorded_anew(officer: Client) -> None:
    note = record_text(source=Source(slug="note", title="Note", kind="other"), text="1. One.\n\n\n")
    told = officer.get(f"{API}sources/note/").json()
    assert patch(officer, "sources/note", {"text": told["text"]}).json() == told
    assert Source.objects.get(slug="note").version == note.version


def test_a_source_is_not_based_on_itself(officer: Client) -> None:
    make.source(slug="note")
    refused = patch(officer, "sources/note", {"based_on": ["note"]})
    assert list(refused.json()["errors"]) == ["based_on"]


def test_labels_and_roles_are_sent_with_the_text(officer: Client) -> None:
    text = "1. MINUTES\n\n2. They met.\n\n3. They agreed.\n"
    labels = [
        {"number": 1, "label": "", "role": "heading"},
        {"number": 2, "label": "II.1"},
        {"number": 3},
    ]
    sent = a_new("sources") | {"text": text, "paragraphs": labels}
    made = post(officer, "sources", sent)
    assert made.status_code == 201
    told = [(each.get("label"), each.get("role")) for each in made.json()["paragraphs"]]
    assert told == [("", "heading"), ("II.1", None), (None, None)]
    key = made.json()["key"]
    more = {"text": f"{text}\n4. They parted.\n", "paragraphs": [{"number": 4, "label": "II.2"}]}
    changed = patch(officer, f"sources/{key}", more).json()
    assert [each.get("label") for each in changed["paragraphs"]] == ["", "II.1", None, "II.2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"paragraphs": [{"number": 1}]},
        {"text": "1. One.\n", "paragraphs": [{"number": 2, "label": "x"}]},
        {"text": "1. One.\n", "paragraphs": [{"number": 1}, {"number": 1}]},
        {"text": "1. One.\n", "paragraphs": [{"number": 1, "label": "x" * 61}]},
        {"text": "1. One.\n", "paragraphs": [{"number": 1, "role": "x"}]},
        {"text": "1. One.\n", "paragraphs": [{"label": "x"}]},
    ],
)
def test_labels_that_fit_no_paragraph_are_refused(officer: Client, wrong: dict) -> None:
    refused = post(officer, "sources", a_new("sources") | wrong)
    assert refused.status_code == 400
    assert any(name.startswith("paragraphs") for name in refused.json()["errors"])
    assert not Source.objects.exists()
