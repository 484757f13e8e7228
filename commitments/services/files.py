"""Files of evidence: checked by their content and stored under their hash."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from commitments.services.errors import RequirementsNotMet
from core.lists import listed
from core.storage import sha256_of_file

MAX_BYTES = 20 * 1024 * 1024
"""The largest file accepted, in bytes."""

_MEMBERS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
"""The member that makes an archive a document of its kind."""

_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
_TEXT_SUFFIXES = frozenset({".txt", ".csv"})
ACCEPTED = (*_SIGNATURES, *_MEMBERS, *sorted(_TEXT_SUFFIXES))
"""The suffixes of the accepted files."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was checked and stored: its original name, its hash and its path in the storage."""

    name: str
    sha256: str
    stored_as: str


def store_file(upload: "UploadedFile[Any]") -> StoredFile:
    """Check ``upload`` and store it under its SHA-256. Equal content is stored once.

    Raises ``RequirementsNotMet`` for ``file`` if it is empty, too large, of a type that is not accepted, or
    of another type than its suffix says.
    """
    name = PurePath(upload.name or "").name
    suffix = PurePath(name).suffix.lower()
    if suffix not in ACCEPTED:
        types = listed(each.removeprefix(".") for each in ACCEPTED)
        raise _refused(
            _("Files of this type are not accepted. Accepted types: %(types)s.") % {"types": types}
        )
    if not upload.size:
        raise _refused(_("The file is empty."))
    if upload.size > MAX_BYTES:
        sizes = {"size": filesizeformat(upload.size), "most": filesizeformat(MAX_BYTES)}
        raise _refused(_("The file is %(size)s; the limit is %(most)s.") % sizes)
    content = upload.read()
    if not _matches_suffix(content, suffix):
        raise _refused(_("The content of the file does not match its name. Save the file again and retry."))
    digest = hashlib.sha256(content).hexdigest()
    stored_as = f"evidence/{digest[:2]}/{digest}{suffix}"
    if not _is_stored(stored_as, digest):
        upload.seek(0)
        default_storage.save(stored_as, upload)
    return StoredFile(name=name[-255:], sha256=digest, stored_as=stored_as)


def _is_stored(name: str, sha256: str) -> bool:
    """Whether the whole content is there; a file that was torn or altered is written again."""
    try:
        with default_storage.open(name, "rb") as file:
            return sha256_of_file(file) == sha256
    except FileNotFoundError:
        return False


def _matches_suffix(content: bytes, suffix: str) -> bool:
    if suffix in _TEXT_SUFFIXES:
        try:
            return "\x00" not in content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
    if suffix in _MEMBERS:
        try:
            with ZipFile(BytesIO(content)) as archive:
                return _MEMBERS[suffix] in archive.namelist()
        except BadZipFile:
            return False
    return content.startswith(_SIGNATURES[suffix])


def _refused(message: str) -> RequirementsNotMet:
    return RequirementsNotMet({"file": [message]})
