"""Thousands of requests made from the schema, as each role: nothing breaks, nothing answers but as described.

Schemathesis makes the requests and judges the answers, with all of its checks on.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from accounts.services.tokens import make_token
from commitments.models import Assignment, Commitment
from relations.models import Agency
from tests import factories as make

CONFIG = Path(__file__).with_name("schemathesis.toml")
FEWEST_CASES = 1_000
"""For each of five roles: five thousand in all, on each database."""

MANY_OPERATIONS = 60

WHOLE = ("examples,coverage,fuzzing,stateful", 20)
BRIEFLY = ("fuzzing,stateful", 25)
ROLES = {
    # The phase "coverage" walks every bound of every parameter; an officer meets most of the code behind.
    "officer": WHOLE,
    "reviewer": BRIEFLY,
    "focal_point": BRIEFLY,
    "reader": BRIEFLY,
    "administrator": BRIEFLY,
}
"""The phases of the trial, and how many requests one operation gets in a phase that makes them by chance."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db(transaction=True)
@override_settings(API_REQUESTS_A_MINUTE=10**9)
def test_no_request_breaks_it_and_no_answer_is_undescribed(
    role: str, live_server: LiveServer, tmp_path: Path
) -> None:
    call_command("load_register", "commitments/fixtures/viet-nam-cambodia.yaml", verbosity=0)
    agency = Agency.objects.get(slug="vn-mofa")
    for commitment in Commitment.objects.all()[:5]:
        Assignment.objects.get_or_create(commitment=commitment, agency=agency)
    person = make.user(role, username=role, agency=agency if role == "focal_point" else None)
    _token, key = make_token(owner=person, name="Schemathesis", scope="write", days=1)
    report = tmp_path / "report.json"
    phases, examples = ROLES[role]
    command = [
        *(str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG), "run"),
        f"{live_server.url}/api/v1/schema/?format=json",
        *("--header", f"Authorization: Bearer {key}", "--phases", phases, "--max-examples", str(examples)),
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
    told = json.loads(report.read_text())
    assert told["operations"]["tested"] == told["operations"]["total"] > MANY_OPERATIONS
    assert told["test_cases"]["generated"] >= FEWEST_CASES
