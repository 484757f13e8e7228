"""The template of each kind of document: the ministry's newest version, else the one that is shipped."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.services.errors import NotYours
from core.locks import NamedLock, hold
from interchange.models import BriefingTemplate

if TYPE_CHECKING:
    from accounts.models import User

_SHIPPED = Path(__file__).parent / "templates"
_FALLBACK = "en"
MAX_BYTES = 2 * 1024 * 1024
"""The largest template, in bytes."""


def languages() -> list[str]:
    """The languages that a template is shipped in."""
    return sorted(path.name for path in _SHIPPED.iterdir() if path.is_dir())


def shipped(kind: str, language: str = _FALLBACK) -> bytes:
    """The template that comes with the program for ``kind``: "pack", "note" or "reply"."""
    folder = _SHIPPED / (language if language in languages() else _FALLBACK)
    return (folder / f"{kind}.docx").read_bytes()


def in_force(kind: str) -> bytes:
    """The template to use now, in the language of the page; where there is none, in English."""
    language = (get_language() or _FALLBACK).partition("-")[0]
    for code in dict.fromkeys((language, _FALLBACK)):
        newest = BriefingTemplate.objects.filter(kind=kind, language=code).first()
        if newest is not None and newest.content:
            return bytes(newest.content)
        if code in languages():
            return shipped(kind, code)
    return shipped(kind)


@transaction.atomic
def add_version(
    *, actor: "User", kind: str, language: str, content: bytes, note: str = ""
) -> BriefingTemplate:
    """Store ``content``, which was checked, as the version to use from now on; "" for the shipped one.

    Raises ``NotYours``.
    """
    if not actor.may(Right.EDIT_REFERENCE_DATA):
        raise NotYours(_("Templates are for administrators."))
    hold(NamedLock.BRIEFING_TEMPLATES)
    newest = BriefingTemplate.objects.filter(kind=kind, language=language).first()
    return BriefingTemplate.objects.create(
        kind=kind,
        language=language,
        version=newest.version + 1 if newest else 1,
        content=content,
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        note=note,
        uploaded_by=actor,
    )
