"""The triggers that write the audit log, on SQLite and on PostgreSQL.

A trigger misses nothing: neither many rows that are added at once, nor a statement that was typed into the
database.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from core.append_only import guarded_tables, present_triggers
from core.audit.choices import Act, Door
from core.audit.models import AuditedColumns, AuditEntry, AuditSeal
from core.audit.origin import SETTINGS, origin
from core.trigger_definitions import altered

_FUNCTION = "aide_memoire_origin"
_ENTRIES = AuditEntry._meta.db_table
_COLUMNS = 'at, door, account, username, via, request, act, "table", "key"'
_TELL = "SELECT " + ", ".join(f"set_config('aide_memoire.{name}', %s, %s)" for name in SETTINGS)


@cache
def audited_models() -> dict[str, type[models.Model]]:
    """Every guarded table with its model, but the audit log itself."""
    own = (AuditEntry, AuditedColumns, AuditSeal)
    return {guard.table: model for model, guard in guarded_tables() if model not in own}


def install_audit(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """(Re)install the triggers in the database ``using``, after every ``migrate``.

    Where one was missing, the table is new, or SQLite has rebuilt it: its rows without an entry get one.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    if _ENTRIES not in existing:
        return
    missing = missing_audit(using)
    with transaction.atomic(using), connection.cursor() as cursor:
        for table, model in audited_models().items():
            if table not in existing:
                continue
            for statement in _creation(connection, table, model):
                cursor.execute(statement)
            if _trigger(table, Act.INSERT) in missing:
                cursor.execute(_of_existing_rows(table, _key(model)), [timezone.now(), Door.MIGRATION])


def missing_audit(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The triggers of the audit log that should be in the database ``using`` and are not."""
    return {_trigger(table, act) for table in audited_models() for act in Act} - present_triggers(using)


def altered_audit(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The triggers of the audit log, and their functions, that do something else than they must."""
    connection = connections[using]
    tables = audited_models().items()
    return altered(
        connection, [each for table, model in tables for each in _creation(connection, table, model)]
    )


def lift_audit(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the triggers. Only for tests."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in audited_models():
            for act in Act:
                cursor.execute(_drop(connection, table, act))


def tell_origin(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let the triggers of a new ``connection`` know from where this program writes."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(_FUNCTION, 1, lambda name: str(getattr(origin(), name)))
    elif _set_origin not in connection.execute_wrappers:
        connection.execute_wrappers.append(_set_origin)


def _set_origin(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Say it to PostgreSQL before each statement that writes to an audited table.

    Not once a transaction: going back to a savepoint takes the settings back too.
    """
    if isinstance(sql, str) and _table_written(sql) in audited_models():
        connection, told = context["connection"], origin()
        # Until the transaction ends; without one, for the session, and each statement says it anew.
        values = [(getattr(told, name), connection.in_atomic_block) for name in SETTINGS]
        with connection.wrap_database_errors:
            connection.connection.execute(_TELL, [value for pair in values for value in pair])
    return execute(sql, params, many, context)


def _table_written(sql: str) -> str:
    if not sql.startswith(('INSERT INTO "', 'DELETE FROM "')):
        return ""
    return sql.split('"', 2)[1]


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _trigger(table: str, act: Act) -> str:
    return f"{table}_audit_{act.value}"


def _drop(connection: BaseDatabaseWrapper, table: str, act: Act) -> str:
    suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_trigger(table, act)}{suffix}"


def _creation(connection: BaseDatabaseWrapper, table: str, model: type[models.Model]) -> Iterator[str]:
    for act in Act:
        row = "NEW" if act == Act.INSERT else "OLD"
        name, key = _trigger(table, act), f'{row}."{_key(model)}"'
        if connection.vendor == "sqlite":
            told = ", ".join(f"{_FUNCTION}('{setting}')" for setting in SETTINGS)
            entry = (
                f"VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now'), {told}, '{act.value}', '{table}', "
                f"CAST({key} AS text))"
            )
            yield _drop(connection, table, act)
            yield f"CREATE TRIGGER {name} AFTER {act.value} ON {table} BEGIN {_insertion(entry)}; END"
            continue
        function = f"aide_memoire_audit_{act.value}_{_key(model)}"
        told = ", ".join(f"coalesce(current_setting('aide_memoire.{each}', true), '')" for each in SETTINGS)
        entry = f"VALUES (clock_timestamp(), {told}, '{act.value}', TG_TABLE_NAME, {key}::text)"
        yield (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_insertion(entry)}; RETURN NULL; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {name} AFTER {act.value} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        # A session that replicates fires no others.
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _of_existing_rows(table: str, key: str) -> str:
    """The statement that adds an entry for each row of ``table`` that has none."""
    as_text = f'CAST({table}."{key}" AS text)'
    entered = f'SELECT 1 FROM {_ENTRIES} e WHERE e."table" = \'{table}\' AND e."key" = {as_text}'  # noqa: S608
    told = f"%s, %s, '', '', 'migrate', '', '{Act.INSERT.value}', '{table}', {as_text}"
    missing = f'SELECT {told} FROM {table} WHERE NOT EXISTS ({entered}) ORDER BY "{key}"'  # noqa: S608
    return _insertion(missing)


def _insertion(entries: str) -> str:
    return f"INSERT INTO {_ENTRIES} ({_COLUMNS}) {entries}"  # noqa: S608  (names of our own tables)
