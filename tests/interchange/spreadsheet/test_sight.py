"""An import tells nothing of commitments and meetings that its owner can no longer see."""

import io

import pytest
from openpyxl import load_workbook

from accounts.models import User
from commitments.models import Commitment
from commitments.services.errors import RequirementsNotMet
from interchange.choices import Decision
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import decide
from interchange.spreadsheet.running import begin
from interchange.spreadsheet.workbooks import refused_rows
from relations.models import Meeting, Source
from tests import factories as make
from tests.clients import client_as
from tests.interchange.spreadsheet.conftest import carried_out, check, checked, xlsx

pytestmark = pytest.mark.django_db
HEADS = ("Reference", "Lead agency", "Partner", "Title", "Content")
GATE = "Open the border gate at Long Binh"


@pytest.fixture
def gate(officer: User) -> Commitment:
    return make.commitment(title=GATE, text=f"{GATE}.")


@pytest.fixture
def job(officer: User, talks: Meeting, gate: Commitment) -> SpreadsheetImport:
    """Rows that change the commitment, look like it, mention it, and have nothing to do with it."""
    alike = "The sides agreed to open the border gates at Long Binh."
    rows = [
        (gate.reference, "MOFA", "KH", "Another title", f"{GATE}."),
        ("", "MOFA", "KH", "", alike),
        ("", "MOFA", "KH", "", f"{alike} "),
        ("", "MOFA", "KH", "", "They will open a consulate in Kampot."),
        ("KHVN-2099-001", "MOFA", "KH", "", "No such commitment."),
    ]
    made = checked(officer, xlsx(HEADS, rows), meeting=talks)
    decide(job=made, decisions={3: (Decision.MENTION, gate.reference)})
    check(made)
    return made


def pages(job: SpreadsheetImport) -> str:
    """All that the owner can read of the import."""
    page = client_as(job.owner).get(f"/imports/{job.pk}/").content.decode()
    book = load_workbook(io.BytesIO(refused_rows(job)))
    return page + repr([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


def hide(*records: Commitment | Meeting | Source) -> None:
    for record in records:
        type(record).objects.filter(pk=record.pk).update(classification=3)


def test_a_commitment_that_is_hidden_later_leaves_no_trace(job: SpreadsheetImport, gate: Commitment) -> None:
    told = pages(job)
    assert gate.reference in told
    assert GATE in told
    hide(gate)
    told = pages(job)
    assert gate.reference not in told
    assert GATE not in told
    assert "You can no longer see this commitment." in told
    # What has nothing to do with it stays, and so does a reference that never named anything.
    assert "consulate in Kampot" in told
    assert "There is no commitment KHVN-2099-001" in told


def test_what_was_written_is_hidden_too(job: SpreadsheetImport, gate: Commitment) -> None:
    done = carried_out(job)
    made = done.rows.get(number=5).commitment
    assert made is not None
    assert "consulate in Kampot" in pages(done)
    hide(made)
    told = pages(done)
    assert "consulate in Kampot" not in told
    assert made.reference not in told


def test_a_meeting_and_a_source_that_are_hidden_later_are_not_named(
    job: SpreadsheetImport, talks: Meeting
) -> None:
    assert talks.get_absolute_url() in pages(job)
    hide(talks)
    told = pages(job)
    assert talks.get_absolute_url() not in told
    assert talks.title not in told
    with pytest.raises(RequirementsNotMet, match="no longer see the meeting"):
        begin(job=job)
    Meeting.objects.filter(pk=talks.pk).update(classification=0)
    done = carried_out(job)
    assert done.source is not None
    assert done.source.get_absolute_url() in pages(done)
    hide(done.source)
    assert done.source.get_absolute_url() not in pages(done)
