"""Test databases: copies of a template that is migrated once, and of one that has the shipped register too.

A template is made when it is first asked for, and kept for later runs: in ``var/test-databases``, or
in the PostgreSQL server. Its name holds a hash of every source file, so a change of the code makes another.
Each process (each worker of pytest-xdist) has a copy of its own:

* A test that is rolled back leaves the copy as it was.
* After a test with real transactions the copy is renewed. SQLite copies the file again. PostgreSQL, which
  would take seconds for it, puts back the rows of the tables that have changed.

A process holds a lock on each database that it uses. A run that begins drops whatever nobody holds: templates
of older code, and what a killed run has left.
"""

import fcntl
import hashlib
import os
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


def migrate() -> None:
    """Fill a new database as `make run` does on its first day."""
    call_command("migrate", run_syncdb=True, verbosity=0)


def load_shipped_register() -> None:
    """Fill a migrated database with the register that comes with the program."""
    call_command("load_register", str(SHIPPED), verbosity=0)


def fingerprint() -> str:
    """A hash of what a template is made of: sources, versions, and the day, which its rows bear."""
    digest = hashlib.sha256(f"{sys.version} {django.__version__} {clock.today()}".encode())
    packages = [each.parent for each in ROOT.glob("*/__init__.py") if each.parent.name != "tests"]
    sources = [path for package in packages for path in package.rglob("*") if path.suffix in (".py", ".yaml")]
    for path in sorted([*sources, ROOT / "requirements.txt"]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


class TestDatabases:
    """The databases of this process; ``state`` names the template that its tests stand on."""

    __test__ = False

    def __init__(self) -> None:
        self.settings = connections.databases["default"]
        self.original = self.settings["NAME"]
        kind = {"sqlite": Files, "postgresql": Server}[connection.vendor]
        self.store: Store = kind(self.settings)
        self.key = fingerprint()
        # Random too: the number of a process comes again.
        self.own = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}-{os.urandom(3).hex()}"
        self.state = EMPTY
        self.templates: set[str] = set()
        self.copies: dict[str, str] = {}
        with self.store.turn():
            kept = {self._template(state) for state in (EMPTY, REGISTER)}
            for name in self.store.abandoned():
                if name not in kept:
                    self.store.drop(name)

    def stand_on(self, state: str) -> None:
        """Let the tests that follow work in this process's copy of the template ``state``."""
        new = state not in self.copies
        if new:
            self._have_template(state)
            self.copies[state] = f"{self.own}-{state}"
            with self.store.turn():
                self.store.hold(self.copies[state])
                self.store.copy(self._template(state), self.copies[state])
        self.state = state
        self._use(self.copies[state])
        if new:
            self.store.remember(self.copies[state])

    def renew(self) -> None:
        """Undo whatever a test with real transactions has written."""
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

    def _have_template(self, state: str) -> None:
        """Make the template unless it is there; a half-made one never bears its name."""
        if state in self.templates:
            return
        if state == REGISTER:
            self._have_template(EMPTY)
        template = self._template(state)
        with self.store.turn():
            self.store.hold(template)
            if not self.store.exists(template):
                self._make(state, f"{template}-making")
                self.store.rename(f"{template}-making", template)
        self.templates.add(state)

    def _make(self, state: str, name: str) -> None:
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
        assert not connection.in_atomic_block, "a transaction is open: its database cannot be left"
        connections.close_all()
        self.settings["NAME"] = address


