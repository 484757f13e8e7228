"""On PostgreSQL the application works with a role that cannot change what is append-only."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import ApiToken
from accounts.services.tokens import make_token
from commitments.models import Commitment, StatusChange
from commitments.services.deadlines import Window
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from core.append_only import guards
from tests import factories as make
from tests.databases import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROLE = "aide_memoire_test_application"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _granted() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles; run the suite with DATABASE_URL=postgres://…")
    run(f"CREATE ROLE {ROLE}")
    call_command("grant_application_role", ROLE)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def as_application() -> Iterator[None]:
    run(f"SET LOCAL ROLE {ROLE}")
    try:
        yield
    finally:
        run("RESET ROLE")


def test_the_application_does_its_work_with_the_role() -> None:
    with as_application():
        call_command("load_register", str(SHIPPED), verbosity=0)
        officer, reviewer = make.user("officer"), make.user("reviewer")
        pledge = make.commitment()
        record_progress(commitment=pledge, actor=officer, achieved="Half.")
        make.new_deadline(commitment=pledge, actor=officer, window=Window(wording="soon"), reason="Agreed.")
        evidence = add_evidence(commitment=pledge, actor=officer, title="A", url="https://example.org/a")
        apply_transition(commitment=pledge, name="submit", actor=officer, note="Done.", outcome="fulfilled")
        apply_transition(commitment=pledge, name="confirm", actor=reviewer)
        withdraw_evidence(evidence=evidence, actor=officer, reason="Wrong paper.")
        LogEntry.objects.log_actions(officer.pk, [pledge], CHANGE, "Changed.", single_object=True)
        browser = Client()
        signed_in = browser.post("/accounts/login/", {"login": officer.username, "password": PASSWORD})
        assert signed_in.status_code == 302
        assert browser.get("/commitments/").status_code == 200
        _token, key = make_token(owner=officer, name="Script", scope=ApiToken.Scope.WRITE, days=1)
        headers = {"Authorization": f"Token {key}", "Idempotency-Key": "one"}
        address = f"/api/v1/commitments/{make.commitment().reference}/transitions/"
        body = {"transition": "start", "note": "Begun."}
        answer = Client().post(address, body, content_type="application/json", headers=headers)
        assert answer.status_code == 201, answer.content
        assert Client().get("/health/live").status_code == 200
    assert StatusChange.objects.count() == 88 + 4 + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {} = {}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {}",
    ],
)
def test_the_role_cannot_change_what_is_append_only(statement: str) -> None:
    with as_application():
        for guard in guards():
            refused = "UPDATE" if statement.startswith("UPDATE") else "DELETE"
            if statement.startswith(refused) and refused not in guard.statements:
                continue
            (column,) = guard.unique[0]
            with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
                run(statement.format(guard.table, column, column))


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "DROP FUNCTION aide_memoire_refuse_change() CASCADE",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_the_role_cannot_take_the_guards_away(sql: str) -> None:
    with as_application(), pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        run(sql)


def test_a_migration_gives_the_role_its_rights_on_new_tables() -> None:
    run("CREATE TABLE core_new (id int)")
    run(f"REVOKE INSERT ON commitments_statuschange FROM {ROLE}")
    call_command("migrate", verbosity=0)
    with as_application():
        run("INSERT INTO core_new VALUES (1)")
        make.commitment()
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("rights", ["SELECT", "ALL"])
def test_a_migration_leaves_the_rights_of_other_roles(rights: str) -> None:
    other = "aide_memoire_test_other"
    run(f"CREATE ROLE {other}")
    run(f"GRANT {rights} ON django_migrations, commitments_theme TO {other}")
    before = rights_of(other)
    call_command("migrate", verbosity=0)
    assert rights_of(other) == before


def test_a_migration_ends_well_though_a_role_cannot_get_its_rights(caplog: pytest.LogCaptureFixture) -> None:
    before = rights_of(ROLE)
    run(f"DO $$ BEGIN EXECUTE format('GRANT %I TO {ROLE}', current_user); END $$")
    run("CREATE TABLE core_new (id int)")
    call_command("migrate", verbosity=0)
    (record,) = [each for each in caplog.records if each.name == "core.application_role"]
    assert f"manage.py grant_application_role {ROLE}" in record.getMessage()
    assert rights_of(ROLE) == before


def rights_of(role: str) -> set[tuple[str, str]]:
    """The rights that were given to ``role``: tables and privileges."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s",
            [role],
        )
        return set(cursor.fetchall())


@pytest.mark.parametrize(
    ("role", "words"), [("nobody_of_this_name", "There is no role"), ("CURRENT", "owns the tables")]
)
def test_a_role_that_rights_do_not_bind_is_refused(role: str, words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError, match=words):
        call_command("grant_application_role", owner if role == "CURRENT" else role)
