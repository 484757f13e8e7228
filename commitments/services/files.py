"""Files of evidence: checked by their content and stored under their hash."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from commitments.services.errors import RequirementsNotMet
from core.uploads import StoredFile, check_upload, store_upload

FOLDER = "evidence"
"""Where they are in the storage."""


def evidence_errors(*, title: str, url: str, has_file: bool) -> dict[str, list[str]]:
    """What is missing in a piece of evidence, by field: a title, and either an address or a file."""
    errors: dict[str, list[str]] = {}
    if not title.strip():
        errors["title"] = [_("Enter a title for the evidence.")]
    if not url and not has_file:
        errors["url"] = [_("Enter the address of the document, or attach the file.")]
    if url and has_file:
        errors["file"] = [_("Enter the address or attach the file, not both.")]
    return errors


def check_file(upload: "UploadedFile[Any]") -> None:
    """Check the content of ``upload``. Raises ``RequirementsNotMet`` for ``file``, and ``ReadersBusy``."""
    try:
        check_upload(upload)
    except ValidationError as error:
        raise RequirementsNotMet({"file": error.messages}) from error


def store_file(upload: "UploadedFile[Any]") -> StoredFile:
    """Store ``upload``, which was checked."""
    return store_upload(upload, FOLDER)
