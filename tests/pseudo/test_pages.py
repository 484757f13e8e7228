"""Every page, for every role, read in the pseudo language: no English is left that is not data."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.pseudo.conftest import undone
from tests.pseudo.reading import is_english
from tests.pseudo.report import Report
from tests.test_permissions import PAGES, ROLES

pytestmark = pytest.mark.django_db
FOUND, BAD_REQUEST = 302, 400
MACHINES = ("/api/", "/commitments/export.", "/health/")
"""Whose answers are for programs: only their refusals are read by people, too."""
MORE = [
    "/?as_of=2025-01-01",
    "/commitments/?q=λόγος",
    "/commitments/?q=ξξξξ",
    "/commitments/?as_of=2025-01-01",
    "/commitments/?compare=2025-01-01",
    "/commitments/?status=ξξ&overdue=ξξ&deadline_to=ξξ&page=ξ&country=ΞΞ&parties=ΞΞ&ordering=ξξ",
    "/commitments/?as_of=ξξ",
    "/commitments/?compare=ξξ",
    "/commitments/?status=agreed&status=stalled&agency=11&theme=91&state=open&overdue=true&ordering=-reference",
    "/commitments/?columns=reference,title,status,nature,theme,deadline,agencies,heard",
    "/commitments/?page_size=2&page=2",
    "/commitments/?page=99",
    "/commitments/print/?status=agreed&as_of=2025-01-01",
    "/commitments/print/?status=ξξ",
    "/commitments/figures/?status=ξξ",
    "/commitments/export.csv?status=ξξ",
    "/commitments/KHVN-1900-001/",
    "/commitments/{overdue}/",
    "/commitments/{superseded}/",
    "/commitments/{ref}/?as_of=2024-08-01",
    "/commitments/{ref}/?as_of=2020-08-01",
    "/commitments/{ref}/?as_of=ξξ",
    "/commitments/{ref}/transitions/submit/",
    "/commitments/{ref}/transitions/withdraw/",
    "/commitments/{ref}/transitions/reopen/",
    "/commitments/{ref}/transitions/correct/",
    "/commitments/bulk/{finished_job}/",
    "/commitments/bulk/{running_job}/",
    "/commitments/bulk/{stopped_job}/",
    "/commitments/bulk/{job}/move/submit/",
    "/commitments/bulk/{job}/move/confirm/",
    "/commitments/bulk/{job}/?like={finished_job}",
    "/commitments/bulk/{job}/change/lead/",
    "/commitments/bulk/{job}/change/remove/",
    "/commitments/bulk/{job}/change/theme/",
    "/commitments/bulk/{job}/change/classification/",
    "/commitments/bulk/{taken_back_job}/",
    "/commitments/bulk/{assigned_job}/",
    "/commitments/bulk/{assigned_job}/take-back/",
    "/imports/{imported}/?show=refused",
    "/imports/{imported}/columns/",
    "/meetings/?q=ξξξξ",
    "/meetings/?status=ξξ&page=ξ",
    "/meetings/?as_of=2024-01-01",
    "/meetings/{planned}/",
    "/meetings/{awaited}/",
    "/meetings/none/",
    "/meetings/record/?meeting={meeting}",
    "/meetings/record/?meeting={planned}",
    "/meetings/record/?meeting=new&q=λόγος",
    "/meetings/record/?q=ξξξξ",
    "/meetings/{meeting}/record/{source}/{number}/?q=λόγος",
    "/mechanisms/{mechanism}/compare/?from=701&to=702",
    "/mechanisms/{mechanism}/compare/?earlier=701&later=702",
    "/mechanisms/{mechanism}/compare/?earlier=ξξ&later=ψψ",
    "/sources/?q=ξξξξ",
    "/sources/?kind=ξξ&page=ξ",
    "/agencies/{agency}/?as_of=2025-01-01",
    "/countries/{country}/?as_of=2025-01-01",
    "/countries/LA/",
    "/agencies/12/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/authenticate/",
    "/api/v1/commitments/?status=ξξ&page_size=ξ",
    "/api/v1/comparison/?from=ξξ",
    "/api/v1/meetings/?status=ξξ",
]
"""What the table of rights does not name: lists without rows, days past, unknown parameters."""

POSTS = [
    path for path, method in PAGES if method == "post" and not path.startswith(("/api/", "/accounts/logout"))
]
ROWS = {"participants-TOTAL_FORMS": "1", "participants-INITIAL_FORMS": "0"}
BAD: dict[str, dict[str, Any]] = {
    "/commitments/{ref}/transitions/submit/": {"note": "", "outcome": "ξξ", "occurred_on": "2999-01-01"},
    "/commitments/{ref}/progress/": {"occurred_on": "2999-01-01", "review_on": "ξξ", "achieved": "1"},
    "/commitments/{ref}/evidence/": {"title": "", "url": "ξξ", "dated_on": "ξξ"},
    "/commitments/{ref}/readings/": {"value": "ξξ", "as_of": "2999-01-01", "period": "ξξ"},
    "/commitments/{ref}/deadline/": {"latest": "2020-01-01", "earliest": "2021-01-01", "review_on": "ξξ"},
    "/commitments/views/new/": {"name": "", "query": "status=ξξ", "shared_with": "ξξ", "role": "ξξ"},
    "/commitments/bulk/new/": {"scope": "all", "query": "status=ξξ"},
    "/commitments/bulk/{job}/move/start/": {"note": "", "occurred_on": "2999-01-01"},
    "/commitments/bulk/{job}/change/lead/": {"agency": "ξξ", "focal_point": "0"},
    "/commitments/bulk/{job}/change/classification/": {"classification": "ξ"},
    "/commitments/bulk/{job}/assign/": {"agency": "ξξ", "role": "ξξ", "focal_point": "0"},
    "/meetings/record/?meeting=new": {"meeting-title": "", "meeting-starts_on": "ξξ", **ROWS},
    "/meetings/record/?meeting={planned}": {
        "meeting-starts_on": "2999-01-01",
        "participants-0-name": "λόγος",
        **ROWS,
    },
    "/meetings/{meeting}/record/{source}/{number}/new/": {"title": "", "status": "ξξ"},
    "/meetings/{meeting}/record/{source}/{number}/mentions/": {"commitment": "KHVN-1900-001", "kind": "ξξ"},
    "/accounts/login/": {"login": "λόγος", "password": "λόγος"},
    "/accounts/password/change/": {"oldpassword": "1", "password1": "1", "password2": "2"},
    "/accounts/reauthenticate/": {"password": "1"},
    "/accounts/2fa/totp/activate/": {"code": "1"},
}
"""Forms with mistakes in them."""


def paths_for(role: str) -> list[str]:
    """The addresses that answer ``role`` with a page or a refusal; the admin has tests of its own."""
    answered = [
        path
        for (path, method), answers in PAGES.items()
        if method == "get" and answers[role] != FOUND and not path.startswith("/admin/")
        if answers[role] >= BAD_REQUEST or not path.startswith(MACHINES) or path == "/api/v1/docs/"
    ]
    return answered + MORE if role in ("officer", "reader") else answered


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_english(role: str, world: dict[str, Any], client_as: Callable[[str], Client]) -> None:
    report, client = Report(), client_as(role)
    for path in paths_for(role):
        report.read(client.get(path.format(**world)), path, role)
    report.demand_nothing()


@pytest.mark.parametrize("role", ["officer", "reviewer"])
def test_no_form_with_mistakes_shows_english(
    role: str, world: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    report = Report()
    for path, data in [(path, {}) for path in POSTS] + list(BAD.items()):
        with undone():
            answer = client_as(role).post(path.format(**world), data, follow=True)
            report.read(answer, f"POST {path}", role)
    report.demand_nothing()


def test_no_heading_of_a_spreadsheet_shows_english(
    world: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    answer = client_as("officer").get("/commitments/export.xlsx")
    book = load_workbook(BytesIO(b"".join(answer)))
    visible = [sheet for sheet in book if sheet.sheet_state == "visible"]  # the other one is for programs
    texts = [value for sheet in visible for row in sheet.values for value in row if isinstance(value, str)]
    assert [text for text in [*(sheet.title for sheet in visible), *texts] if is_english(text)] == []
