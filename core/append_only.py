"""Tables that refuse UPDATE and DELETE in the database itself, on SQLite and on PostgreSQL.

docs/rules.md#append-only lists them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalChanges

from core.trigger_definitions import altered

_FUNCTION = "aide_memoire_refuse_change"
_FUNCTION_SQL = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% refuses %: a correction is a new row', TG_TABLE_NAME, TG_OP "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


class AppendOnly(models.Model):
    """A row that cannot be changed or deleted once it is written. A correction is a new row.

    ``frozen_against`` has the statements that the database refuses for the table. ``derived`` are the columns
    that may still be written, since they follow from rows that were added later.
    """

    frozen_against: tuple[str, ...] = ("UPDATE", "DELETE")
    derived: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @classmethod
    def derivations(cls) -> Mapping[str, Any]:
        """The expression from which each field of ``derived`` follows."""
        return {}


class Recorded(AppendOnly):
    """An append-only row that tells who recorded it and when. Nobody: a command, or the register file."""

    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("person who recorded something", "by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True


class RecordedWithReason(Recorded):
    """An append-only row that also tells why: it corrects, withdraws or merges what was there."""

    reason = models.TextField(_("reason"))

    class Meta:
        abstract = True


def guarded_models() -> Iterator[type[AppendOnly]]:
    """Every model whose table has guards."""
    for model in apps.get_models():
        if issubclass(model, AppendOnly):
            yield model


@dataclass(frozen=True, slots=True)
class Guard:
    """A table, the statements that it refuses, and the sets of columns in which no two rows agree.

    If only some columns are refused for UPDATE, they are ``columns``; the others are ``derived``.
    """

    table: str
    statements: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()


def guards() -> Iterator[Guard]:
    """Every guarded table: append-only models, the field history of records, and the admin's log."""
    return (guard for _model, guard in guarded_tables())


def guarded_tables() -> Iterator[tuple[type[models.Model], Guard]]:
    """Every guarded table, with its model."""
    for model in guarded_models():
        columns = [str(field.column) for field in model._meta.concrete_fields if not field.generated]
        yield (
            model,
            Guard(
                model._meta.db_table,
                model.frozen_against,
                tuple(_unique_columns(model)),
                columns=tuple(each for each in columns if each not in model.derived) if model.derived else (),
                derived=model.derived,
            ),
        )
    for kept in apps.get_models(include_auto_created=True):
        if _is_history(kept) or kept is LogEntry:
            yield kept, Guard(kept._meta.db_table, ("UPDATE", "DELETE"), tuple(_unique_columns(kept)))


def _is_history(model: type[models.Model]) -> bool:
    links = any(field.name == "m2m_history_id" for field in model._meta.fields)
    return issubclass(model, HistoricalChanges) or links


def _unique_columns(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The columns of the primary key, and of each rule that no two rows agree in them."""
    fields = model._meta.concrete_fields
    column_of = {field.name: str(field.column) for field in fields}
    yield from ((column_of[field.name],) for field in fields if field.primary_key or field.unique)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield tuple(column_of[name] for name in constraint.fields)


def install_guards(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """(Re)install the triggers of every guarded table that exists in the database ``using``.

    One transaction: nobody else sees a moment without them.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION_SQL)
        for guard in guards():
            if guard.table in existing:
                for sql in _creation(connection, guard):
                    cursor.execute(sql)


def missing_guards(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The triggers that should be in the database ``using`` and are not, or do not fire."""
    connection = connections[using]
    wanted = {
        _trigger(guard.table, statement) for guard in guards() for statement in _statements(connection, guard)
    }
    return wanted - present_triggers(using)


def altered_guards(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The triggers of the database ``using``, and their function, that do something else than they must."""
    connection = connections[using]
    statements = [each for guard in guards() for each in _creation(connection, guard)]
    return altered(connection, [_FUNCTION_SQL, *statements])


def present_triggers(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """The triggers in the database ``using`` that fire in every session."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def lift_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop all triggers. Only for a test database that is flushed between transactional tests."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for guard in guards():
            for statement in _statements(connection, guard):
                cursor.execute(_drop(connection, guard.table, statement))


def _statements(connection: BaseDatabaseWrapper, guard: Guard) -> tuple[str, ...]:
    """``guard.statements``, and the ways around them that the database has."""
    if connection.vendor == "postgresql":
        return (*guard.statements, "TRUNCATE") if "DELETE" in guard.statements else guard.statements
    return (*guard.statements, "REPLACE")


def _trigger(table: str, statement: str) -> str:
    """The trigger's name, within the 63 characters of PostgreSQL."""
    return f"{table}_refuse_{statement.lower()}"


def _drop(connection: BaseDatabaseWrapper, table: str, statement: str) -> str:
    suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_trigger(table, statement)}{suffix}"


def _creation(connection: BaseDatabaseWrapper, guard: Guard) -> Iterator[str]:
    table = guard.table
    for statement in _statements(connection, guard):
        name = _trigger(table, statement)
        act = statement
        if statement == "UPDATE" and guard.columns:
            act = "UPDATE OF " + ", ".join(f'"{column}"' for column in guard.columns)
        if connection.vendor == "postgresql":
            each = "STATEMENT" if statement == "TRUNCATE" else "ROW"
            yield (
                f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"
            )
            # A session that replicates fires no others.
            yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
            continue
        yield _drop(connection, table, statement)
        refuse = f"SELECT RAISE(ABORT, '{table} refuses {statement}: a correction is a new row')"
        if statement == "REPLACE":
            # INSERT OR REPLACE removes the old row without firing a DELETE trigger.
            same = " OR ".join(
                f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608  (names of our own tables)
                + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
                + ")"
                for columns in guard.unique
            )
            yield f"CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN {refuse} WHERE {same}; END"
        else:
            yield f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN {refuse}; END"
