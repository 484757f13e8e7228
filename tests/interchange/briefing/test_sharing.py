"""What is shared leaves out what is classified above a level, and nothing in it tells of that."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.services.editing import edit_commitment
from core.documents.workbook import VERSIONS_SHEET
from tests import factories as make
from tests.clients import client_as
from tests.interchange.briefing.conftest import references, values
from tests.interchange.exports.conftest import csv_rows, json_document, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_briefings")]
MARK = "unspeakable"
PACKS = (
    "/commitments/pack.docx",
    "/commitments/reply.docx",
    "/meetings/talks/pack.docx",
    "/countries/KH/pack.docx",
    "/agencies/vn-mofa/pack.docx",
)


@pytest.fixture
def cleared() -> Client:
    return client_as("officer", clearance=3)


def plant(level: int) -> Commitment:
    """A commitment of ``level`` with ``MARK`` in its texts, related to the first one and overdue."""
    return make.commitment(
        title=f"{MARK} title",
        text=f"{MARK} text",
        classification=level,
        deadline_wording=f"{MARK} deadline",
        deadline_latest="2025-01-01",
        agencies=(make.agency(),),
    )


@pytest.fixture
def plain() -> Commitment:
    make.meeting(slug="talks", mechanism=make.mechanism(), session=1)
    return make.commitment(title="Plain", agencies=(make.agency(),))


def without_moment(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"made_at": ""}


@pytest.mark.parametrize("address", PACKS)
def test_what_lies_above_the_level_changes_nothing_in_the_document(
    address: str, cleared: Client, plain: Commitment
) -> None:
    before = without_moment(values(cleared, f"{address}?up_to=restricted"))
    hidden = plant(2)
    edit_commitment(
        commitment=plain,
        actor=make.user("officer", clearance=3),
        fields={},
        related=[hidden],
        reason="They belong together.",
    )
    after = without_moment(values(cleared, f"{address}?up_to=restricted"))
    assert after == before
    assert after["classification"] == "UNCLASSIFIED"
    assert after["scope"] == "Contains only commitments classified restricted or lower."
    assert hidden.reference in references(values(cleared, address), "matrix")


@pytest.mark.parametrize("level", ["restricted", "secret"])
def test_the_level_itself_is_in_it(level: str, cleared: Client, plain: Commitment) -> None:
    plant(1)
    found = values(cleared, f"/commitments/pack.docx?up_to={level}")
    assert (len(found["matrix"]), found["classification"]) == (2, "RESTRICTED")


def test_a_level_gives_nobody_more_than_the_clearance(plain: Commitment) -> None:
    plant(1)
    found = values(client_as("officer"), "/commitments/pack.docx?up_to=secret")
    assert references(found, "matrix") == [plain.reference]


def test_how_many_are_left_out_is_said_only_where_the_setting_lets_it(
    cleared: Client, plain: Commitment, settings: Any
) -> None:
    plant(2), plant(3)
    for address in ("/commitments/pack.docx", "/countries/KH/pack.docx"):
        settings.SHARING_TELLS_LEFT_OUT = False
        assert values(cleared, f"{address}?up_to=restricted")["left_out"] == ""
        settings.SHARING_TELLS_LEFT_OUT = True
        assert values(cleared, f"{address}?up_to=restricted")["left_out"] == (
            "2 commitments that are classified higher are left out."
        )


def test_every_export_leaves_out_the_same(cleared: Client, plain: Commitment, settings: Any) -> None:
    plant(2)
    query = "up_to=restricted"
    assert [row["reference"] for row in csv_rows(cleared, query)] == [plain.reference]
    document = json_document(cleared, query)
    assert [each["reference"] for each in document["results"]] == [plain.reference]
    assert MARK not in str(document)
    settings.SHARING_TELLS_LEFT_OUT = True
    book = workbook(cleared, query)
    assert book.worksheets[0].max_row == 2
    cover = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert cover["What is counted"] == (
        "Contains only commitments classified restricted or lower. "
        "1 commitment that is classified higher is left out."
    )
    assert cover["Highest classification"] == "unclassified"


def test_a_shared_workbook_has_no_digests_of_what_it_leaves_out(cleared: Client, plain: Commitment) -> None:
    def versions(query: str) -> list[tuple[Any, ...]]:
        return [row for row in workbook(cleared, query)[VERSIONS_SHEET].values if any(row)]

    assert [row[0] for row in versions("")] == [plain.reference]
    assert versions("up_to=restricted") == []


def test_a_note_above_the_level_is_not_there(cleared: Client) -> None:
    hidden = plant(2)
    address = f"/commitments/{hidden.reference}/note.docx"
    assert cleared.get(address).status_code == 200
    assert cleared.get(f"{address}?up_to=restricted").status_code == 404


@pytest.mark.parametrize(
    "address", [*PACKS, "/commitments/export.csv", "/commitments/export.xlsx", "/commitments/export.json"]
)
def test_an_unknown_level_is_refused(address: str, cleared: Client, plain: Commitment) -> None:
    for wrong in ("up_to=top", "up_to=restricted&up_to=secret", "up_to=%00"):
        answer = cleared.get(f"{address}?{wrong}")
        assert answer.status_code == 400, wrong
        assert "up_to" in answer.content.decode()


def test_the_list_itself_has_no_such_parameter(cleared: Client) -> None:
    assert cleared.get("/commitments/?up_to=secret").status_code == 400