class Store(ABC):
    """Where databases lie: what SQLite and PostgreSQL do each in its own way."""

    @abstractmethod
    def __init__(self, settings: dict[str, Any]) -> None: ...

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """While it lasts no other process makes or drops a database of this project."""

    @abstractmethod
    def hold(self, name: str) -> None:
        """Keep other processes from dropping the database ``name``."""

    @abstractmethod
    def abandoned(self) -> list[str]:
        """The databases of this project that no process holds."""

    @abstractmethod
    def exists(self, name: str) -> bool:
        """Whether there is such a database."""

    @abstractmethod
    def create(self, name: str) -> None:
        """Make an empty database."""

    @abstractmethod
    def copy(self, origin: str, name: str) -> None:
        """Copy the database ``origin``, in which nobody works."""

    @abstractmethod
    def remember(self, name: str) -> None:
        """Note what is needed to renew the fresh copy ``name``, to which Django is connected."""

    @abstractmethod
    def renew(self, name: str, origin: str) -> str:
        """Make the copy ``name`` of ``origin`` as it was when it was fresh; returns the name it has then."""

    @abstractmethod
    def rename(self, name: str, new: str) -> None:
        """Give a database another name."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Drop a database, if there is one."""

    @abstractmethod
    def close(self) -> None:
        """Give up every lock."""

    @abstractmethod
    def address(self, name: str) -> str:
        """What ``DATABASES["default"]["NAME"]`` says for the database ``name``."""


class Files(Store):
    """SQLite: each database a file, as in production, so that threads meet real locks."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.folder = ROOT / "var" / "test-databases"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.held: dict[str, IO[str]] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        with (self.folder / "turn").open("a") as lock:
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
        """Opening it makes it."""

    def copy(self, origin: str, name: str) -> None:
        shutil.copyfile(self.address(origin), self.address(name))

    def remember(self, name: str) -> None:
        """The template is all it takes."""

    def renew(self, name: str, origin: str) -> str:
        # Under another name: a thread that has not ended yet may have the old file open.
        stem, _mark, number = name.partition("~")
        fresh = f"{stem}~{int(number or 0) + 1}"
        with self.turn():
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
    """PostgreSQL: the databases lie in the server, and the locks are advisory locks of one session there."""

    def __init__(self, settings: dict[str, Any]) -> None:
        known = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        parameters = {name: settings[key] for key, name in known.items() if settings[key]}
        self.session = psycopg.connect(dbname="postgres", autocommit=True, **parameters)
        self.prefix = f"test_{settings['NAME']}_"
        self.rows: dict[str, Rows] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._ask("SELECT pg_advisory_lock(hashtextextended(%s, 0))", self.prefix)
        try:
            yield
        finally:
            self._ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", self.prefix)

    def hold(self, name: str) -> None:
        self._ask("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", self.address(name))

    def abandoned(self) -> list[str]:
        names = self._ask("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self.prefix)
        return sorted(name.removeprefix(self.prefix) for (name,) in names if self._is_free(name))

    def _is_free(self, address: str) -> bool:
        [(free,)] = self._ask("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", address)
        if free:
            self._ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", address)
        return bool(free)

    def exists(self, name: str) -> bool:
        return bool(self._ask("SELECT 1 FROM pg_database WHERE datname = %s", self.address(name)))

    def create(self, name: str) -> None:
        self._order("CREATE DATABASE {} TEMPLATE template0", name)

    def copy(self, origin: str, name: str) -> None:
        self._order("CREATE DATABASE {} TEMPLATE {}", name, origin)

    def remember(self, name: str) -> None:
        self.rows[name] = Rows()

    def renew(self, name: str, origin: str) -> str:
        self.rows[name].put_back()
        return name

    def rename(self, name: str, new: str) -> None:
        self._order("ALTER DATABASE {} RENAME TO {}", name, new)

    def drop(self, name: str) -> None:
        self._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def close(self) -> None:
        self.session.close()

    def address(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def _order(self, statement: str, *names: str) -> None:
        identifiers = (sql.Identifier(self.address(name)) for name in names)
        self.session.execute(sql.SQL(statement).format(*identifiers))

    def _ask(self, query: str, value: str) -> list[tuple[Any, ...]]:
        return self.session.execute(query, [value]).fetchall()


class Rows:
    """The rows of every table as they are now, to put back where they have changed (PostgreSQL)."""

    def __init__(self) -> None:
        self.tables = connection.introspection.table_names()
        self.digests = self._digests()
        self.rows = {table: self._read(table) for table in self.tables}

    def put_back(self) -> None:
        """Give every table that has changed its rows back, past the guards that refuse it to the program."""
        digests = self._digests()
        changed = [table for table in self.tables if digests[table] != self.digests[table]]
        with transaction.atomic(), connection.cursor() as cursor:
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
