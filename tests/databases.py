"""Test databases: copies of a template that is migrated once, and of one with the shipped register.

A template is created when it is first needed, and kept for later runs: in ``var/test-databases``, or in the
PostgreSQL server. Its name has a hash of every source file, so a change of the code creates another one.
Each process (each worker of pytest-xdist) has its own copy:

* A test that is rolled back leaves the copy unchanged.
* After a test with real transactions the copy is renewed. SQLite copies the file again. PostgreSQL would need
  seconds for that, so the rows of the changed tables are restored.

A process holds a lock on each database that it uses. A run begins by dropping databases without a lock:
templates of older code, and databases of runs that were killed.
"""

import fcntl
import hashlib
import itertools
import os
import re
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

import django
import psycopg
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg import sql

from core import clock

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "commitments" / "fixtures" / "viet-nam-cambodia.yaml"
EMPTY, REGISTER = "empty", "register"
_OWN_NAME = re.compile(r"([0-9a-f]{12}|(main|gw\d+)-\d+-[0-9a-f]{6})-(empty|register)(-unfinished)?(~\d+)?")
"""A template, or a copy of one: nothing else is ever dropped."""

_numbers = itertools.count(900_000)


def migrate() -> None:
    """Migrate a new database, as the first `make run` does."""
    call_command("migrate", run_syncdb=True, verbosity=0)


def load_shipped_register() -> None:
    """Load the shipped register into a migrated database."""
    call_command("load_register", str(SHIPPED), verbosity=0)


def fingerprint() -> str:
    """Return a hash of everything that a template depends on: sources, versions, and today's date."""
    digest = hashlib.sha256(f"{sys.version} {django.__version__} {clock.today()}".encode())
    packages = [each.parent for each in ROOT.glob("*/__init__.py") if each.parent.name != "tests"]
    sources = [path for package in packages for path in package.rglob("*") if path.suffix in (".py", ".yaml")]
    for path in sorted([*sources, ROOT / "requirements.txt"]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


class TestDatabases:
    """The databases of this process. ``state`` is the template of the tests that run now."""

    __test__ = False

    def __init__(self) -> None:
        self.settings = connections.databases["default"]
        self.original = self.settings["NAME"]
        kind = {"sqlite": Files, "postgresql": Server}[connection.vendor]
        self.store: Store = kind(self.settings)
        self.key = fingerprint()
        # With random digits, since process numbers are used again.
        self.own = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}-{os.urandom(3).hex()}"
        self.state = EMPTY
        self.templates: set[str] = set()
        self.copies: dict[str, str] = {}
        with self.store.exclusive():
            kept = {self._template(state) for state in (EMPTY, REGISTER)}
            for name in self.store.abandoned():
                if name not in kept and _OWN_NAME.fullmatch(name):
                    self.store.drop(name)

    def use_template(self, state: str) -> None:
        """Let the next tests use this process's copy of the template ``state``."""
        new = state not in self.copies
        if new:
            self._ensure_template(state)
            self.copies[state] = f"{self.own}-{state}"
            with self.store.exclusive():
                self.store.hold(self.copies[state])
                self.store.copy(self._template(state), self.copies[state])
        self.state = state
        self._use(self.copies[state])
        if new:
            self.store.prepare_renewal(self.copies[state])

    @contextmanager
    def elsewhere(self, *, migrated: bool = True) -> Iterator[None]:
        """Use another database: one without entries, or one without tables."""
        # A name of this process, so that a run that is killed leaves nothing that the next one does not drop.
        name, before = f"{self.own}-empty~{next(_numbers)}", self.copies[self.state]
        connections.close_all()
        with self.store.exclusive():
            self.store.hold(name)
            self.store.drop(name)
        if migrated:
            self._ensure_template(EMPTY)
            self.store.copy(self._template(EMPTY), name)
        else:
            self.store.create(name)
        self._use(name)
        try:
            yield
        finally:
            self._use(before)
            self.store.drop(name)

    def renew(self) -> None:
        """Undo everything that a test with real transactions has written."""
        connections.close_all()
        self.copies[self.state] = self.store.renew(self.copies[self.state], self._template(self.state))
        self._use(self.copies[self.state])

    def close(self) -> None:
        """Drop this process's copies."""
        self._point(self.original)
        for name in self.copies.values():
            self.store.drop(name)
        self.store.close()

    def _template(self, state: str) -> str:
        return f"{self.key}-{state}"

    def _ensure_template(self, state: str) -> None:
        """Create the template if it does not exist. An unfinished one has another name."""
        if state in self.templates:
            return
        if state == REGISTER:
            self._ensure_template(EMPTY)
        template = self._template(state)
        with self.store.exclusive():
            self.store.hold(template)
            if not self.store.exists(template):
                self._create(state, f"{template}-unfinished")
                self.store.rename(f"{template}-unfinished", template)
        self.templates.add(state)

    def _create(self, state: str, name: str) -> None:
        self.store.drop(name)
        if state == EMPTY:
            self.store.create(name)
            self._fill(name, migrate)
        else:
            self.store.copy(self._template(EMPTY), name)
            self._fill(name, load_shipped_register)

    def _fill(self, name: str, fill: Callable[[], None]) -> None:
        before = self.settings["NAME"]
        self._use(name)
        fill()
        self._point(before)

    def _use(self, name: str) -> None:
        self._point(self.store.address(name))

    def _point(self, address: str) -> None:
        assert not connection.in_atomic_block, "cannot change the database while a transaction is open"
        connections.close_all()
        self.settings["NAME"] = address


