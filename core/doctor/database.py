"""The database, its extensions, triggers and search index, and the clock it agrees with."""

import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from core.append_only import altered_guards, guards, missing_guards
from core.audit.triggers import altered_audit, missing_audit
from core.doctor.findings import Finding, odd, well, wrong
from core.migration_state import of_a_newer_program
from core.search.trigram_index import count_wrong, indexed_models, serves
from core.wrong_clock import newest_record_in_future

_OLDEST_POSTGRESQL = 15
_CLOCK_SECONDS = 5
_MIGRATE = "Run manage.py migrate, as the owner of the tables."


def database() -> Iterator[Finding]:
    """Whether the database answers and fits. Without it nothing further can be said about it."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = " ".join(str(error).split())
        yield wrong("database", f"It does not answer: {said}", "Check DATABASE_URL and the server.")
        return
    yield from _version()
    missing, newer = _migrations()
    if newer:
        yield wrong(
            "migrations",
            f"The database belongs to a newer version of the program: {', '.join(newer)}.",
            "Install that version.",
        )
    if missing:
        yield wrong("migrations", f"{len(missing)} are missing, {missing[0]} first.", _MIGRATE)
    else:
        yield well("migrations", "All are there.")
        yield from (*_guards(), *_search(), *_clock())


def _version() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        yield well("database", f"SQLite {sqlite3.sqlite_version}, {connection.settings_dict['NAME']}")
        yield from _sqlite()
        return
    version = connection.pg_version // 10_000  # type: ignore[attr-defined]
    if version < _OLDEST_POSTGRESQL:
        yield wrong("database", f"PostgreSQL {version} is too old.", f"Use {_OLDEST_POSTGRESQL} or newer.")
    else:
        yield well("database", f"PostgreSQL {version}, {connection.settings_dict['NAME']}")
    yield from _postgresql()


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (said,) = cursor.fetchone()
    if said != "ok":
        yield wrong("database", f"The file is damaged: {said}", "Restore the last good backup.")
    if serves(connection):
        yield well("extensions", "SQLite searches with trigrams.")
    else:
        yield odd(
            "extensions", "This SQLite has no trigrams.", "Searches work, slowly. Use SQLite 3.34 or newer."
        )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            yield well("extensions", "pg_trgm is there.")
        else:
            yield wrong("extensions", "pg_trgm is missing.", f"Install postgresql-contrib. {_MIGRATE}")
        cursor.execute(
            "SELECT current_user, EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() "
            "AND pg_has_role(current_user, tableowner, 'MEMBER'))"
        )
        role, is_owner = cursor.fetchone()
    if is_owner:
        yield odd(
            "role",
            f"{role} owns the tables, or may act as their owner, and could take the guards away.",
            "Let the site work with another role: docs/operations.md#two-database-roles",
        )
    else:
        yield well("role", f"{role} owns no table.")


def _migrations() -> tuple[list[str], list[str]]:
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations.keys()
    missing = sorted(loader.graph.nodes.keys() - applied)
    return _names(missing), _names(sorted(of_a_newer_program(applied)))


def _names(migrations: list[tuple[str, str]]) -> list[str]:
    return [f"{app}.{name}" for app, name in migrations]


def _guards() -> Iterator[Finding]:
    missing = sorted(missing_guards() | missing_audit())
    changed = sorted(altered_guards() | altered_audit())
    if missing:
        yield wrong("triggers", f"Rows could be changed that must not: {', '.join(missing[:3])}.", _MIGRATE)
    elif changed:
        yield wrong("triggers", f"They do something else than they must: {', '.join(changed[:3])}.", _MIGRATE)
    else:
        yield well("triggers", f"{len(list(guards()))} tables are guarded.")


def _search() -> Iterator[Finding]:
    count = sum(count_wrong(model) for model in indexed_models())
    if count:
        yield wrong(
            "search index", f"{count} rows are not found as they are.", "Run manage.py rebuild_search."
        )
    else:
        yield well("search index", "It agrees with the rows.")


def _clock() -> Iterator[Finding]:
    newest = newest_record_in_future()
    if newest:
        yield odd(
            "time",
            f"Something was recorded at {newest.isoformat(timespec='minutes')}, which is in the future.",
            "Check the clock before anybody records anything. If it is right now, it was ahead then.",
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
        seconds = abs((timezone.now() - theirs).total_seconds())
        if seconds > _CLOCK_SECONDS:
            yield odd(
                "time",
                f"The clock of the database differs by {seconds:.0f} s.",
                "Set up NTP on both machines.",
            )
