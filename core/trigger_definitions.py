"""Compares triggers, and the functions they call, with the statements that the program makes them with."""

import re
from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

_TRIGGER = re.compile(r"CREATE (?:OR REPLACE )?TRIGGER (\w+) ")
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\) .*?\$\$(.*)\$\$", re.DOTALL)


def altered(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> set[str]:
    """The names of those that ``statements`` create and that do something else in the database.

    One that is missing there is not named. Somebody who owns the tables can keep a trigger and empty it.
    """
    wanted: dict[str, str] = {}
    for statement in statements:
        if found := _FUNCTION.match(statement):
            wanted[found[1]] = found[2]
        elif found := _TRIGGER.match(statement):
            wanted[found[1]] = _plain(statement, connection)
    stored = _of_postgresql(connection) if connection.vendor == "postgresql" else _of_sqlite(connection)
    return {name for name, text in wanted.items() if stored.get(name, text) != text}


def _of_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """SQLite keeps the statement as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _plain(sql, connection) for name, sql in cursor.fetchall()}


def _of_postgresql(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """PostgreSQL keeps the body of a function, and writes a trigger down in its own way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
        stored = {name: _plain(definition, connection) for name, definition in cursor.fetchall()}
        cursor.execute(
            "SELECT proname, CASE WHEN prosecdef OR proconfig IS NOT NULL OR lanname <> 'plpgsql' "
            "THEN 'another function' ELSE prosrc END FROM pg_proc JOIN pg_language l ON l.oid = prolang "
            "WHERE pronamespace = current_schema()::regnamespace AND pronargs = 0"
        )
        return stored | dict(cursor.fetchall())


def _plain(definition: str, connection: BaseDatabaseWrapper) -> str:
    """Without what differs in writing alone. A body, which SQLite has in the trigger, is left as it is."""
    if connection.vendor == "sqlite":
        return definition
    return definition.replace("OR REPLACE ", "").replace('"', "").lower()
