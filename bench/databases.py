"""The databases of the benchmark: a connection to their server, and which one is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from bench.settings import SERVER


def server() -> psycopg.Connection[Any]:
    """A connection to the server itself, to create databases."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: SERVER[name] for key, name in names.items() if SERVER.get(name)}
    return psycopg.connect(**options, autocommit=True)


@contextmanager
def using(alias: str) -> Iterator[None]:
    """Use the database ``alias`` as the default database."""
    original = connections["default"]
    connections["default"] = connections[alias]
    try:
        yield
    finally:
        connections["default"] = original