class Store(ABC):
    """Stores databases. SQLite and PostgreSQL have a subclass each."""

    @abstractmethod
    def __init__(self, settings: dict[str, Any]) -> None: ...

    @abstractmethod
    def exclusive(self) -> AbstractContextManager[None]:
        """A context in which no other process creates or drops a database of this project."""

    @abstractmethod
    def hold(self, name: str) -> None:
        """Keep other processes from dropping the database ``name``."""

    @abstractmethod
    def abandoned(self) -> list[str]:
        """Return the databases of this project that no process holds."""

    @abstractmethod
    def exists(self, name: str) -> bool:
        """Whether the database exists."""

    @abstractmethod
    def create(self, name: str) -> None:
        """Create an empty database."""

    @abstractmethod
    def copy(self, origin: str, name: str) -> None:
        """Copy the database ``origin``, to which nobody is connected."""

    @abstractmethod
    def prepare_renewal(self, name: str) -> None:
        """Store what is needed to renew the fresh copy ``name``, to which Django is connected."""

    @abstractmethod
    def renew(self, name: str, origin: str) -> str:
        """Restore the copy ``name`` of ``origin`` to its first state, and return its new name."""

    @abstractmethod
    def rename(self, name: str, new: str) -> None:
        """Rename a database."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Drop a database if it exists."""

    @abstractmethod
    def close(self) -> None:
        """Release all locks."""

    @abstractmethod
    def address(self, name: str) -> str:
        """Return the value of ``DATABASES["default"]["NAME"]`` for the database ``name``."""


