"""Reads the documents of a request before its transaction begins, since reading takes seconds.

On SQLite, an open transaction makes every other writer wait. On both databases, it makes the same form wait
that was sent twice. Which documents are read, and how, only the view knows: it runs until it needs one, is
rolled back, and runs again once the document was read.
"""

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.datastructures import MultiValueDict

from core.documents.child import Extract

T = TypeVar("T")
Reader = Callable[[str, bytes], Extract]
Key = tuple[str, bytes]

_outcomes: ContextVar[dict[Key, Extract | Exception] | None] = ContextVar("outcomes", default=None)


class NotReadYet(Exception):
    """A document is needed inside a transaction. It is read outside, and then the view runs again."""

    def __init__(self, key: Key, read: Callable[[], Extract]) -> None:
        super().__init__()
        self.key, self.read = key, read


def with_documents_read(carry_out: Callable[[], T], files: "MultiValueDict[str, UploadedFile[bytes]]") -> T:
    """The result of ``carry_out``, which opens a transaction and is called again for each document in it.

    ``files`` are those of the request. They are read from their beginning each time.
    """
    outcomes: dict[Key, Extract | Exception] = {}
    token = _outcomes.set(outcomes)
    try:
        while True:
            try:
                return carry_out()
            except NotReadYet as needed:
                outcomes[needed.key] = _outcome_of(needed.read)
                for _name, given in files.lists():
                    for file in given:
                        file.seek(0)
    finally:
        _outcomes.reset(token)


def read_outside(module: str, content: bytes, read: Reader) -> Extract:
    """What ``read`` finds, without a transaction being open if this is called by ``with_documents_read``."""
    outcomes = _outcomes.get()
    if outcomes is None:
        return read(module, content)
    key = (module, hashlib.sha256(content).digest())
    if key not in outcomes:
        if connection.in_atomic_block:
            raise NotReadYet(key, lambda: read(module, content))
        outcomes[key] = _outcome_of(lambda: read(module, content))
    outcome = outcomes[key]
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _outcome_of(read: Callable[[], Extract]) -> Extract | Exception:
    try:
        return read()
    except Exception as refused:  # noqa: BLE001  (raised where the view asks for the document)
        return refused
