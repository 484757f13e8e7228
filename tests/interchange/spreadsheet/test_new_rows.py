"""Rows without a reference: what they become, and why they are refused."""

import datetime as dt

import pytest

from accounts.models import User
from commitments.models import Commitment, EnteredInError
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import decide, mean, register_all_alike, take_file
from interchange.spreadsheet.running import begin_taking_back, take_back_some
from relations.models import Meeting
from tests import factories as make
from tests.interchange.spreadsheet.conftest import (
    MINISTRY,
    carried_out,
    check,
    checked,
    errors,
    verdicts,
    xlsx,
)

pytestmark = pytest.mark.django_db


def test_ministry_columns_become_commitments_of_one_source(officer: User, talks: Meeting) -> None:
    rows = [
        (
            "MOFA",
            "Cambodia",
            "The sides agreed to open the border gate at Long Binh.",
            "Q3/2026",
            "Funds",
            "Ask",
        ),
        ("Bộ Ngoại giao", "KH", "Vietnam will build a school in Kandal province.", "asap", None, None),
    ]
    job = carried_out(checked(officer, xlsx(MINISTRY, rows), meeting=talks))
    first, second = Commitment.objects.order_by("serial")
    assert [(each.reference, each.status) for each in (first, second)] == [
        ("KHVN-2024-001", "agreed"),
        ("KHVN-2024-002", "agreed"),
    ]
    assert first.title == "Open the border gate at Long Binh"
    assert (first.deadline_wording, first.deadline_earliest, first.deadline_latest) == (
        "Q3/2026",
        dt.date(2026, 7, 1),
        dt.date(2026, 9, 30),
    )
    assert (second.deadline_wording, second.deadline_latest) == ("asap", None)
    assert [each.agency.slug for each in first.assignments.all()] == ["vn-mofa"]
    assert [each.country.code for each in first.parties.filter(role="obligated")] == ["VN"]
    progress = first.progress_updates.get()
    assert (progress.challenges, progress.recommendations) == ("Funds", "Ask")
    assert job.source is not None
    paragraphs = [(each.label, each.text) for each in job.source.paragraphs.all()]
    assert paragraphs == [("2", rows[0][2]), ("3", rows[1][2])]
    mention = second.mentions.get()
    assert (mention.meeting, mention.paragraph.text) == (talks, rows[1][2])
    assert second.status_changes.get().note == "Imported from “plan.xlsx”, row 3."


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"Status": "fulfilled"},
            "D2: A new commitment enters as requested, agreed or standing, not as “fulfilled”.",
        ),
        ({"Latest date": "3/4/2026"}, "D2: “3/4/2026” can be two days: 3 Apr 2026 or 4 Mar 2026."),
        ({"Latest date": 2026}, "D2: 2026 is a year."),
        ({"Latest date": "12.05.1899"}, "D2: 1899-05-12 is not between 1900 and 2199."),
        ({"Latest date": "31.02.2026"}, "D2: There is no day “31.02.2026”."),
        ({"Nature": "poem"}, "D2: “poem” is not known. Possible: cooperation"),
        ({"Theme": "Bordr"}, "D2: “Bordr” is not clear. Did you mean Border?"),
        ({"Classification": "secret"}, "D2: You cannot set a classification above your own clearance."),
        ({"Target": "Trade", "Target value": "ten", "Unit": "USD"}, "E2: “ten” is not a number."),
    ],
)
def test_cell_that_cannot_be_read_is_named(
    officer: User, talks: Meeting, cells: dict[str, object], expected: str
) -> None:
    heads = ["Lead agency", "Partner", "Content", *cells]
    job = checked(
        officer, xlsx(heads, [("MOFA", "Cambodia", "They will meet.", *cells.values())]), meeting=talks
    )
    assert verdicts(job) == {2: "refused"}
    assert errors(job, 2)[0].startswith(expected)


def test_days_are_read_as_they_are_typed(officer: User, talks: Meeting) -> None:
    days = [dt.date(2026, 6, 30), "30.06.2026", "2026-06-30", "30 June 2026", 46203, "30/6/2026"]
    rows = [("MOFA", "KH", f"To do the work {n}{n}.", "soon", day) for n, day in enumerate(days)]
    heads = ("Lead agency", "Partner", "Content", "Deadline", "Latest date")
    job = carried_out(checked(officer, xlsx(heads, rows), meeting=talks))
    assert set(Commitment.objects.values_list("deadline_latest", flat=True)) == {dt.date(2026, 6, 30)}
    assert job.rows.filter(result="done").count() == len(days)


def test_near_misses_are_offered_and_hold_for_all_rows(officer: User, talks: Meeting) -> None:
    names = ("Min. of Foreign Affairs", "Ministry of Foreign Afairs", "MOFA", "MOT")
    rows = [(name, "Cambodia", f"Word{n} other{n} thing{n}.") for n, name in enumerate(names)]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert verdicts(job) == {2: "refused", 3: "refused", 4: "new", 5: "refused"}
    assert "Ministry of Foreign Affairs (VN)" in errors(job, 2)[0]
    assert "Ministry of Trade (VN) or Ministry of Trade (KH)" in errors(job, 5)[0]
    unknown = job.rows.get(number=2).plan["unknown"]
    assert unknown == [["agency", "min of foreign affairs", "Min. of Foreign Affairs", ["vn-mofa"]]]
    mean(
        job=job,
        names={
            "agency": {
                "min of foreign affairs": "vn-mofa",
                "ministry of foreign afairs": "vn-mofa",
                "mot": "vn-mot",
            }
        },
    )
    check(job)
    assert set(verdicts(job).values()) == {"new"}


