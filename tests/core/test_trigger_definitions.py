"""A trigger that is there and does nothing is noticed: by readiness, the doctor and ``verify_audit``."""

import pytest
from django.db import connection

from core.append_only import altered_guards, missing_guards
from core.audit.triggers import altered_audit, missing_audit
from core.audit.verifying import verify
from core.doctor import database
from core.health import what_is_missing

TABLE = "commitments_statuschange"
GUARD, AUDIT = f"{TABLE}_refuse_update", f"{TABLE}_audit_insert"
FUNCTIONS = {GUARD: "aide_memoire_refuse_change", AUDIT: "aide_memoire_audit_insert_id"}


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def empty(name: str) -> None:
    """Let the trigger ``name`` do nothing, as the owner of the tables can."""
    when, act = ("BEFORE", "UPDATE") if name == GUARD else ("AFTER", "INSERT")
    if connection.vendor == "sqlite":
        run(
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} {when} {act} ON {TABLE} BEGIN SELECT 1; END",
        )
    else:
        run(
            f"CREATE OR REPLACE TRIGGER {name} {when} {act} ON {TABLE} FOR EACH ROW WHEN (false) "
            f"EXECUTE FUNCTION {FUNCTIONS[name]}()",
            f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}",
        )


@pytest.mark.django_db
def test_an_installed_database_has_what_it_must_have() -> None:
    assert altered_guards() == altered_audit() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [GUARD, AUDIT])
def test_a_trigger_without_its_body_is_named(name: str) -> None:
    empty(name)
    assert missing_guards() == missing_audit() == set()
    assert altered_guards() | altered_audit() == {name}
    assert any(f"{name} was altered" in fault for fault in verify().faults)
    assert "guards" in set(what_is_missing())
    assert [each.found for each in database.database() if each.area == "triggers"] == [
        f"They do something else than they must: {name}."
    ]


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("name", [GUARD, AUDIT])
def test_a_function_without_its_body_is_named(name: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no functions; run the suite with DATABASE_URL=postgres://…")
    run(
        f"CREATE OR REPLACE FUNCTION {FUNCTIONS[name]}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )
    assert altered_guards() | altered_audit() == {FUNCTIONS[name]}
