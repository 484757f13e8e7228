"""Tables that refuse UPDATE and DELETE in the database itself, on SQLite and on PostgreSQL.

docs/rules.md#append-only lists them.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_FUNCTION = "aide_memoire_refuse_change"


class AppendOnly(models.Model):
    """A row that cannot be changed or deleted once it is written. A correction is a new row.

    ``frozen_against`` has the statements that the database refuses for the table.
    """

    frozen_against: tuple[str, ...] = ("UPDATE", "DELETE")

    class Meta:
        abstract = True


def guarded_models() -> Iterator[type[AppendOnly]]:
    """Every model whose table has guards."""
    for model in apps.get_models():
        if issubclass(model, AppendOnly):
            yield model


def _trigger(table: str, statement: str) -> str:
    return f"{table}_refuse_{statement.lower()}"


def install_guards(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Install the triggers of every guarded table in the database ``using``, also if they exist."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION '% refuses %: a correction is a new row', TG_TABLE_NAME, TG_OP "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for model in guarded_models():
            if model._meta.db_table in existing:
                for sql in _creation(connection, model):
                    cursor.execute(sql)


def lift_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop all triggers. Only for a test database that is flushed between transactional tests."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in guarded_models():
            for statement in _statements(connection, model):
                cursor.execute(_drop(connection, model._meta.db_table, statement))


def _statements(connection: BaseDatabaseWrapper, model: type[AppendOnly]) -> tuple[str, ...]:
    truncate = connection.vendor == "postgresql" and "DELETE" in model.frozen_against
    return (*model.frozen_against, "TRUNCATE") if truncate else model.frozen_against


def _drop(connection: BaseDatabaseWrapper, table: str, statement: str) -> str:
    suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_trigger(table, statement)}{suffix}"


def _creation(connection: BaseDatabaseWrapper, model: type[AppendOnly]) -> Iterator[str]:
    table = model._meta.db_table
    for statement in _statements(connection, model):
        yield _drop(connection, table, statement)
        if connection.vendor == "postgresql":
            each = "STATEMENT" if statement == "TRUNCATE" else "ROW"
            yield (
                f"CREATE TRIGGER {_trigger(table, statement)} BEFORE {statement} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"
            )
        else:
            yield (
                f"CREATE TRIGGER {_trigger(table, statement)} BEFORE {statement} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} refuses {statement}: a correction is a new row'); END"
            )
