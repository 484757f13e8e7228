"""Our own exports, edited and imported: exactly what was edited changes."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from commitments.models import Assignment, Commitment, DeadlineChange, DeadlineProposal, ProgressUpdate
from commitments.services.deadline_proposals import decide_deadline, propose_deadline
from commitments.services.deadlines import Window
from commitments.services.editing import edit_commitment
from commitments.services.transitions import apply_transition
from interchange.spreadsheet.imports import decide
from interchange.spreadsheet.running import begin_taking_back, take_back_some
from relations.models import Meeting
from tests import factories as make
from tests.clients import client_as
from tests.interchange.exports.conftest import export
from tests.interchange.spreadsheet.conftest import Matrix, carried_out, check, checked, errors, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges(officer: User) -> list[Commitment]:
    """Three commitments with a lead agency, a deadline and remarks."""
    mofa = make.agency("vn-mofa")
    return [
        make.commitment(
            title=f"Word{n} other{n}",
            deadline_wording="in 2026",
            deadline_earliest=dt.date(2026, 1, 1),
            deadline_latest=dt.date(2026, 12, 31),
            remarks="=1+1",
            agencies=(mofa,),
        )
        for n in range(3)
    ]


@pytest.fixture
def matrix(pledges: list[Commitment]) -> Matrix:
    """The export of the three commitments, as the officer got it."""
    return Matrix(client_as("officer", clearance=1))


def test_export_that_was_not_edited_changes_nothing(officer: User, matrix: Matrix) -> None:
    job = checked(officer, matrix.content())
    assert set(verdicts(job).values()) == {"unchanged"}
    assert not job.rows.filter(plan__has_key="notes").exists()


def test_csv_that_was_not_edited_changes_nothing(officer: User, pledges: list[Commitment]) -> None:
    content = export(client_as("officer", clearance=1), "csv")
    assert b"'=1+1" in content
    job = checked(officer, content, name="list.csv")
    assert set(verdicts(job).values()) == {"unchanged"}


def test_ten_edited_cells_are_ten_changes(officer: User, matrix: Matrix, pledges: list[Commitment]) -> None:
    make.theme("trade")
    edits = [
        (2, "Content", "To do all that was agreed."),
        (2, "Commitment", "A shorter title"),
        (2, "Timeline", "Q3/2027"),
        (2, "Remarks", None),
        (3, "Lead agency", "Ministry of Foreign Affairs; Ministry of Trade (KH)"),
        (3, "Theme", "Trade"),
        (3, "Challenges", "No money."),
        (4, "Nature", "support"),
        (4, "Responsible", "Cambodia"),
        (4, "Latest date", dt.date(2027, 3, 31)),
    ]
    for edit in edits:
        matrix.set(*edit)
    job = checked(officer, matrix.content())
    assert set(verdicts(job).values()) == {"changed"}
    assert sum(len(row.plan["changes"]) for row in job.rows.all()) == 10
    carried_out(job)
    assert [each.deadline_wording for each in pledges] == [
        Commitment.objects.get(pk=each.pk).deadline_wording for each in pledges
    ]
    proposals = DeadlineProposal.objects.order_by("commitment")
    assert len(proposals) == 2
    for proposal in proposals:
        decide_deadline(proposal=proposal, actor=make.user("reviewer", clearance=1), decision="accepted")
    first, second, third = (Commitment.objects.get(pk=each.pk) for each in pledges)
    assert (first.text, first.title, first.remarks) == ("To do all that was agreed.", "A shorter title", "")
    assert (first.deadline_wording, first.deadline_latest) == ("Q3/2027", dt.date(2027, 9, 30))
    assert {each.agency.slug for each in second.assignments.all()} == {"vn-mofa", "kh-mot"}
    assert second.theme.slug == "trade"
    assert second.progress_updates.get().challenges == "No money."
    assert third.nature == "support"
    assert [each.country.code for each in third.parties.filter(role="obligated")] == ["KH"]
    assert third.deadline_latest == dt.date(2027, 3, 31)
    assert DeadlineChange.objects.count() == 2
    reason = "Imported from “plan.xlsx”, row 2."
    assert Commitment.history.filter(id=first.pk, history_change_reason=reason).exists()
    again = Matrix(client_as("officer", clearance=1))
    assert set(verdicts(checked(officer, again.content())).values()) == {"unchanged"}


def test_taking_back_gives_every_value_back(officer: User, matrix: Matrix, pledges: list[Commitment]) -> None:
    before = _state(pledges[0])
    matrix.set(2, "Content", "Changed.")
    matrix.set(2, "Lead agency", "Ministry of Trade (VN)")
    matrix.set(2, "Timeline", "2028")
    matrix.set(2, "Achieved", "Half.")
    matrix.set(2, "Responsible", "Cambodia")
    job = carried_out(checked(officer, matrix.content()))
    assert _state(pledges[0]) != before
    assert pledges[0].deadline_proposals.get().state == "proposed"
    begin_taking_back(job=job)
    while take_back_some(job=job):
        pass
    assert [*job.rows.filter(result="done").values_list("undone_detail", flat=True)] == [""]
    assert _state(pledges[0]) == before
    assert pledges[0].deadline_proposals.get().state == "withdrawn"


def _state(pledge: Commitment) -> Any:
    found = Commitment.objects.get(pk=pledge.pk)
    return (
        *(found.text, found.deadline_wording, found.deadline_earliest, found.deadline_latest),
        [*Assignment.objects.filter(commitment=found).values_list("agency__slug", "role")],
        [*found.parties.filter(role="obligated").order_by("country").values_list("country__code", flat=True)],
        [each.pk for each in ProgressUpdate.objects.filter(commitment=found)],
    )


def test_what_was_changed_after_the_import_is_not_taken_back(
    officer: User, matrix: Matrix, pledges: list[Commitment]
) -> None:
    matrix.set(2, "Content", "Changed.")
    job = carried_out(checked(officer, matrix.content()))
    edit_commitment(commitment=pledges[0], actor=officer, fields={"title": "Another title"})
    begin_taking_back(job=job)
    take_back_some(job=job)
    row = job.rows.get(number=2)
    assert (row.undone, row.undone_detail) == (
        "refused",
        "KHVN-2024-001 was changed after the import. It stays as it is now.",
    )


def test_change_since_the_export_is_a_conflict_side_by_side(
    officer: User, matrix: Matrix, pledges: list[Commitment]
) -> None:
    edit_commitment(commitment=pledges[0], actor=officer, fields={"text": "Changed in the register."})
    matrix.set(2, "Content", "Changed in the sheet.")
    job = checked(officer, matrix.content())
    assert verdicts(job)[2] == "refused"
    assert "was changed in the register since this file was exported" in errors(job, 2)[0]
    assert job.rows.get(number=2).plan["changes"] == [
        ["Content", "Changed in the register.", "Changed in the sheet."]
    ]
    decide(job=job, decisions={2: ("overwrite", "")})
    check(job)
    carried_out(job)
    assert Commitment.objects.get(pk=pledges[0].pk).text == "Changed in the sheet."


def test_change_between_check_and_import_is_refused(
    officer: User, matrix: Matrix, pledges: list[Commitment]
) -> None:
    matrix.set(2, "Content", "Changed in the sheet.")
    matrix.set(3, "Content", "Changed too.")
    job = checked(officer, matrix.content())
    edit_commitment(commitment=pledges[0], actor=officer, fields={"text": "Changed in the register."})
    carried_out(job)
    assert dict(job.rows.exclude(result="").values_list("number", "result")) == {2: "refused", 3: "done"}
    assert Commitment.objects.get(pk=pledges[0].pk).text == "Changed in the register."


def test_file_without_versions_is_a_conflict(officer: User, matrix: Matrix) -> None:
    del matrix.book["aide-memoire-versions"]
    matrix.set(2, "Content", "Changed in the sheet.")
    job = checked(officer, matrix.content())
    assert verdicts(job) == {2: "refused", 3: "unchanged", 4: "unchanged"}
    assert "does not say when KHVN-2024-001 was exported" in errors(job, 2)[0]


def test_export_of_a_past_day_has_no_versions(officer: User, pledges: list[Commitment]) -> None:
    matrix = Matrix(client_as("officer", clearance=1), "as_of=2025-06-02")
    assert matrix.book["aide-memoire-versions"].max_row == 1
    assert matrix.book["aide-memoire-versions"]["A1"].value is None


@pytest.mark.parametrize(
    ("heading", "value", "expected"),
    [
        ("Status", "fulfilled", "A status is not imported."),
        ("Parties", "Cambodia", "The parties of KHVN-2024-001 are part of its reference"),
        ("Commitment", None, "This field of a commitment cannot be empty."),
        ("Latest date", dt.date(2025, 1, 1), "The latest date is before the earliest date."),
        ("Reference", "KHVN-2024-999", "There is no commitment KHVN-2024-999 that you can see."),
    ],
)
def test_what_no_import_changes_is_refused(
    officer: User, matrix: Matrix, heading: str, value: Any, expected: str
) -> None:
    matrix.set(2, heading, value)
    job = checked(officer, matrix.content())
    assert verdicts(job)[2] == "refused"
    assert expected in errors(job, 2)[0]


def test_commitment_that_the_owner_may_not_see_is_not_there(
    officer: User, matrix: Matrix, pledges: list[Commitment]
) -> None:
    Commitment.objects.filter(pk=pledges[0].pk).update(classification=3)
    matrix.set(2, "Content", "Changed.")
    job = checked(officer, matrix.content())
    assert errors(job, 2) == [
        "A2: There is no commitment KHVN-2024-001 that you can see. For a new commitment leave the reference "
        "empty."
    ]


def test_what_the_services_refuse_is_known_at_the_check(officer: User, pledges: list[Commitment]) -> None:
    apply_transition(
        commitment=pledges[0], name="submit", actor=officer, outcome="not_fulfilled", note="Nothing came."
    )
    matrix = Matrix(client_as("officer", clearance=1))
    matrix.set(2, "Content", "Changed.")
    job = checked(officer, matrix.content())
    assert verdicts(job)[2] == "refused"
    assert "under review" in errors(job, 2)[0]
    assert Commitment.objects.get(pk=pledges[0].pk).text != "Changed."


def test_column_that_follows_from_others_is_said_and_left(officer: User, matrix: Matrix) -> None:
    matrix.set(2, "Meetings", 7)
    job = checked(officer, matrix.content())
    row = job.rows.get(number=2)
    assert row.verdict == "unchanged"
    assert "“Meetings” follows from other records" in row.plan["notes"][0][1]


def test_meeting_is_not_needed_for_updates(officer: User, matrix: Matrix) -> None:
    matrix.set(2, "Content", "Changed.")
    n = Meeting.objects.count()
    job = carried_out(checked(officer, matrix.content()))
    assert job.source is None
    assert Meeting.objects.count() == n


def test_a_deadline_that_is_proposed_already_is_not_proposed_again(
    officer: User, matrix: Matrix, pledges: list[Commitment]
) -> None:
    matrix.set(2, "Timeline", "Q3/2027")
    job = checked(officer, matrix.content())
    window = Window("Q3/2027", dt.date(2027, 7, 1), dt.date(2027, 9, 30))
    propose_deadline(
        commitment=pledges[0], actor=make.user("officer", clearance=1), window=window, reason="x"
    )
    carried_out(job)
    assert verdicts(job)[2] == "changed"
    assert pledges[0].deadline_proposals.count() == 1
