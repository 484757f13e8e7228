"""Uploaded files that are kept: checked by their content and stored under their hash."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from core.documents.kinds import SUFFIXES, Kind
from core.documents.reading import check_document
from core.storage import mark_as_new, sha256_of_file

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is kept, in bytes."""

ACCEPTED = tuple(SUFFIXES)
"""The suffixes of the accepted files."""

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was checked and stored: its original name, its hash and its path in the storage."""

    name: str
    sha256: str
    stored_as: str


def check_upload(upload: "UploadedFile[Any]") -> None:
    """Check by its content that ``upload`` is of an accepted type. It is stored, and not read.

    Raises ``ValidationError`` if it is empty, too large, of a type that is not accepted, or of another type
    than its suffix says, and ``ReadersBusy``.
    """
    content = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    check_document(upload.name or "", content, kinds=tuple(Kind), max_bytes=MAX_BYTES)


def store_upload(upload: "UploadedFile[Any]", folder: str) -> StoredFile:
    """Store ``upload``, which was checked, in ``folder`` under its SHA-256. Equal content is stored once.

    A file that is there, but may be named by nothing yet, is new again, so that housekeeping leaves it alone.
    """
    name = PurePath(upload.name or "").name
    digest = sha256_of_file(upload)
    stored_as = f"{folder}/{digest[:2]}/{digest}{PurePath(name).suffix.lower()}"
    mark_as_new(stored_as)
    if not is_stored(stored_as, digest):
        default_storage.save(stored_as, upload)
    return StoredFile(name=name[-LONGEST_NAME:], sha256=digest, stored_as=stored_as)


def is_stored(name: str, sha256: str) -> bool:
    """Whether the whole content is there; a file that was torn or altered is written again."""
    try:
        with default_storage.open(name, "rb") as file:
            return sha256_of_file(file) == sha256
    except FileNotFoundError:
        return False