class Files(Store):
    """SQLite: each database is a file, as in production, so that threads meet real locks."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.folder = ROOT / "var" / "test-databases"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.held: dict[str, IO[str]] = {}

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with (self.folder / "exclusive").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def hold(self, name: str) -> None:
        lock = (self.folder / f"{name}.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_SH)
        self.held[name] = lock

    def abandoned(self) -> list[str]:
        names = {path.name.split(".")[0] for path in self.folder.glob("*.*")}
        return sorted(filter(self._is_free, names))

    def _is_free(self, name: str) -> bool:
        with (self.folder / f"{name}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def exists(self, name: str) -> bool:
        return Path(self.address(name)).exists()

    def create(self, name: str) -> None:
        """SQLite creates the file when it opens it."""

    def copy(self, origin: str, name: str) -> None:
        shutil.copyfile(self.address(origin), self.address(name))

    def prepare_renewal(self, name: str) -> None:
        """Only the template is needed."""

    def renew(self, name: str, origin: str) -> str:
        # Under a new name, since a thread that has not ended may have the old file open.
        stem, _mark, number = name.partition("~")
        fresh = f"{stem}~{int(number or 0) + 1}"
        with self.exclusive():
            self.hold(fresh)
        self.copy(origin, fresh)
        self.drop(name)
        return fresh

    def rename(self, name: str, new: str) -> None:
        Path(self.address(name)).rename(self.address(new))

    def drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}.*"):
            path.unlink(missing_ok=True)
        if name in self.held:
            self.held.pop(name).close()

    def close(self) -> None:
        for lock in self.held.values():
            lock.close()

    def address(self, name: str) -> str:
        return str(self.folder / f"{name}.sqlite3")


class Server(Store):
    """PostgreSQL: databases of the server, with advisory locks of one session."""

    def __init__(self, settings: dict[str, Any]) -> None:
        known = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        parameters = {name: settings[key] for key, name in known.items() if settings[key]}
        # A commit does not wait for the disk: nothing here outlives a crash of the server.
        options = settings.setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off"
        self.session = psycopg.connect(dbname="postgres", autocommit=True, **parameters)
        self.prefix = f"test_{settings['NAME']}_"
        self.rows: dict[str, Rows] = {}

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        self._query("SELECT pg_advisory_lock(hashtextextended(%s, 0))", self.prefix)
        try:
            yield
        finally:
            self._query("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", self.prefix)

    def hold(self, name: str) -> None:
        self._query("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", self.address(name))

    def abandoned(self) -> list[str]:
        names = self._query("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self.prefix)
        return sorted(name.removeprefix(self.prefix) for (name,) in names if self._is_free(name))

    def _is_free(self, address: str) -> bool:
        [(free,)] = self._query("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", address)
        if free:
            self._query("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", address)
        return bool(free)

    def exists(self, name: str) -> bool:
        return bool(self._query("SELECT 1 FROM pg_database WHERE datname = %s", self.address(name)))

    def create(self, name: str) -> None:
        self._execute("CREATE DATABASE {} TEMPLATE template0", name)

    def copy(self, origin: str, name: str) -> None:
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, origin)

    def prepare_renewal(self, name: str) -> None:
        self.rows[name] = Rows()

    def renew(self, name: str, origin: str) -> str:
        self.rows[name].restore()
        return name

    def rename(self, name: str, new: str) -> None:
        self._execute("ALTER DATABASE {} RENAME TO {}", name, new)

    def drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def close(self) -> None:
        self.session.close()

    def address(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def _execute(self, statement: str, *names: str) -> None:
        identifiers = (sql.Identifier(self.address(name)) for name in names)
        self.session.execute(sql.SQL(statement).format(*identifiers))

    def _query(self, query: str, value: str) -> list[tuple[Any, ...]]:
        return self.session.execute(query, [value]).fetchall()


class Rows:
    """A copy of the rows of every table, to restore tables that have changed (PostgreSQL)."""

    def __init__(self) -> None:
        self.tables = connection.introspection.table_names()
        self.digests = self._digests()
        self.rows = {table: self._read(table) for table in self.tables}

    def restore(self) -> None:
        """Restore the rows of every changed table, with the append-only triggers disabled meanwhile."""
        digests = self._digests()
        changed = [table for table in self.tables if digests[table] != self.digests[table]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgenabled = 'A' AND relname = ANY(%s)",
                [changed],
            )
            always = cursor.fetchall()
            for table in changed:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
            for table in changed:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(self.rows[table])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in changed:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            for table, name in always:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')

    def _digests(self) -> dict[str, tuple[int, int]]:
        each = (
            f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{table}\" t"
            for table in self.tables
        )
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(each))
            return {table: (count, total) for table, count, total in cursor.fetchall()}

    def _read(self, table: str) -> bytes:
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            return b"".join(bytes(part) for part in copy)
