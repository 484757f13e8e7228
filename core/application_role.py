"""The role with which the application works on PostgreSQL. It owns no table and changes no append-only row.

The tables belong to the role that runs ``migrate``. docs/operations.md#two-database-roles
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from core.append_only import guards

_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
_MIGRATIONS = MigrationRecorder.Migration._meta.db_table


class UnfitRole(Exception):
    """The role does not exist, or rights cannot bind it."""


def grant(role: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give ``role`` the rights that the application needs in the database ``using``, and take all others.

    Raises ``UnfitRole``.
    """
    connection = connections[using]
    name = connection.ops.quote_name(role)
    with transaction.atomic(using), connection.cursor() as cursor:
        _require_bound(cursor, role)
        schema = connection.ops.quote_name(_value(cursor, "SELECT current_schema()"))
        database = connection.ops.quote_name(_value(cursor, "SELECT current_database()"))
        refused = {guard.table: guard.statements for guard in guards()} | {_MIGRATIONS: _ALL[1:]}
        cursor.execute(f"GRANT CONNECT ON DATABASE {database} TO {name}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        for table in connection.introspection.table_names(cursor):
            rights = ", ".join(right for right in _ALL if right not in refused.get(table, ()))
            cursor.execute(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {name}")


def grant_again(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Give every role that had rights before the ``migrate`` its rights on what the migration has created."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants "
            "WHERE table_schema = current_schema() AND table_name = %s AND privilege_type = 'SELECT' "
            "AND grantee NOT IN (grantor, 'PUBLIC')",
            [_MIGRATIONS],
        )
        roles = [role for (role,) in cursor.fetchall()]
    for role in roles:
        grant(role, using=using)


def _require_bound(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() "
        "AND pg_has_role(rolname, tableowner, 'MEMBER')) FROM pg_roles WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone()
    if found is None:
        raise UnfitRole(f"There is no role {role}. Create it: CREATE ROLE {role} LOGIN PASSWORD '…'")
    if found[0]:
        raise UnfitRole(f"{role} owns the tables, or may act as their owner. Take another role.")


def _value(cursor: CursorWrapper, sql: str) -> str:
    cursor.execute(sql)
    return str(cursor.fetchone()[0])
