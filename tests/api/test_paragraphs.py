"""One paragraph of a source over HTTP: read with its versions, and corrected."""

from typing import Any

import pytest

from commitments.models import Commitment
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/sources/note/paragraphs/1/"


@pytest.fixture
def pledge() -> Commitment:
    source = make.source("Tehy agreed.\n\nThey met.", slug="note")
    return make.commitment(mention=make.FirstMention(make.meeting(), source.paragraphs.get(number=1)))


def patch(client: Any, body: dict[str, Any], etag: str = "") -> Any:
    headers = {"If-Match": etag} if etag else {}
    return client.patch(ADDRESS, body, content_type="application/json", headers=headers)


def test_a_slip_is_corrected_as_a_new_version_and_the_mention_quotes_it(pledge: Commitment) -> None:
    officer = client_as("officer")
    read = officer.get(ADDRESS)
    assert read.json() == {"number": 1, "text": "Tehy agreed.", "citation": "1", "versions": []}
    body = {"text": "They agreed.", "label": "II.1", "reason": "Typing."}
    assert patch(officer, body).status_code == 428
    told = patch(officer, body, read["ETag"])
    assert told.status_code == 200
    document = told.json()
    assert (document["text"], document["label"], document["citation"]) == ("They agreed.", "II.1", "II.1")
    assert [(each["version"], each["text"]) for each in document["versions"]] == [
        (1, "Tehy agreed."),
        (2, "They agreed."),
    ]
    assert document["versions"][1]["reason"] == "Typing."
    assert officer.get(ADDRESS)["ETag"] == told["ETag"] != read["ETag"]
    assert pledge.mentions.get().paragraph.text == "They agreed."
    assert patch(officer, body, read["ETag"]).status_code == 412
    again = patch(officer, {"label": None, "reason": "It bears its number."}, told["ETag"])
    assert (again.json()["citation"], again.json()["text"]) == ("1", "They agreed.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "They agreed."}, "reason"),
        ({"text": " ", "reason": "x"}, "text"),
        ({"reason": "x"}, "body"),
        ({"role": "title", "reason": "x"}, "role"),
        ({"number": 3, "reason": "x"}, "number"),
        ({"label": "x" * 61, "reason": "x"}, "label"),
    ],
)
def test_what_is_no_correction_is_named_and_changes_nothing(
    pledge: Commitment, body: dict[str, Any], field: str
) -> None:
    officer = client_as("officer")
    etag = officer.get(ADDRESS)["ETag"]
    refused = patch(officer, body, etag)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert officer.get(ADDRESS)["ETag"] == etag


def test_others_read_it_and_what_they_may_not_see_is_not_there(pledge: Commitment) -> None:
    reader = client_as("reader")
    assert patch(reader, {"text": "X.", "reason": "x"}, reader.get(ADDRESS)["ETag"]).status_code == 403
    make.source("Secret.", slug="hidden", classification=2)
    for address in ("sources/hidden/paragraphs/1/", "sources/note/paragraphs/9/", "sources/x/paragraphs/1/"):
        assert reader.get(f"/api/v1/{address}").status_code == 404


def test_the_admin_leads_to_the_correction_of_each_paragraph(pledge: Commitment) -> None:
    source = pledge.mentions.get().paragraph.source
    page = page_of(client_as("officer").get(f"/admin/relations/source/{source.pk}/change/"))
    assert page.links(".citations")["Correct"] == "/sources/note/paragraphs/2/"
    read_only = page_of(client_as("reviewer").get(f"/admin/relations/source/{source.pk}/change/"))
    assert "Correct" not in read_only.links(".citations")
