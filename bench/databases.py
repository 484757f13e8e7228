"""The databases of the bench: the server that holds them, and which one is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from bench.settings import SERVER


def server() -> psycopg.Connection[Any]:
    """A connection to the server itself, to make databases."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {key: SERVER[name] for key, name in names.items() if SERVER.get(name)}
    return psycopg.connect(**given, autocommit=True)


@contextmanager
def reading(alias: str) -> Iterator[None]:
    """Everything that asks for the default database gets that of ``alias``."""
    usual = connections["default"]
    connections["default"] = connections[alias]
    try:
        yield
    finally:
        connections["default"] = usual
