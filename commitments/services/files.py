"""Files of evidence: checked by what they hold, kept under their hash."""

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
from core.storage import sha256_of_file

MAX_BYTES = 20 * 1024 * 1024
"""The largest file taken, in bytes."""

_MEMBERS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
"""The member that makes an archive a document of its kind."""

_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
_TEXTS = frozenset({".txt", ".csv"})
ACCEPTED = (*_BEGINNINGS, *_MEMBERS, *sorted(_TEXTS))
"""The endings of the files that are taken."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was checked and stored: its name as given, its hash, and where it is kept."""

    name: str
    sha256: str
    stored_as: str


def keep_file(upload: "UploadedFile[Any]") -> KeptFile:
    """Check ``upload`` and keep it under its SHA-256; the same content is kept once.

    Raises ``RequirementsNotMet`` on ``file`` when it is empty, too large, or not what its name says.
    """
    name = PurePath(upload.name or "").name
    ending = PurePath(name).suffix.lower()
    if ending not in ACCEPTED:
        endings = ", ".join(each.removeprefix(".") for each in ACCEPTED)
        raise _refused(_("Files of that kind are not taken. Possible: %(endings)s.") % {"endings": endings})
    if not upload.size:
        raise _refused(_("The file is empty."))
    if upload.size > MAX_BYTES:
        sizes = {"size": filesizeformat(upload.size), "most": filesizeformat(MAX_BYTES)}
        raise _refused(_("The file has %(size)s; the most is %(most)s.") % sizes)
    content = upload.read()
    if not _is_what_it_says(content, ending):
        raise _refused(_("The file is not what its name says. Save it anew and try again."))
    digest = hashlib.sha256(content).hexdigest()
    stored_as = f"evidence/{digest[:2]}/{digest}{ending}"
    if not _is_stored(stored_as, digest):
        upload.seek(0)
        default_storage.save(stored_as, upload)
    return KeptFile(name=name[-255:], sha256=digest, stored_as=stored_as)


def _is_stored(name: str, sha256: str) -> bool:
    """Whether the whole content is there; a file that was torn or altered is written again."""
    try:
        with default_storage.open(name, "rb") as file:
            return sha256_of_file(file) == sha256
    except FileNotFoundError:
        return False


def _is_what_it_says(content: bytes, ending: str) -> bool:
    if ending in _TEXTS:
        try:
            return "\x00" not in content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
    if ending in _MEMBERS:
        try:
            with ZipFile(BytesIO(content)) as archive:
                return _MEMBERS[ending] in archive.namelist()
        except BadZipFile:
            return False
    return content.startswith(_BEGINNINGS[ending])


def _refused(message: str) -> RequirementsNotMet:
    return RequirementsNotMet({"file": [message]})
