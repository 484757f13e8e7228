"""A decimal column that keeps every digit on SQLite too, where Django's own keeps fifteen."""

import decimal
import sqlite3
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

COLLATION = "exact_decimal"
_WIDE = decimal.Context(prec=100)


class ExactDecimalField(models.DecimalField):
    """A ``DecimalField`` that SQLite stores as text, compared and sorted as numbers by a collation of ours.

    SQLite has no decimal numbers: a column of type ``decimal`` holds floats. On PostgreSQL the column is
    ``numeric``, as that of a ``DecimalField``. Sums and averages on SQLite are floats.
    """

    def get_internal_type(self) -> str:
        """A name of its own: Django's converter for SQLite expects floats in a ``DecimalField``."""
        return "ExactDecimalField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type of the column."""
        if connection.vendor == "sqlite":
            return f"text COLLATE {COLLATION}"
        return str(connection.data_types["DecimalField"] % self.db_type_parameters(connection))

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type to cast to, which has no collation."""
        return "text" if connection.vendor == "sqlite" else self.db_type(connection)

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> Decimal | None:
        """The number with all places of the field."""
        if value is None:
            return None
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-self.decimal_places), context=_WIDE)


def add_collation(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Tell a new connection to SQLite how the texts of the columns are compared."""
    if isinstance(connection.connection, sqlite3.Connection):
        connection.connection.create_collation(COLLATION, compared)


def compared(one: str, other: str) -> int:
    """-1, 0 or 1: how the numbers in two texts are sorted."""
    first, second = Decimal(one), Decimal(other)
    return (first > second) - (first < second)
