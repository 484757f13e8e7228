"""The role with which the application works on PostgreSQL. It owns no table and changes no append-only row.

The tables belong to the role that runs ``migrate``. docs/operations.md#two-database-roles
"""

import logging
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from core.append_only import guards

_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
_MIGRATIONS = MigrationRecorder.Migration._meta.db_table
_MARK = "REFERENCES"
"""The right on the table of migrations that marks an application role.

It permits nothing to a role that cannot create tables, and ends with the role. The owner of the tables may
give it, unlike a comment on the role.
"""
_logger = logging.getLogger(__name__)


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
        # To read them is what a backup needs. What numbers a row needs no right.
        cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}")
        for table in connection.introspection.table_names(cursor):
            rights = ", ".join(right for right in _ALL if right not in refused.get(table, ()))
            cursor.execute(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {name}")
        for guard in guards():
            if guard.derived:
                columns = ", ".join(map(connection.ops.quote_name, guard.derived))
                cursor.execute(f"GRANT UPDATE ({columns}) ON {guard.table} TO {name}")
        cursor.execute(f"GRANT {_MARK} ON {connection.ops.quote_name(_MIGRATIONS)} TO {name}")


def grant_again(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Give every role of a former ``grant`` its rights on what the migration has created.

    Other roles keep the rights that they have, as a role that only reads, or one that may do everything. If
    a role cannot be given its rights, that is logged: the migration itself is complete.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        roles = application_roles(cursor)
    for role in roles:
        try:
            grant(role, using=using)
        except (UnfitRole, DatabaseError) as error:
            _logger.warning(
                "%s did not get its rights on new tables: %s Then run: manage.py grant_application_role %s",
                role,
                error,
                role,
            )


def application_roles(cursor: CursorWrapper) -> list[str]:
    """Every role of a former ``grant``."""
    cursor.execute(
        "SELECT grantee FROM information_schema.role_table_grants "
        "WHERE table_schema = current_schema() AND table_name = %s AND grantee <> 'PUBLIC' "
        "GROUP BY grantee HAVING bool_or(privilege_type = %s) AND NOT bool_or(privilege_type = 'INSERT')",
        [_MIGRATIONS, _MARK],
    )
    return [role for (role,) in cursor.fetchall()]


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
