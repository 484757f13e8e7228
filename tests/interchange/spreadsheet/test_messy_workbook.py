"""The messy workbook: nothing is lost, and every refusal says what to do."""

import io
from collections import Counter

import pytest
from openpyxl import load_workbook

from accounts.models import User
from commitments.models import Commitment
from interchange.spreadsheet.imports import decide, mean, take_file
from interchange.spreadsheet.reading import remarks_on
from interchange.spreadsheet.workbooks import refused_rows
from relations.models import Meeting
from tests.interchange.spreadsheet import messy
from tests.interchange.spreadsheet.conftest import carried_out, check, checked, errors, verdicts

pytestmark = pytest.mark.django_db


def test_messy_workbook_comes_in_without_a_loss(officer: User, talks: Meeting) -> None:
    content = messy.workbook()
    job = checked(officer, content, meeting=talks)
    assert job.head_row == 4
    assert job.columns == [
        *("", "lead_agency", "partner", "content", "timeline", "challenges", "recommendations", "status"),
        "remarks",
    ]
    said = " ".join(remarks_on(job.facts, job.separator, job.code_page))
    for part in ("“Theo dõi” was read", "Hidden sheets are not read: notes", "15", "Hidden columns", "I."):
        assert part in said
    spellings = {
        (kind, name)
        for row in job.rows.filter(verdict="refused")
        for kind, _words, name, _offered in row.plan.get("unknown", ())
    }
    assert spellings == {
        ("agency", "Min. of Foreign Affairs, Viet Nam"),
        ("agency", "Ministry of Foreign Affairs of Viet Nam"),
        ("country", "Kambodscha"),
    }
    mean(
        job=job,
        names={
            "agency": {
                "min of foreign affairs vietnam": "vn-mofa",
                "ministry of foreign affairs of vietnam": "vn-mofa",
            }
        },
    )
    check(job)
    assert Counter(verdicts(job).values()) == {"new": 295, "refused": 5}
    first = messy.FIRST
    assert errors(job, first + 17)[0].startswith(f"H{first + 17}: A new commitment enters as")
    assert errors(job, first + 42)[0].startswith(f"E{first + 42}: “3/4/2027” can be two days")
    assert errors(job, first + 77)[0].startswith(f"C{first + 77}: ")
    assert errors(job, first + 99) == [
        f"D{first + 99}: This looks like row {first + 98} of this file. Leave it out, or register it anyway."
    ]
    assert errors(job, first + 120)[0].startswith(f"D{first + 120}: This row says nothing of a commitment.")
    decide(job=job, decisions={first + 99: ("anyway", "")})
    check(job)
    job = carried_out(job)
    assert Counter(job.rows.values_list("result", flat=True)) == {"done": 296, "": 4}
    assert Commitment.objects.count() == 296
    assert job.source is not None
    assert job.source.paragraphs.count() == 296
    sheet = load_workbook(io.BytesIO(refused_rows(job))).worksheets[0]
    back = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[-2] for row in back] == [first + n for n in (17, 42, 77, 120)]
    assert back[0][3] == messy.content_of(17)
    assert all(row[-1] for row in back)


def test_refused_rows_can_be_corrected_and_imported(officer: User, talks: Meeting) -> None:
    job = checked(officer, messy.workbook(), meeting=talks)
    book = load_workbook(io.BytesIO(refused_rows(job)))
    file = io.BytesIO()
    book.save(file)
    again = take_file(owner=officer, name="again.xlsx", content=file.getvalue())
    assert again.columns[:9] == job.columns
    assert again.rows.count() == job.rows.filter(verdict="refused").count()
