"""Keeps the files of sources: checked, stored under their hash, withdrawn by a row."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Right
from core.storage import mark_as_new
from core.uploads import StoredFile, check_upload, is_stored, store_upload
from relations.models import Paper, PaperWithdrawal, Source
from relations.services.record_writers import locked, require_right

if TYPE_CHECKING:
    from accounts.models import User

FOLDER = "papers"
"""Where they are in the storage."""

MOST_PAPERS = 100
"""The most files of one source, withdrawn ones included."""

_SALT = "relations.services.papers"
_A_DAY = 24 * 60 * 60
"""Seconds for which a file that was read is kept for its form. Then housekeeping removes it."""


def attach_paper(*, source: Source, actor: "User", file: "UploadedFile[Any]", language: str = "") -> Paper:
    """Keep ``file`` with ``source``. ``language`` is its code, such as ``vi``.

    Raises ``PermissionDenied``, ``ReadersBusy``, and ``ValidationError`` on ``file`` where it is of no
    accepted kind, or is attached already.
    """
    require_right(actor, Right.EDIT_REGISTER)
    try:
        check_upload(file)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    with transaction.atomic():
        return keep_paper(locked(source), actor=actor, stored=store_upload(file, FOLDER), language=language)


def keep_paper(source: Source, *, actor: "User", stored: StoredFile, language: str = "") -> Paper:
    """Add the row of a stored file to ``source``, whose row is locked or new."""
    papers = source.papers.all()
    if papers.filter(sha256=stored.sha256, withdrawal=None).exists():
        raise ValidationError({"file": [_("This file is attached already.")]})
    if papers.count() >= MOST_PAPERS:
        raise ValidationError({"file": [_("A document has at most %(most)d files.") % {"most": MOST_PAPERS}]})
    paper: Paper = Paper.objects.create(
        source=source,
        actor=actor,
        file=stored.stored_as,
        file_name=stored.name,
        sha256=stored.sha256,
        size=default_storage.size(stored.stored_as),
        language=language.strip(),
    )
    return paper


@transaction.atomic
def withdraw_paper(*, paper: Paper, actor: "User", reason: str) -> PaperWithdrawal:
    """Withdraw ``paper``. It stays on record with the reason.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``reason``.
    """
    require_right(actor, Right.EDIT_REGISTER)
    locked(paper.source)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why it is withdrawn.")]})
    if PaperWithdrawal.objects.filter(paper=paper).exists():
        raise ValidationError({"reason": [_("It has already been withdrawn.")]})
    return PaperWithdrawal.objects.create(paper=paper, actor=actor, reason=reason.strip())


# -- a file that was read in a form, and is kept when the form is saved --------------------------------------


def kept_for(user: "User", upload: "UploadedFile[Any]") -> str:
    """Store ``upload``, which was read, and return a signed text by which ``user`` names it in a form.

    A browser does not send a file again when a form is shown again.
    """
    upload.seek(0)
    stored = store_upload(upload, FOLDER)
    return signing.dumps([user.pk, *asdict(stored).values()], salt=_SALT)


def kept_file(user: "User", named: str) -> StoredFile | None:
    """The file that ``user`` names by a text of ``kept_for``; ``None`` if it is no longer there."""
    try:
        owner, *values = signing.loads(named, salt=_SALT, max_age=_A_DAY)
    except signing.BadSignature:
        return None
    stored = StoredFile(*values)
    mark_as_new(stored.stored_as)
    return stored if owner == user.pk and is_stored(stored.stored_as, stored.sha256) else None
