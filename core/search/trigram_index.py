"""Substring search with a trigram index, on SQLite and on PostgreSQL.

On PostgreSQL a migration creates the index. On SQLite each model has a full-text search table beside its own
table. Triggers keep it up to date, whoever writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler

from core.search.query import SHORTEST, Term

_COLUMN = "search_text"
_TOKENIZER = "trigram case_sensitive 1"


class TrigramIndexed(models.Model):
    """A record with a folded ``search_text`` that is searched for substrings."""

    search_text = models.TextField(default="", editable=False)

    class Meta:
        abstract = True


def indexed_models() -> Iterator[type[TrigramIndexed]]:
    """Every model with a trigram index."""
    for model in apps.get_models():
        if issubclass(model, TrigramIndexed):
            yield model


def condition_of(term: Term) -> models.Q:
    """The condition that the search text contains ``term``, or does not if the term is excluded."""
    if term.is_anywhere:
        found = models.Q(search_text__holds=term.text)
    else:
        found = models.Q(search_text__regex=term.regex)
    return ~found if term.excluded else found


@models.TextField.register_lookup
class Holds(Contains):
    """``search_text__holds``: case-sensitive containment, from the trigram table where there is one."""

    lookup_name = "holds"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return Contains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        column = self.lhs
        if not isinstance(column, Col) or len(self.rhs) < SHORTEST or not serves(connection):
            return self.as_sql(compiler, connection)
        model = column.target.model
        if not issubclass(model, TrigramIndexed):
            return self.as_sql(compiler, connection)
        sql, params = compiler.compile(model._meta.pk.get_col(column.alias))
        table = trigram_table(model)
        phrase = '"' + self.rhs.replace('"', '""') + '"'
        return f"{sql} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)", [*params, phrase]  # noqa: S608


# -- the table on SQLite ---------------------------------------------------------------------------------


def trigram_table(model: type[models.Model]) -> str:
    """The name of the full-text search table of ``model``."""
    return f"{model._meta.db_table}_trigrams"


def serves(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database has trigram tables. Without them the search gives the same results."""
    return connection.vendor == "sqlite" and _has_trigrams()


@cache
def _has_trigrams() -> bool:
    with closing(sqlite3.connect(":memory:")) as scratch:
        try:
            scratch.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize = '{_TOKENIZER}')")
        except sqlite3.OperationalError:
            return False
    return True


def install_trigrams(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Rebuild every trigram table that is missing or has lost a trigger, which migrations can cause."""
    connection = connections[using]
    if not serves(connection):
        return
    tables = set(connection.introspection.table_names())
    for model in indexed_models():
        if model._meta.db_table in tables and not _is_installed(connection, model):
            rebuild_trigrams(model, using)


def rebuild_trigrams(model: type[TrigramIndexed], using: str = DEFAULT_DB_ALIAS) -> None:
    """Rebuild the trigram table of ``model`` from its rows, if the database has trigram tables."""
    connection = connections[using]
    if not serves(connection):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in _triggers(model):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for sql in _creation(model):
            cursor.execute(sql)


def count_wrong(model: type[TrigramIndexed], using: str = DEFAULT_DB_ALIAS) -> int:
    """The number of rows that differ between ``model`` and its trigram table, or are in only one of them."""
    connection = connections[using]
    if not serves(connection):
        return 0
    table, key, trigrams = model._meta.db_table, model._meta.pk.column, trigram_table(model)
    if trigrams not in connection.introspection.table_names():
        return model._default_manager.using(using).count()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM {table} AS own LEFT JOIN {trigrams} AS held "  # noqa: S608
            f"ON held.rowid = own.{key} WHERE held.{_COLUMN} IS NOT own.{_COLUMN}) + "
            f"(SELECT count(*) FROM {trigrams} AS held LEFT JOIN {table} AS own "
            f"ON held.rowid = own.{key} WHERE own.{key} IS NULL)"
        )
        return int(cursor.fetchone()[0])


def _is_installed(connection: BaseDatabaseWrapper, model: type[TrigramIndexed]) -> bool:
    wanted = {trigram_table(model), *_triggers(model)}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM sqlite_master WHERE name IN ({marks})", sorted(wanted))  # noqa: S608
        return {name for (name,) in cursor.fetchall()} == wanted


def _triggers(model: type[TrigramIndexed]) -> dict[str, str]:
    """The SQL of the triggers that keep the table up to date, by name."""
    table, key, trigrams = model._meta.db_table, model._meta.pk.column, trigram_table(model)
    delete = f"DELETE FROM {trigrams} WHERE rowid = old.{key};"  # noqa: S608
    insert = f"INSERT INTO {trigrams} (rowid, {_COLUMN}) VALUES (new.{key}, new.{_COLUMN});"  # noqa: S608
    events = {
        f"{trigrams}_insert": (f"INSERT ON {table}", "", insert),
        f"{trigrams}_update": (
            f"UPDATE OF {key}, {_COLUMN} ON {table}",
            f"WHEN old.{key} IS NOT new.{key} OR old.{_COLUMN} IS NOT new.{_COLUMN} ",
            f"{delete} {insert}",
        ),
        f"{trigrams}_delete": (f"DELETE ON {table}", "", delete),
    }
    return {
        name: f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW {when}BEGIN {what} END"
        for name, (event, when, what) in events.items()
    }


def _creation(model: type[TrigramIndexed]) -> Iterator[str]:
    table, key, trigrams = model._meta.db_table, model._meta.pk.column, trigram_table(model)
    yield f"DROP TABLE IF EXISTS {trigrams}"
    yield f"CREATE VIRTUAL TABLE {trigrams} USING fts5({_COLUMN}, tokenize = '{_TOKENIZER}')"
    yield f"INSERT INTO {trigrams} (rowid, {_COLUMN}) SELECT {key}, {_COLUMN} FROM {table}"  # noqa: S608
    yield from _triggers(model).values()
