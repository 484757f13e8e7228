"""Numbers for Prometheus, and who may read them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from commitments.services.transitions import apply_transition
from core.models import Backup
from tests import factories as make
from tests.clients import client_as
from tests.servers import Server, request

pytestmark = pytest.mark.django_db


def numbers(text: str) -> dict[str, float]:
    """The numbers by name and labels."""
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(number) for name, number in lines}


def refusals(found: dict[str, float]) -> float:
    return sum(number for name, number in found.items() if "refusals_total" in name and '"403"' in name)


def read(client: Client) -> dict[str, float]:
    return numbers(client.get("/metrics").content.decode())


def test_requests_and_refusals_are_counted() -> None:
    client, reader = client_as("administrator"), client_as("reader")
    ok = 'aide_memoire_requests_total{method="GET",status="200"}'
    long = 'aide_memoire_request_seconds_count{view="overview"}'
    before = read(client)
    assert client.get("/").status_code == 200
    assert reader.get("/commitments/bulk/").status_code == 403
    after = read(client)
    # The page itself, and the numbers that were read before it.
    assert after[ok] - before.get(ok, 0) == 2
    assert refusals(after) - refusals(before) == 1
    assert after[long] - before.get(long, 0) == 1


def test_addresses_that_do_not_exist_and_odd_methods_make_no_new_numbers() -> None:
    client = client_as("administrator")
    for name in ("unheard", "unseen"):
        client.get(f"/{name}/")
        client.generic(f"X{name}".upper(), "/")
    found = [name for name in read(client) if "unheard" in name or "UNSEEN" in name]
    assert found == []


def test_moves_jobs_and_the_age_of_the_backup_come_from_the_database() -> None:
    client, officer = client_as("administrator"), make.user("officer")
    assert "aide_memoire_backup_age_seconds" not in read(client)
    apply_transition(commitment=make.commitment(), name="start", actor=officer, note="Begun.")
    made_at = timezone.now() - dt.timedelta(hours=2)
    Backup.objects.create(made_at=made_at, name="a.zip", size=1, sha256="0" * 64, is_encrypted=False)
    found = read(client)
    assert found['aide_memoire_moves_total{transition="start"}'] == 1
    assert found['aide_memoire_moves_total{transition="register"}'] == 1
    assert found["aide_memoire_bulk_jobs_running"] == 0
    assert 7200 <= found["aide_memoire_backup_age_seconds"] < 7260


def test_they_are_there_for_administrators_and_programs_with_the_token_only(client: Client, settings) -> None:
    settings.MONITORING_TOKEN = "a long random text"
    assert client.get("/metrics").status_code == 404
    assert client_as("officer").get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer a long random text"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.django_db(transaction=True)
def test_any_worker_answers_for_all_workers(tmp_path: Path) -> None:
    token = {"Authorization": "Bearer secret-of-a-test"}
    with Server(tmp_path, workers=2, MONITORING_TOKEN="secret-of-a-test") as server:
        assert server.answers()
        for _each in range(30):
            request(server.bind, "GET", "/health/")
        assert len(server.workers()) == 2
        seen = [numbers(request(server.bind, "GET", "/metrics", **token)[1]) for _each in range(6)]
        name = 'aide_memoire_request_seconds_count{view="health"}'
        assert [each[name] for each in seen] == [30] * 6
        folder = server.environment.get("PROMETHEUS_MULTIPROC_DIR")
        assert folder is None
        assert not re.search("pid=", str(seen))
