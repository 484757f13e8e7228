"""Backup and restore of a PostgreSQL database, with PostgreSQL's own ``pg_dump`` and ``pg_restore``."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from core.application_role import application_roles, grant
from core.backup.archive import chunks_of
from core.backup.problems import BackupProblem
from core.backup.snapshots import Snapshot

_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database at this moment, while others go on to write."""
    program = _client("pg_dump")
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_schema(), current_setting('server_version')")
        moment, schema, server = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}"]

        def rows(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return cursor.fetchall()

        yield Snapshot(
            server=server,
            content=lambda: _output_of([program, *options, f"--schema={_pattern(schema)}"]),
            rows=rows,
        )


def check(path: Path) -> None:
    """Whether ``pg_restore`` can read the file. Raises ``BackupProblem``."""
    done = subprocess.run(  # noqa: S603  (a fixed program)
        [_client("pg_restore", any_version=True), "--list", str(path)], capture_output=True, check=False
    )
    if done.returncode:
        words = _words(done.stderr)
        raise BackupProblem(f"The database in the backup cannot be read. pg_restore says: {words}")


def install(path: Path) -> None:
    """Put the tables of the backup at ``path`` in the place of the empty ones of this site.

    The database has the extensions already. Roles of the application get their rights again.
    """
    program = _client("pg_restore")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        roles = application_roles(cursor)
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        names = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names(cursor)))
        if names:
            cursor.execute(f"DROP TABLE {names} CASCADE")
        cursor.execute(_FUNCTIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {name} CASCADE")
    connection.close()
    options = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]
    arguments, environment = _address()
    done = subprocess.run(  # noqa: S603  (a fixed program; the address comes from the settings)
        [program, *options, f"--schema={schema}", *arguments, str(path)],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BackupProblem(
            "The database could not be written, and has no tables now. Mend the cause, and restore again. "
            f"pg_restore says: {_words(done.stderr)}"
        )
    for role in roles:
        grant(role)


def _client(name: str, *, any_version: bool = False) -> str:
    """The program ``name`` of PostgreSQL, in a version that knows the server. Raises ``BackupProblem``."""
    wanted = 0 if any_version else connection.pg_version // 10_000  # type: ignore[attr-defined]
    found = {path: _major(path) for path in _candidates(name)}
    fitting = [path for path, major in found.items() if major >= wanted]
    if fitting:
        # The version of the server, or the next one: a newer one may write what the server cannot read.
        return min(fitting, key=lambda path: found[path])
    if not found:
        raise BackupProblem(f"{name} is not installed. Install the package postgresql-client.")
    newest = max(found.values())
    raise BackupProblem(
        f"{name} is of version {newest}, and the server of version {wanted}: an older program cannot read "
        f"a newer server. Install the package postgresql-client-{wanted} (from apt.postgresql.org, if your "
        "system has none)."
    )


def _candidates(name: str) -> Iterator[str]:
    if on_path := shutil.which(name):
        yield on_path
    # Debian has each version in a folder of its own.
    yield from map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, check=False).stdout.decode()  # noqa: S603
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _address() -> tuple[list[str], dict[str, str]]:
    """The database for PostgreSQL's programs. The password is in the environment, where others cannot see "
    "it."""
    (_psql, *arguments), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *options, database = arguments
    return [*options, f"--dbname={database}"], {**os.environ, **(environment or {})}


def _output_of(command: list[str]) -> Iterator[bytes]:
    """What ``command`` writes. Raises ``BackupProblem`` at the end if it failed."""
    arguments, environment = _address()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  (a fixed program; the address comes from the settings)
            [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=said
        )
        output: IO[bytes] | None = process.stdout
        assert output is not None  # noqa: S101  (for the type checker)
        try:
            with output:
                yield from chunks_of(output)
            status = process.wait()
        finally:
            process.kill()
            process.wait()
        if status:
            said.seek(0)
            raise BackupProblem(f"The database could not be read. pg_dump says: {_words(said.read())}")


def _pattern(name: str) -> str:
    """``name`` as a pattern of pg_dump that means this name only."""
    return '"' + name.replace('"', '""') + '"'


def _words(said: bytes) -> str:
    return " ".join(said[-2000:].decode(errors="replace").split()) or "nothing"
