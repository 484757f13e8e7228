"""What a supervisor is told, and what it is not."""

from unittest import mock

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

SECRET = "could not connect to host db.internal as register_owner"


def test_live_asks_nothing_of_the_database(client: Client):
    # No django_db mark: a query would fail here.
    response = client.get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_every_migration_is_applied(client: Client):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_pending(client: Client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "migrations"}


@pytest.mark.django_db
def test_not_ready_without_a_guard(client: Client):
    name, table = "commitments_statuschange_refuse_update", "commitments_statuschange"
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on_table}")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "guards"}


@pytest.mark.django_db
def test_not_ready_without_a_database_and_says_no_more_than_that(client: Client):
    with mock.patch("core.health.MigrationExecutor", side_effect=DatabaseError(SECRET)):
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "database"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_supervisor_is_not_sent_to_https_and_needs_no_account(client: Client, settings, path: str):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_only_for_asking(client: Client, path: str):
    assert client.post(path).status_code == 405
