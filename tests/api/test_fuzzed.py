"""Requests made from the schema, as each role: nothing breaks, nothing answers but as described.

Schemathesis makes the requests and judges the answers, with all of its checks on. Every run of the tests
makes hundreds of them (marked ``fuzz``): as an officer, who may write most, and as a focal point, who sees
least. Thousands, as every role, take a quarter of an hour and are for `make torture` (marked ``torture``),
which TORTURE_EXAMPLES bounds.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from accounts.services.tokens import make_token
from commitments.models import Assignment, Commitment
from relations.models import Agency
from tests import factories as make
from tests.clients import client_as

CONFIG = Path(__file__).with_name("schemathesis.toml")
MANY_OPERATIONS = 60
BOUND = os.environ.get("TORTURE_EXAMPLES", "")
"""The most requests that torture makes by chance for an operation, without the phase "coverage"."""


@dataclass(frozen=True)
class Trial:
    """The phases of a trial, how many requests an operation gets by chance, and how many all get at least."""

    phases: str
    examples: int
    fewest: int


SMOKE = {
    "officer": Trial("examples,fuzzing,stateful", 3, 200),
    "focal_point": Trial("fuzzing", 2, 100),
}
# For each of five roles a thousand: five thousand in all, on each database.
BRIEFLY = Trial("fuzzing,stateful", 25, 1_000)
TORTURE = {
    # The phase "coverage" walks every bound of every parameter; an officer meets most of the code behind.
    "officer": Trial("examples,coverage,fuzzing,stateful", 20, 1_000),
    "reviewer": BRIEFLY,
    "focal_point": BRIEFLY,
    "reader": BRIEFLY,
    "administrator": BRIEFLY,
}

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db(transaction=True)]


@pytest.mark.fuzz
@pytest.mark.parametrize("role", SMOKE)
def test_no_request_breaks_it_and_no_answer_is_undescribed(
    role: str, live_server: LiveServer, tmp_path: Path
) -> None:
    assert_all_tried(tried(role, SMOKE[role], live_server.url, tmp_path), SMOKE[role])


@pytest.mark.torture
@pytest.mark.parametrize("role", TORTURE)
def test_thousands_of_requests_break_nothing_either(
    role: str, live_server: LiveServer, tmp_path: Path
) -> None:
    trial = Trial("fuzzing,stateful", int(BOUND), MANY_OPERATIONS) if BOUND else TORTURE[role]
    assert_all_tried(tried(role, trial, live_server.url, tmp_path), trial)


@override_settings(API_REQUESTS_A_MINUTE=10**9)
def tried(role: str, trial: Trial, site: str, tmp_path: Path) -> Any:
    """What Schemathesis reports of a trial that found nothing wrong."""
    agency = Agency.objects.get(slug="vn-mofa")
    for commitment in Commitment.objects.all()[:5]:
        Assignment.objects.get_or_create(commitment=commitment, agency=agency)
    person = make.user(role, username=role, agency=agency if role == "focal_point" else None)
    _token, key = make_token(owner=person, name="Schemathesis", scope="write", days=1)
    report, schema = tmp_path / "report.json", tmp_path / "schema.json"
    schema.write_bytes(client_as(person).get("/api/v1/schema/?format=json").content)
    command = [
        *(str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG), "run"),
        *(str(schema), "--url", site),
        *("--header", f"Authorization: Bearer {key}", "--phases", trial.phases),
        *("--max-examples", str(trial.examples)),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    done = subprocess.run(  # noqa: S603  (a command of our own)
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=1500,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, f"{done.stdout[:20_000]}\n…\n{done.stderr[-2_000:]}"
    return json.loads(report.read_text())


def assert_all_tried(told: Any, trial: Trial) -> None:
    assert told["operations"]["tested"] == told["operations"]["total"] > MANY_OPERATIONS
    assert told["test_cases"]["generated"] >= trial.fewest
