"""One table: address × method × role, granted and refused. An address that is not in it fails the build.

Written by hand from docs/rules.md#rights and docs/workflow.md#transitions; nothing is read from the code.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.permissions import RIGHTS
from accounts.services.tokens import make_token
from commitments.models import BodyMerge, Commitment, Target
from commitments.services.body_merging import merge_bodies
from commitments.services.bulk import select
from commitments.services.deadline_proposals import propose_deadline
from commitments.services.deadlines import Window
from commitments.services.merging import merge
from commitments.services.progress import add_evidence, record_progress
from commitments.services.readings import record_reading
from commitments.services.saved_views import save_view
from commitments.services.transitions import apply_transition
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import check_some, configure, take_file
from relations.models import MeetingSource, Person
from relations.services.papers import attach_paper
from tests import factories as make
from tests.clients import client_as

ROLES = ("nobody", "reader", "focal", "stranger", "officer", "reviewer", "administrator")
# nobody: not signed in; stranger: a focal point of an agency that is not charged.
SIGN_IN = 302


def row(**answers: int) -> dict[str, int]:
    """Answers by role; ``rest`` is the answer for the roles that are not named."""
    rest = answers.pop("rest")
    return {role: answers.get(role, rest) for role in ROLES}


EVERYONE = row(nobody=SIGN_IN, rest=200)
OFFICERS = row(nobody=SIGN_IN, officer=200, rest=403)
VISIBLE = row(nobody=SIGN_IN, stranger=404, rest=200)
MERGERS = row(nobody=SIGN_IN, stranger=404, reviewer=200, rest=403)
ACTORS = row(nobody=SIGN_IN, reader=403, administrator=403, rest=200)
OWN_JOB = row(nobody=SIGN_IN, officer=200, reader=403, administrator=403, rest=404)
API_VISIBLE = row(nobody=401, stranger=404, rest=200)
API_REPORTERS = row(nobody=401, stranger=404, officer=201, focal=201, rest=403)
API_OFFICERS = row(nobody=401, stranger=404, officer=201, rest=403)
API_REVIEWERS = row(nobody=401, stranger=404, reviewer=201, rest=403)
API_CHANGERS = row(nobody=401, stranger=404, officer=428, rest=403)
# 428: may change it, once it says which state of it was read.
API_NOT_AT_ALL = row(nobody=401, rest=405)

PAGES: dict[tuple[str, str], dict[str, int]] = {
    ("/", "get"): EVERYONE,
    ("/figures/", "get"): EVERYONE,
    ("/first-steps/themes/", "get"): row(nobody=SIGN_IN, rest=302),
    ("/first-steps/themes/", "post"): row(nobody=SIGN_IN, administrator=302, rest=403),
    ("/commitments/", "get"): EVERYONE,
    ("/reports/", "get"): EVERYONE,
    ("/reports/ask/", "get"): row(nobody=SIGN_IN, officer=404, rest=403),  # about nothing
    ("/reports/ask/", "post"): row(nobody=SIGN_IN, officer=404, rest=403),
    ("/reports/{evidence}/withdraw/", "get"): row(rest=302),
    ("/reports/{evidence}/withdraw/", "post"): row(nobody=SIGN_IN, rest=404),
    ("/reports/answer/{key}/", "get"): row(rest=404),
    ("/calendar/", "get"): EVERYONE,
    ("/calendar/feeds/", "get"): EVERYONE,
    ("/calendar/feeds/", "post"): row(rest=302),  # asks for the password first
    ("/calendar/feeds/{evidence}/revoke/", "get"): row(rest=302),
    ("/calendar/feeds/{evidence}/revoke/", "post"): row(nobody=SIGN_IN, rest=404),
    ("/calendar/{feed}.ics", "get"): row(rest=404),
    ("/commitments/figures/", "get"): EVERYONE,
    ("/commitments/choices/country/", "get"): EVERYONE,
    ("/commitments/export.csv", "get"): EVERYONE,
    ("/commitments/export.xlsx", "get"): EVERYONE,
    ("/commitments/export.json", "get"): EVERYONE,
    ("/commitments/print/", "get"): EVERYONE,
    **{
        (f"{address}.{ending}", "get"): answers
        for ending in ("docx", "pdf")
        for address, answers in (
            ("/commitments/pack", EVERYONE),
            ("/commitments/reply", EVERYONE),
            ("/commitments/{ref}/note", VISIBLE),
            ("/meetings/{meeting}/pack", EVERYONE),
            ("/agencies/{agency}/pack", EVERYONE),
            ("/countries/{country}/pack", EVERYONE),
        )
    },
    ("/commitments/views/", "get"): EVERYONE,
    ("/commitments/views/new/", "get"): EVERYONE,
    ("/commitments/views/new/", "post"): row(rest=302),
    ("/commitments/views/default/", "get"): row(rest=302),
    ("/commitments/views/default/", "post"): row(rest=302),
    ("/commitments/views/columns/", "post"): row(rest=302),
    ("/commitments/views/density/", "post"): row(rest=302),
    ("/commitments/views/{view}/", "get"): row(nobody=SIGN_IN, officer=302, reviewer=302, rest=404),
    ("/commitments/views/{view}/edit/", "get"): row(nobody=SIGN_IN, officer=200, reviewer=403, rest=404),
    ("/commitments/views/{view}/edit/", "post"): row(nobody=SIGN_IN, officer=302, reviewer=403, rest=404),
    ("/commitments/views/{view}/update/", "post"): row(nobody=SIGN_IN, officer=302, reviewer=403, rest=404),
    ("/commitments/views/{view}/copy/", "post"): row(nobody=SIGN_IN, officer=302, reviewer=302, rest=404),
    ("/commitments/views/{view}/delete/", "post"): row(nobody=SIGN_IN, officer=302, reviewer=403, rest=404),
    ("/commitments/bulk/", "get"): ACTORS,
    ("/commitments/bulk/new/", "post"): row(nobody=SIGN_IN, reader=403, administrator=403, rest=302),
    ("/commitments/bulk/{job}/", "get"): OWN_JOB,
    ("/commitments/bulk/{job}/move/start/", "get"): row(
        nobody=SIGN_IN, officer=200, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/move/start/", "post"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/move/uphold/", "post"): row(
        nobody=SIGN_IN, officer=403, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{reviewers_job}/move/uphold/", "get"): row(
        nobody=SIGN_IN, reviewer=200, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/assign/", "get"): OWN_JOB,
    ("/commitments/bulk/{job}/assign/", "post"): row(
        nobody=SIGN_IN, officer=400, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{reviewers_job}/assign/", "get"): row(
        nobody=SIGN_IN, rest=403, focal=404, officer=404, stranger=404
    ),
    ("/commitments/bulk/{job}/change/theme/", "get"): OWN_JOB,
    ("/commitments/bulk/{job}/change/theme/", "post"): row(
        nobody=SIGN_IN, officer=400, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{reviewers_job}/change/theme/", "get"): row(
        nobody=SIGN_IN, rest=403, focal=404, officer=404, stranger=404
    ),
    ("/commitments/bulk/{job}/take-back/", "get"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/take-back/", "post"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/run/", "post"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/stop/", "post"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/bulk/{job}/again/", "post"): row(
        nobody=SIGN_IN, officer=302, reader=403, administrator=403, rest=404
    ),
    ("/commitments/find/", "get"): EVERYONE,
    ("/commitments/{ref}/", "get"): VISIBLE,
    ("/commitments/{ref}/merge/", "get"): MERGERS,
    ("/commitments/{ref}/merge/", "post"): MERGERS,
    ("/commitments/{ref}/merge/{merge}/undo/", "get"): MERGERS,
    ("/commitments/{ref}/merge/{merge}/undo/", "post"): MERGERS | {"reviewer": 400},
    # 409: may edit, once the form says which version was read.
    ("/commitments/{ref}/edit/", "get"): row(nobody=SIGN_IN, stranger=404, officer=200, rest=403),
    ("/commitments/{ref}/edit/", "post"): row(nobody=SIGN_IN, stranger=404, officer=409, rest=403),
    ("/commitments/{ref}/edit/title/", "get"): row(nobody=SIGN_IN, stranger=404, officer=200, rest=403),
    ("/commitments/{ref}/edit/title/", "post"): row(nobody=SIGN_IN, stranger=404, officer=409, rest=403),
    ("/commitments/{ref}/edit/agencies/", "get"): row(nobody=SIGN_IN, stranger=404, officer=200, rest=403),
    ("/commitments/{ref}/edit/agencies/", "post"): row(nobody=SIGN_IN, stranger=404, officer=409, rest=403),
    ("/commitments/{ref}/edit/agencies/{agency}/", "get"): row(
        nobody=SIGN_IN, stranger=404, officer=200, rest=403
    ),
    ("/commitments/{ref}/transitions/start/", "get"): row(
        nobody=SIGN_IN, stranger=404, officer=200, focal=200, rest=403
    ),
    ("/commitments/{ref}/transitions/start/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    ("/commitments/{ref}/transitions/uphold/", "post"): row(
        nobody=SIGN_IN, stranger=404, reviewer=302, rest=403
    ),
    ("/commitments/{ref}/transitions/nonsense/", "get"): row(nobody=SIGN_IN, stranger=404, rest=400),
    ("/commitments/{waiting}/transitions/confirm/", "get"): row(
        nobody=SIGN_IN, stranger=404, reviewer=200, rest=403
    ),
    # 409: may decide, once the form says which state of it was read.
    ("/commitments/{waiting}/transitions/return/", "post"): row(
        nobody=SIGN_IN, stranger=404, reviewer=409, rest=403
    ),
    # The officer entered the reading last, so it can still be mended. 400: nothing was chosen.
    ("/commitments/{ref}/entered-in-error/", "get"): row(
        nobody=SIGN_IN, stranger=404, reviewer=200, officer=200, rest=403
    ),
    ("/commitments/{ref}/entered-in-error/", "post"): row(
        nobody=SIGN_IN, stranger=404, reviewer=400, officer=400, rest=403
    ),
    ("/commitments/{ref}/days/", "get"): row(nobody=SIGN_IN, stranger=404, reviewer=200, rest=403),
    ("/commitments/{ref}/days/", "post"): row(nobody=SIGN_IN, stranger=404, reviewer=302, rest=403),
    ("/commitments/{ref}/progress/", "get"): row(
        nobody=SIGN_IN, stranger=404, officer=200, focal=200, rest=403
    ),
    ("/commitments/{ref}/progress/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    ("/commitments/{ref}/evidence/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    ("/commitments/{ref}/evidence/{evidence}/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/commitments/{ref}/evidence/{evidence}/withdrawal/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    ("/commitments/{ref}/readings/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    ("/commitments/{ref}/deadline/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=302, focal=302, rest=403
    ),
    # Whoever proposed it may withdraw it; another officer may do nothing.
    ("/commitments/{ref}/deadline/{proposal}/", "get"): row(
        nobody=SIGN_IN, stranger=404, officer=200, reviewer=200, rest=403
    ),
    # The body names no state of the commitment that was read.
    ("/commitments/{ref}/deadline/{proposal}/", "post"): row(
        nobody=SIGN_IN, stranger=404, officer=409, reviewer=409, rest=403
    ),
    ("/commitments/{ref}/evidence/{evidence}/preview/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/commitments/{ref}/classification/", "get"): row(
        nobody=SIGN_IN, stranger=404, officer=200, reviewer=200, rest=403
    ),
    ("/meetings/{meeting}/classification/", "get"): row(nobody=SIGN_IN, officer=200, reviewer=200, rest=403),
    ("/sources/{source}/classification/", "get"): row(nobody=SIGN_IN, officer=200, reviewer=200, rest=403),
    ("/classifications/", "get"): row(nobody=SIGN_IN, reviewer=200, rest=403),
    ("/search/", "get"): EVERYONE,
    ("/search/found/", "get"): EVERYONE,
    ("/imports/", "get"): OFFICERS,
    ("/imports/", "post"): OFFICERS | {"officer": 400},  # 400: without a file
    ("/imports/template.xlsx", "get"): OFFICERS,
    ("/imports/{import}/", "get"): OFFICERS,
    ("/imports/{others_import}/", "get"): OFFICERS | {"officer": 404},
    ("/imports/{import}/columns/", "get"): OFFICERS,
    ("/imports/{import}/columns/", "post"): OFFICERS | {"officer": 400},
    ("/imports/{others_import}/columns/", "post"): OFFICERS | {"officer": 404},
    ("/imports/{import}/read/", "post"): OFFICERS | {"officer": 400},
    ("/imports/{import}/names/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/rows/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/start/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/run/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/stop/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/take-back/", "get"): OFFICERS | {"officer": 302},
    ("/imports/{import}/take-back/", "post"): OFFICERS | {"officer": 302},
    ("/imports/{import}/refused.xlsx", "get"): OFFICERS,
    ("/imports/{others_import}/refused.xlsx", "get"): OFFICERS | {"officer": 404},
    # For a security officer: tests/pages/audit/.
    ("/audit/", "get"): row(nobody=SIGN_IN, rest=403),
    ("/audit/export.csv", "get"): row(nobody=SIGN_IN, rest=403),
    ("/accounts/lost-password/", "get"): row(rest=200),
    ("/accounts/lost-password/", "post"): row(rest=400),
    ("/watching/", "get"): EVERYONE,
    ("/watching/", "post"): row(rest=302),
    ("/watching/change/", "post"): row(rest=302),
    ("/watching/unsubscribe/{key}/", "get"): row(rest=404),
    ("/demo/mail/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/demo/mail/{key}/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/demo/mail/{key}/html/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/queue/", "get"): row(nobody=SIGN_IN, reviewer=302, rest=403),
    ("/queue/{waiting}/", "get"): row(nobody=SIGN_IN, reviewer=200, rest=403),
    ("/queue/{waiting}/", "post"): row(nobody=SIGN_IN, reviewer=400, rest=403),
    ("/meetings/", "get"): EVERYONE,
    ("/meetings/{meeting}/", "get"): EVERYONE,
    ("/meetings/{meeting}/edit/", "get"): OFFICERS,
    ("/sources/{source}/edit/", "get"): OFFICERS,
    ("/agencies/{agency}/edit/", "get"): row(nobody=SIGN_IN, officer=200, administrator=200, rest=403),
    ("/mechanisms/{mechanism}/edit/", "get"): row(nobody=SIGN_IN, officer=200, administrator=200, rest=403),
    ("/people/{person}/edit/", "get"): row(nobody=SIGN_IN, officer=200, administrator=200, rest=403),
    ("/countries/{country}/edit/", "get"): row(nobody=SIGN_IN, administrator=200, rest=403),
    # 409: may edit, once the form says which version was read.
    ("/meetings/{meeting}/edit/", "post"): row(nobody=SIGN_IN, officer=409, rest=403),
    ("/sources/{source}/edit/", "post"): row(nobody=SIGN_IN, officer=409, rest=403),
    ("/agencies/{agency}/edit/", "post"): row(nobody=SIGN_IN, officer=409, administrator=409, rest=403),
    ("/mechanisms/{mechanism}/edit/", "post"): row(nobody=SIGN_IN, officer=409, administrator=409, rest=403),
    ("/people/{person}/edit/", "post"): row(nobody=SIGN_IN, officer=409, administrator=409, rest=403),
    ("/countries/{country}/edit/", "post"): row(nobody=SIGN_IN, administrator=409, rest=403),
    ("/people/", "get"): EVERYONE,
    ("/people/{person}/", "get"): EVERYONE,
    ("/meetings/record/", "get"): OFFICERS,
    ("/meetings/{meeting}/record/{source}/", "get"): OFFICERS,
    ("/meetings/{meeting}/record/{source}/summary/", "get"): OFFICERS,
    ("/meetings/{meeting}/record/{source}/nothing/", "post"): row(nobody=SIGN_IN, officer=302, rest=403),
    ("/meetings/{meeting}/record/{source}/delete/", "get"): row(nobody=SIGN_IN, officer=409, rest=403),
    ("/meetings/{meeting}/record/{source}/delete/", "post"): row(nobody=SIGN_IN, officer=409, rest=403),
    ("/meetings/{meeting}/record/{source}/{number}/", "get"): OFFICERS,
    ("/meetings/{meeting}/record/{source}/{number}/new/", "get"): OFFICERS,
    ("/meetings/{meeting}/record/{source}/read/", "post"): row(nobody=SIGN_IN, officer=302, rest=403),
    # 400: the reader could not tell the theme; nowhere to split it and nothing to join it with.
    **{
        (f"/meetings/{{meeting}}/record/{{source}}/{{number}}/candidates/{{candidate}}/{name}/", method): row(
            nobody=SIGN_IN, officer=done, rest=403
        )
        for name, method, done in (
            ("accept", "post", 400),
            ("new", "get", 200),
            ("new", "post", 400),
            ("refuse", "post", 302),
            ("split", "post", 400),
            ("join", "post", 400),
        )
    },
    ("/meetings/{meeting}/record/{source}/{number}/mentions/", "post"): row(
        nobody=SIGN_IN, officer=302, rest=403
    ),
    ("/meetings/{meeting}/record/{source}/{number}/mentions/{evidence}/take-back/", "post"): row(
        nobody=SIGN_IN, officer=302, rest=403
    ),
    ("/meetings/{meeting}/record/{source}/{number}/nothing/", "post"): row(
        nobody=SIGN_IN, officer=302, rest=403
    ),
    ("/mechanisms/", "get"): EVERYONE,
    ("/mechanisms/{mechanism}/", "get"): EVERYONE,
    ("/mechanisms/{mechanism}/compare/", "get"): EVERYONE,
    ("/agencies/", "get"): EVERYONE,
    ("/agencies/{agency}/", "get"): EVERYONE,
    ("/countries/", "get"): EVERYONE,
    ("/countries/{country}/", "get"): EVERYONE,
    ("/sources/", "get"): EVERYONE,
    ("/sources/{source}/", "get"): EVERYONE,
    ("/sources/{source}/paragraphs/{number}/", "get"): EVERYONE,
    ("/sources/{source}/paragraphs/{number}/", "post"): row(nobody=SIGN_IN, officer=400, rest=403),
    ("/sources/{source}/papers/", "get"): OFFICERS,
    ("/sources/{source}/papers/", "post"): row(nobody=SIGN_IN, officer=400, rest=403),
    ("/sources/{source}/papers/{paper}/", "get"): EVERYONE,
    ("/sources/{source}/papers/{paper}/preview/", "get"): row(nobody=SIGN_IN, rest=404),
    ("/sources/{source}/papers/{paper}/withdrawal/", "get"): OFFICERS,
    ("/sources/{source}/papers/{paper}/withdrawal/", "post"): row(nobody=SIGN_IN, officer=302, rest=403),
    ("/accounts/login/", "get"): row(nobody=200, rest=302),
    ("/accounts/logout/", "post"): row(rest=302),
    ("/accounts/inactive/", "get"): row(rest=200),
    ("/accounts/reauthenticate/", "get"): EVERYONE,
    ("/accounts/password/change/", "get"): EVERYONE,
    ("/accounts/sessions/", "get"): EVERYONE,
    ("/accounts/sessions/end/", "post"): row(rest=302),
    ("/accounts/provider/login/", "post"): row(nobody=404, rest=404),  # there is no provider
    ("/accounts/provider/callback/", "get"): row(nobody=404, rest=404),
    ("/accounts/link/", "get"): row(nobody=404, rest=409),  # without a link; signed in already
    ("/accounts/link/", "post"): row(nobody=404, rest=409),
    ("/accounts/link/{key}/", "get"): row(rest=302),
    ("/accounts/tokens/", "get"): EVERYONE,
    ("/accounts/tokens/", "post"): row(rest=302),  # asks for the password again
    ("/accounts/tokens/{token}/revoke/", "post"): row(nobody=SIGN_IN, officer=302, rest=404),
    ("/metrics", "get"): row(administrator=200, rest=404),
    ("/health/", "get"): row(rest=200),
    ("/health/live", "get"): row(rest=200),
    ("/health/ready", "get"): row(rest=200),
    ("/api/v1/commitments/", "get"): row(nobody=401, rest=200),
    ("/api/v1/commitments/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/commitments/{ref}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/transitions/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/transitions/", "post"): row(
        nobody=401, stranger=404, officer=201, focal=201, rest=403
    ),
    ("/api/v1/commitments/", "post"): row(nobody=401, officer=400, rest=403),
    ("/api/v1/commitments/{ref}/", "patch"): row(nobody=401, stranger=404, officer=428, rest=403),
    ("/api/v1/meetings/", "get"): row(nobody=401, rest=200),
    ("/api/v1/meetings/", "post"): row(nobody=401, officer=201, rest=403),
    ("/api/v1/meetings/{meeting}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/meetings/{meeting}/", "patch"): row(nobody=401, officer=428, rest=403),
    ("/api/v1/meetings/{meeting}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/sources/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/", "post"): row(nobody=401, officer=201, rest=403),
    ("/api/v1/sources/{source}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/", "patch"): row(nobody=401, officer=428, rest=403),
    ("/api/v1/sources/{source}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/sources/{source}/paragraphs/{number}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/paragraphs/{number}/", "patch"): row(nobody=401, officer=428, rest=403),
    ("/api/v1/sources/{source}/papers/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/papers/", "post"): row(nobody=401, officer=400, rest=403),
    ("/api/v1/sources/{source}/papers/{paper}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/papers/{paper}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/sources/{source}/papers/{paper}/file/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/papers/{paper}/withdrawal/", "get"): row(nobody=401, rest=405),
    ("/api/v1/sources/{source}/papers/{paper}/withdrawal/", "post"): row(nobody=401, officer=201, rest=403),
    ("/api/v1/sources/{source}/candidates/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/candidates/", "post"): row(nobody=401, officer=200, rest=403),
    ("/api/v1/sources/{source}/candidates/{candidate}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/sources/{source}/candidates/{candidate}/accept/", "post"): row(
        nobody=401, officer=400, rest=403
    ),
    ("/api/v1/sources/{source}/candidates/{candidate}/refuse/", "post"): row(
        nobody=401, officer=200, rest=403
    ),
    ("/api/v1/sources/{source}/candidates/{candidate}/split/", "post"): row(
        nobody=401, officer=400, rest=403
    ),
    ("/api/v1/sources/{source}/candidates/{candidate}/join/", "post"): row(nobody=401, officer=400, rest=403),
    ("/api/v1/mechanisms/", "get"): row(nobody=401, rest=200),
    ("/api/v1/mechanisms/", "post"): row(nobody=401, officer=201, administrator=201, rest=403),
    ("/api/v1/mechanisms/{mechanism}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/mechanisms/{mechanism}/", "patch"): row(nobody=401, officer=428, administrator=428, rest=403),
    ("/api/v1/mechanisms/{mechanism}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/agencies/", "get"): row(nobody=401, rest=200),
    ("/api/v1/agencies/", "post"): row(nobody=401, officer=201, administrator=201, rest=403),
    ("/api/v1/agencies/{agency}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/agencies/{agency}/", "patch"): row(nobody=401, officer=428, administrator=428, rest=403),
    ("/api/v1/agencies/{agency}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/people/", "get"): row(nobody=401, rest=200),
    ("/api/v1/people/", "post"): row(nobody=401, officer=201, administrator=201, rest=403),
    ("/api/v1/people/{person}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/people/{person}/", "patch"): row(nobody=401, officer=428, administrator=428, rest=403),
    ("/api/v1/people/{person}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/countries/", "get"): row(nobody=401, rest=200),
    ("/api/v1/countries/", "post"): row(nobody=401, administrator=201, rest=403),
    ("/api/v1/countries/{country}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/countries/{country}/", "patch"): row(nobody=401, administrator=428, rest=403),
    ("/api/v1/countries/{country}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/themes/", "get"): row(nobody=401, rest=200),
    ("/api/v1/themes/", "post"): row(nobody=401, administrator=201, rest=403),
    ("/api/v1/themes/{theme}/", "get"): row(nobody=401, rest=200),
    ("/api/v1/themes/{theme}/", "patch"): row(nobody=401, administrator=428, rest=403),
    ("/api/v1/themes/{theme}/", "delete"): row(nobody=401, rest=405),
    ("/api/v1/commitments/{ref}/progress/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/progress/", "post"): API_REPORTERS,
    ("/api/v1/commitments/{ref}/progress/{update}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/progress/{update}/", "delete"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/mentions/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/mentions/", "post"): API_OFFICERS,
    ("/api/v1/commitments/{ref}/mentions/{mention}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/mentions/{mention}/", "delete"): API_CHANGERS,
    ("/api/v1/commitments/{ref}/mentions/{mention}/", "patch"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/transitions/{change}/day/", "post"): API_REVIEWERS,
    ("/api/v1/commitments/{ref}/entered-in-error/", "post"): API_REVIEWERS,
    ("/api/v1/commitments/{ref}/entered-in-error/", "get"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/mentions/{mention}/entered-in-error/", "post"): row(
        nobody=401, stranger=404, reviewer=409, rest=403
    ),
    ("/api/v1/commitments/{ref}/progress/{update}/entered-in-error/", "post"): API_REVIEWERS,
    ("/api/v1/commitments/{ref}/readings/{reading}/entered-in-error/", "post"): row(
        nobody=401, stranger=404, reviewer=201, officer=201, rest=403
    ),
    ("/api/v1/commitments/{ref}/evidence/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/evidence/", "post"): API_REPORTERS,
    ("/api/v1/commitments/{ref}/evidence/{evidence}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/evidence/{evidence}/", "delete"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/evidence/{evidence}/file/", "get"): row(nobody=401, rest=404),
    ("/api/v1/commitments/{ref}/evidence/{evidence}/withdrawal/", "get"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/evidence/{evidence}/withdrawal/", "post"): API_REPORTERS,
    ("/api/v1/commitments/{ref}/readings/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/readings/", "post"): API_REPORTERS,
    ("/api/v1/commitments/{ref}/readings/{reading}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/readings/{reading}/", "delete"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/report-requests/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/deadline-changes/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/deadline-changes/", "post"): API_REPORTERS,
    ("/api/v1/commitments/{ref}/deadline-changes/{change}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/deadline-changes/{change}/", "delete"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/deadline-changes/proposals/{proposal}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/deadline-changes/proposals/{proposal}/", "delete"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/deadline-changes/proposals/{proposal}/decision/", "get"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/deadline-changes/proposals/{proposal}/decision/", "post"): row(
        nobody=401, stranger=404, officer=403, reviewer=201, rest=403
    ),
    # The commitment is unclassified, so that no lower classification can be proposed.
    **{
        (f"/api/v1/{below}/downgrades/", "get"): answers
        for below, answers in (
            ("commitments/{ref}", API_VISIBLE),
            ("meetings/{meeting}", row(nobody=401, rest=200)),
            ("sources/{source}", row(nobody=401, rest=200)),
        )
    },
    ("/api/v1/commitments/{ref}/downgrades/", "post"): row(
        nobody=401, stranger=404, officer=400, reviewer=400, rest=403
    ),
    ("/api/v1/meetings/{meeting}/downgrades/", "post"): row(nobody=401, officer=400, reviewer=400, rest=403),
    ("/api/v1/sources/{source}/downgrades/", "post"): row(nobody=401, officer=400, reviewer=400, rest=403),
    **{
        (f"/api/v1/{below}/downgrades/{{evidence}}/", "get"): row(nobody=401, rest=404)
        for below in ("commitments/{ref}", "meetings/{meeting}", "sources/{source}")
    },
    **{
        (f"/api/v1/{below}/downgrades/{{evidence}}/decision/", "post"): row(nobody=401, rest=404)
        for below in ("commitments/{ref}", "meetings/{meeting}", "sources/{source}")
    },
    ("/api/v1/commitments/{ref}/merge/", "get"): API_NOT_AT_ALL,
    ("/api/v1/commitments/{ref}/merge/", "post"): row(nobody=401, stranger=404, reviewer=400, rest=403),
    ("/api/v1/commitments/{ref}/assignments/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/assignments/", "post"): API_OFFICERS,
    ("/api/v1/commitments/{ref}/assignments/{assignment}/", "get"): API_VISIBLE,
    ("/api/v1/commitments/{ref}/assignments/{assignment}/", "patch"): API_CHANGERS,
    ("/api/v1/commitments/{ref}/assignments/{assignment}/", "delete"): API_CHANGERS,
    ("/api/v1/bulk/commitments/", "get"): API_NOT_AT_ALL,
    ("/api/v1/bulk/commitments/", "post"): row(nobody=401, officer=200, rest=403),
    ("/api/v1/bulk/commitments/", "patch"): row(nobody=401, officer=200, rest=403),
    ("/api/v1/bulk/assignments/", "get"): API_NOT_AT_ALL,
    ("/api/v1/bulk/assignments/", "post"): row(nobody=401, officer=200, rest=403),
    ("/api/v1/bulk/transitions/", "get"): API_NOT_AT_ALL,
    ("/api/v1/bulk/transitions/", "post"): row(nobody=401, reader=403, administrator=403, rest=200),
    ("/api/v1/saved-views/", "get"): row(nobody=401, rest=200),
    ("/api/v1/saved-views/", "post"): row(nobody=401, rest=201),
    ("/api/v1/saved-views/default/", "get"): row(nobody=401, rest=200),
    ("/api/v1/saved-views/default/", "post"): row(nobody=401, rest=200),
    ("/api/v1/saved-views/{view}/", "get"): row(nobody=401, officer=200, reviewer=200, rest=404),
    ("/api/v1/saved-views/{view}/", "patch"): row(nobody=401, officer=428, reviewer=403, rest=404),
    ("/api/v1/saved-views/{view}/", "delete"): row(nobody=401, officer=428, reviewer=403, rest=404),
    ("/api/v1/saved-views/{view}/copy/", "post"): row(nobody=401, officer=201, reviewer=201, rest=404),
    ("/api/v1/overview/", "get"): row(nobody=401, rest=200),
    ("/api/v1/overview/", "post"): API_NOT_AT_ALL,
    ("/api/v1/comparison/", "get"): row(nobody=401, rest=400),
    ("/api/v1/comparison/", "post"): API_NOT_AT_ALL,
    ("/api/v1/me/", "get"): row(nobody=401, rest=200),
    ("/api/v1/me/", "patch"): API_NOT_AT_ALL,
    ("/api/v1/schema/", "get"): row(nobody=401, rest=200),
    ("/api/v1/docs/", "get"): EVERYONE,
    ("/api/v1/nothing/", "get"): row(rest=404),
    ("/admin/", "get"): row(nobody=SIGN_IN, officer=200, reviewer=200, administrator=200, rest=302),
    ("/admin/commitments/commitment/", "get"): row(
        nobody=SIGN_IN, officer=200, reviewer=200, administrator=200, rest=302
    ),
    ("/admin/commitments/commitment/add/", "get"): row(
        nobody=SIGN_IN, officer=200, reviewer=403, administrator=403, rest=302
    ),
    ("/admin/relations/meeting/add/", "get"): row(
        nobody=SIGN_IN, officer=200, reviewer=403, administrator=403, rest=302
    ),
    ("/admin/relations/source/add/", "get"): row(
        nobody=SIGN_IN, officer=200, reviewer=403, administrator=403, rest=302
    ),
    ("/admin/relations/agency/add/", "get"): row(
        nobody=SIGN_IN, officer=200, reviewer=403, administrator=200, rest=302
    ),
    **{
        (f"/admin/relations/{kind}/{{{kind}_pk}}/merge/", method): row(
            nobody=SIGN_IN, officer=done, reviewer=403, administrator=done, rest=302
        )
        for kind in ("agency", "person", "mechanism")
        for method, done in (("get", 200), ("post", 400))
    },
    **{
        (f"/admin/relations/country/{{country_pk}}/merge/{page}", method): row(
            nobody=SIGN_IN, officer=403, reviewer=403, administrator=done, rest=302
        )
        for page, method, done in (
            *(("", "get", 200), ("", "post", 400)),
            *(("{body_merge}/undo/", "get", 200), ("{body_merge}/undo/", "post", 302)),
        )
    },
    ("/admin/relations/country/add/", "get"): row(
        nobody=SIGN_IN, officer=403, reviewer=403, administrator=200, rest=302
    ),
    ("/admin/commitments/theme/add/", "get"): row(
        nobody=SIGN_IN, officer=403, reviewer=403, administrator=200, rest=302
    ),
    **{
        (f"/admin/interchange/briefingtemplate/{page}", "get"): row(
            nobody=SIGN_IN, officer=refused, reviewer=refused, administrator=200, rest=302
        )
        for page, refused in (("", 403), ("add/", 403), ("shipped/pack/en/", 404))
    },
    ("/admin/accounts/user/", "get"): row(
        nobody=SIGN_IN, officer=403, reviewer=403, administrator=200, rest=302
    ),
    ("/admin/accounts/user/add/", "get"): row(
        nobody=SIGN_IN, officer=403, reviewer=403, administrator=200, rest=302
    ),
    ("/admin/accounts/user/{reader_pk}/clearance/", "get"): row(
        nobody=SIGN_IN, officer=403, reviewer=403, administrator=403, rest=302
    ),
}
BODIES = {
    "/api/v1/sources/{source}/candidates/{candidate}/split/": {"at": 0},
    "/api/v1/sources/{source}/candidates/{candidate}/join/": {"other": 1},
    "commitments": {"title": "Without the rest."},
    "mentions": {"commitment": "KHVN-2024-002", "kind": "reaffirmed"},
    "start": {"note": "Work begun."},
    "uphold": {"note": "No end to wait for."},
    "return": {"note": "Not yet."},
    "progress": {"achieved": "Half."},
    "evidence": {"title": "Minutes", "url": "https://example.org/m", "type": "other"},
    "readings": {"value": "10.4", "as_of": "2025-11-30", "period": "2025-01/2025-11"},
    "withdrawal": {"reason": "Wrong paper."},
    "days": {"number": "1", "on": "2024-07-12", "reason": "Misread."},
    "day": {"on": "2024-07-12", "reason": "Misread."},
    "/commitments/{ref}/entered-in-error/": {"reason": "Never said."},
    "entered-in-error": {"reason": "Never said."},
    "deadline": {"wording": "soon", "reason": "Agreed anew."},
    "/commitments/{ref}/deadline/{proposal}/": {"decision": "refused", "note": "Not agreed."},
    "decision": {"decision": "refused", "note": "Not agreed."},
    "downgrades": {"classification": "restricted", "reason": "Published."},
    "new": {"name": "Late", "shared_with": "private", "query": "overdue=true"},
    "edit": {"name": "Open", "shared_with": "private", "query": "state=open"},
    "tokens": {"name": "Dashboard", "scope": "read", "days": "30"},
    "transitions": {"transition": "start", "note": "x"},
    "meetings": {"title": "Session", "form": "talks", "level": "minister", "status": "planned"},
    "sources": {"title": "Minutes", "kind": "agreed_minutes"},
    "mechanisms": {"name": "Committee", "countries": ["KH", "VN"]},
    "agencies": {"name": "Customs", "country": "KH", "kind": "other"},
    "people": {"name": "Prak Sokhonn", "country": "KH"},
    "countries": {"code": "MY", "name": "Malaysia"},
    "themes": {"name": "Trade"},
    "deadline-changes": {"deadline": {"wording": "soon"}, "reason": "Agreed anew."},
    "assignments": {"agency": "x-other"},
    "saved-views": {"name": "Late", "query": "overdue=true"},
    "/api/v1/saved-views/default/": {"view": None},
    "/api/v1/commitments/{ref}/merge/": {"reason": "The same."},
    "/api/v1/commitments/{ref}/mentions/": {"meeting": "talks", "source": "note", "paragraph": 2},
    "/watching/": {"rhythm": "daily", "charge": "on"},
    "/watching/change/": {"kind": "country", "key": "KH", "watch": "true"},
    "accept": {"nature": "sung"},
    "refuse": {"lift": True},
    "/api/v1/bulk/commitments/": {"items": [{"title": "Without the rest."}]},
    "/api/v1/bulk/assignments/": {"items": [{"reference": "KHVN-2024-001"}]},
    "/api/v1/bulk/transitions/": {"items": [{"reference": "KHVN-2024-001"}]},
}
# Whole parts of the site that are somebody else's to test, each with its reason.
NOT_OURS = {
    "accounts/2fa/": "allauth's own pages of the second step, behind the same sign-in",
    "admin/": "Django's admin pages; the ones above and tests/*/admin hold their rights",
}


def checked_import(owner: User) -> SpreadsheetImport:
    job = take_file(owner=owner, name="a.csv", content=b"Content,Partner\nTo meet,KH\n")
    configure(job=job, columns=job.columns, options={})
    check_some(job=job)
    return job


@pytest.fixture(scope="module")
def world(kept_for_module: None) -> dict[str, object]:
    agency = make.agency("vn-mofa")
    officer, meeting, source = make.user("officer"), make.meeting(slug="talks"), make.source(slug="note")
    pledge = make.commitment(
        agencies=(agency,), mention=make.FirstMention(meeting, source.paragraphs.get(number=1))
    )
    MeetingSource.objects.create(meeting=meeting, source=source)
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    waiting = make.commitment(agencies=(agency,))
    apply_transition(
        commitment=waiting, name="submit", actor=make.user("officer"), note="x", outcome="dropped"
    )
    evidence = add_evidence(commitment=pledge, actor=officer, title="A", url="https://example.org/a")
    reviewer = make.user("reviewer")
    soon = make.new_deadline(commitment=pledge, actor=officer, window=Window(wording="shortly"), reason="x")
    view = save_view(owner=officer, name="Open", query="state=open", shared_with="role", role="reviewer")
    merge_bodies(kept=make.country("LA"), absorbed=make.country("TH"), actor=make.user("administrator"))
    merged = BodyMerge.objects.get()
    token, _key = make_token(owner=officer, name="Records", scope="write", days=30)
    return {
        "ref": pledge.reference,
        "waiting": waiting.reference,
        "evidence": evidence.pk,
        "meeting": meeting.slug,
        "source": source.slug,
        "paper": attach_paper(
            source=source, actor=officer, file=SimpleUploadedFile("a.txt", b"They met.")
        ).pk,
        "number": 2,
        "mechanism": make.mechanism().slug,
        "agency": agency.slug,
        "agency_pk": agency.pk,
        "country": "KH",
        "person": Person.objects.create(slug="x", name="X", country=make.country("KH")).slug,
        "theme": make.theme().slug,
        "candidate": make.candidate(source, "They agreed again.", theme=None).pk,
        "token": token.pk,
        "feed": "unknown",
        "key": "no-key-of-any-link",
        "view": view.pk,
        # Its own mention is read before another comes over; what is recorded after a merge can be mended.
        "mention": pledge.mentions.get().pk,
        "merge": merge(
            kept=pledge, absorbed=make.commitment(title="Twin"), actor=reviewer, reason="The same."
        ).pk,
        "update": record_progress(commitment=pledge, actor=officer, achieved="Begun.").pk,
        "reading": record_reading(commitment=pledge, actor=officer, value=Decimal(7)).pk,
        "assignment": pledge.assignments.get().pk,
        "change": soon.number,
        "proposal": propose_deadline(
            commitment=pledge, actor=officer, window=Window(wording="later"), reason="x"
        ).number,
        "job": select(owner=officer, commitments=Commitment.objects.filter(pk=pledge.pk)).pk,
        "reviewers_job": select(owner=reviewer, commitments=Commitment.objects.filter(pk=pledge.pk)).pk,
        "import": checked_import(officer).pk,
        "others_import": checked_import(make.user("officer")).pk,
        "reader_pk": make.user("reader").pk,
        "person_pk": Person.objects.get(slug="x").pk,
        "mechanism_pk": make.mechanism().pk,
        "country_pk": merged.kept,
        "body_merge": merged.pk,
        "people": {
            "reader": make.user("reader"),
            "focal": make.user("focal_point", agency=agency),
            "stranger": make.user("focal_point", agency=make.agency("x-other")),
            "officer": officer,
            "reviewer": reviewer,
            "administrator": make.user("administrator"),
        },
    }


@pytest.fixture(scope="module")
def sessions(world: dict) -> dict[str, str]:
    """Everybody signed in once; each test gets a browser of its own with that session."""
    made = {role: client_as(person).cookies for role, person in world["people"].items()}
    return {role: cookies[settings.SESSION_COOKIE_NAME].value for role, cookies in made.items()}


@pytest.mark.usefixtures("plain_briefings")
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("path", "method"), PAGES)
def test_the_table(path: str, method: str, role: str, world: dict, sessions: dict[str, str]) -> None:
    client = Client()
    if role != "nobody":
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
    url = path.format(**world)
    kind = "application/json" if path.startswith("/api/") else None
    last = path.rstrip("/").rpartition("/")[2]
    # A change of one record is refused before its body is read: it names no state that was read.
    body = BODIES.get(path, BODIES.get(last, {}) if method == "post" else {}) if method != "get" else {}
    answer = getattr(client, method)(url, body, **({"content_type": kind} if kind and body else {}))
    if answer.streaming:
        list(answer)  # a download that is not read stays open
    assert answer.status_code == PAGES[path, method][role]
    if role == "nobody" and answer.status_code == SIGN_IN and not {"logout", "link"} & set(path.split("/")):
        assert answer["Location"].startswith(("/accounts/login/", "/admin/login/"))


def addresses(patterns: list | None = None, prefix: str = "") -> Iterator[str]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern).lstrip("^")
        if any(route.startswith(part) for part in NOT_OURS):
            continue
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def test_every_address_is_in_the_table() -> None:
    names = {
        "<str:reference>": "{ref}",
        "<int:pk>": "{evidence}",
        "<str:token>": "{feed}",
        "<slug:part>": "country",
        "<slug:slug>": "{meeting}",
        "<str:slug>": "{meeting}",
        "<slug:source>": "{meeting}",
        "<int:number>": "{number}",
        "<str:code>": "{country}",
        "<str:key>": "{key}",
    }
    known = {path.lstrip("/").replace("{waiting}", "{ref}") for path, _method in PAGES}
    for alike in ("{source}", "{mechanism}", "{agency}", "{person}", "{theme}"):
        known = {path.replace(alike, "{meeting}") for path in known}
    known = {path.replace("{change}", "{number}").replace("{proposal}", "{number}") for path in known}
    attached = ("{paper}", "{update}", "{reading}", "{mention}", "{assignment}")
    imports = ("{import}", "{others_import}")
    others = ("{candidate}", "{token}", "{view}", "{job}", "{reviewers_job}", "{merge}")
    for alike in (*others, *imports, *attached):
        known = {path.replace(alike, "{evidence}") for path in known}
    missing = []
    for route in addresses():
        for placeholder, name in names.items():
            route = route.replace(placeholder, name)
        found = route in known or any(route == path for path in known if "<str:name>" not in route)
        if "<str:name>" in route:
            found = any(path.startswith(route.split("<str:name>")[0]) for path in known)
        if not found and route != "api/v1/":
            missing.append(route)
    assert missing == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "reader", "administrator"])
def test_what_is_classified_higher_than_the_clearance_is_not_there(role: str, world: dict) -> None:
    Commitment.objects.update(classification=2)
    client = client_as(world["people"][role])
    answer = client.get(f"/commitments/{world['ref']}/")
    assert answer.status_code == 404
    cleared = client_as(role, clearance=2)
    assert cleared.get(f"/commitments/{world['ref']}/").status_code == 200


def test_the_table_of_rights_is_this_one() -> None:
    assert {right.name: {role.value for role in roles} for right, roles in RIGHTS.items()} == {
        "ENTER_ADMIN": {"officer", "reviewer", "administrator", "security_officer"},
        "READ_REGISTER": {"officer", "reviewer", "reader", "administrator", "security_officer"},
        "EDIT_REGISTER": {"officer"},
        "CORRECT_CLOSED": {"reviewer"},
        "MERGE": {"reviewer"},
        "ENTER_IN_ERROR": {"reviewer"},
        "CORRECT_DAY": {"reviewer"},
        "ASSIGN": {"officer"},
        "REPORT_PROGRESS": {"officer", "focal_point"},
        "DECIDE_DEADLINE": {"reviewer"},
        "EDIT_BODIES": {"officer", "administrator"},
        "EDIT_REFERENCE_DATA": {"administrator"},
        "MANAGE_USERS": {"administrator"},
        "DECIDE_DOWNGRADE": {"reviewer", "security_officer"},
        "GIVE_CLEARANCE": {"security_officer"},
        "READ_AUDIT": {"security_officer"},
        "SEE_OPERATION": {"administrator"},
    }