def test_likely_twins_are_named_and_can_be_mentioned_or_registered(officer: User, talks: Meeting) -> None:
    known = make.commitment(
        title="Open the border gate at Long Binh", text="Open the border gate at Long Binh."
    )
    text = "The sides agreed to open the border gate at Long Binh."
    rows = [
        ("MOFA", "KH", text),
        ("MOFA", "KH", text),
        ("MOFA", "KH", f"{text} "),
        ("MOFA", "KH", "Other thing."),
    ]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert verdicts(job) == {2: "refused", 3: "refused", 4: "refused", 5: "new"}
    assert known.reference in errors(job, 2)[0]
    decide(job=job, decisions={2: ("mention", known.reference), 3: ("anyway", "")})
    check(job)
    assert verdicts(job) == {2: "changed", 3: "new", 4: "refused", 5: "new"}
    job = carried_out(job)
    assert dict(job.rows.values_list("number", "result")) == {2: "done", 3: "done", 4: "", 5: "done"}
    assert known.mentions.filter(meeting=talks, kind="reaffirmed").count() == 1
    assert Commitment.objects.count() == 3


def test_twin_that_the_owner_may_not_see_is_not_named(officer: User, talks: Meeting) -> None:
    make.commitment(title="Open the border gate at Long Binh", classification=3)
    rows = [("MOFA", "KH", "The sides agreed to open the border gate at Long Binh.")]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert verdicts(job) == {2: "new"}


def test_all_rows_that_look_like_others_are_registered_at_once(officer: User, talks: Meeting) -> None:
    rows = [("MOFA", "KH", "They will open a consulate in Kampot.")] * 4
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert register_all_alike(job=job) == 3
    check(job)
    carried_out(job)
    assert Commitment.objects.count() == 4


def test_row_like_another_of_the_file_is_refused(officer: User, talks: Meeting) -> None:
    rows = [
        ("MOFA", "KH", "They will open a consulate in Kampot."),
        ("MOFA", "KH", "They will open a consulate in Kampot."),
    ]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    assert verdicts(job) == {2: "new", 3: "refused"}
    assert errors(job, 3) == ["C3: This looks like row 2 of this file. Leave it out, or register it anyway."]
    decide(job=job, decisions={3: ("anyway", "")})
    check(job)
    carried_out(job)
    assert Commitment.objects.count() == 2


def test_row_that_looked_like_one_left_out_is_new(officer: User, talks: Meeting) -> None:
    rows = [
        ("MOFA", "KH", "They will open a consulate in Kampot."),
        ("MOFA", "KH", "They will open a consulate in Kampot."),
    ]
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=talks)
    decide(job=job, decisions={2: ("skip", "")})
    check(job)
    carried_out(job)
    assert list(job.rows.filter(result="done").values_list("number", flat=True)) == [3]


def test_import_is_taken_back_as_entered_in_error(officer: User, talks: Meeting) -> None:
    rows = [(*("MOFA", "KH", f"Word{n} other{n} thing{n}."), "Q3/2026", "Money.", None) for n in range(3)]
    job = carried_out(checked(officer, xlsx(MINISTRY, rows), meeting=talks))
    assert Commitment.objects.visible_to(officer).count() == 3
    begin_taking_back(job=job)
    while take_back_some(job=job):
        pass
    assert [*job.rows.values_list("undone", "undone_detail")] == [("done", "")] * 3
    assert Commitment.objects.visible_to(officer).count() == 0
    assert EnteredInError.objects.filter(progress_update=None).count() == 3
    again = carried_out(checked(officer, xlsx(MINISTRY, rows), meeting=talks))
    assert again.source == job.source
    assert Commitment.objects.visible_to(officer).count() == 3


def test_what_is_classified_is_not_quoted_in_the_source(officer: User, talks: Meeting) -> None:
    heads = ("Lead agency", "Partner", "Content", "Classification")
    rows = [("MOFA", "KH", "Hidden words.", "restricted"), ("MOFA", "KH", "Open talk.", "")]
    job = carried_out(checked(officer, xlsx(heads, rows), meeting=talks))
    assert job.source is not None
    assert "Hidden" not in job.source.text
    assert Commitment.objects.get(title="Hidden words").classification == 1


def test_source_of_a_classified_meeting_has_its_level(officer: User) -> None:
    closed = make.meeting(slug="closed", classification=1)
    rows = [("MOFA", "KH", "Hidden words.")]
    job = carried_out(checked(officer, xlsx(("Lead agency", "Partner", "Content"), rows), meeting=closed))
    assert job.source is not None
    assert (job.source.classification, job.source.paragraphs.get().text) == (1, "Hidden words.")
    assert Commitment.objects.get().classification == 1


def test_new_row_without_a_meeting_is_refused(officer: User) -> None:
    job = checked(officer, xlsx(("Lead agency", "Partner", "Content"), [("MOFA", "KH", "Talk.")]))
    assert errors(job, 2) == [": Choose the meeting at which this was agreed or requested."]


def test_columns_are_remembered_for_the_same_headings(officer: User, talks: Meeting) -> None:
    content = xlsx(("A", "B", "C"), [("MOFA", "KH", "Talk of trade.")])
    checked(
        officer, content, meeting=talks, columns=["lead_agency", "partner", "content"], note="From the desk."
    )
    again = take_file(owner=officer, name="other.xlsx", content=content)
    assert again.columns == ["lead_agency", "partner", "content"]
    assert again.options["note"] == "From the desk."
    other = take_file(owner=make.user("officer"), name="other.xlsx", content=content)
    assert other.columns == ["", "", ""]
    assert SpreadsheetImport.objects.visible_to(officer).count() == 2
