"""A database as it is at one moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a database: its ``content`` for the archive, and ``rows`` of the same moment by SQL."""

    server: str
    content: Callable[[], Iterator[bytes]]
    rows: Callable[[str], list[tuple[Any, ...]]]
