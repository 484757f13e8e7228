"""The mails of the demonstration, which are files and reach nobody."""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest

MOST = 200
"""The most mails that are listed, the newest first."""
_NAME = re.compile(r"[\w.@-]+")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that was written to a file."""

    name: str
    subject: str
    to: str
    sent_at: datetime
    text: str
    html: str


@require_safe
def mails(request: SignedInRequest) -> HttpResponse:
    """List the mails, the newest first."""
    found = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    context = {"mails": [_read(path) for path in found[:MOST]]}
    return render(request, "demo_mail/list.html", context)


@require_safe
def mail(request: SignedInRequest, key: str) -> HttpResponse:
    """Show one mail: its text, and its HTML part in a frame."""
    return render(request, "demo_mail/mail.html", {"mail": _found(key)})


@xframe_options_sameorigin
@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def html_part(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part, as a program for mail would show it: with its own style, and without scripts."""
    return HttpResponse(_found(key).html)


def _folder() -> Path:
    if not (settings.DEMO and settings.EMAIL_FILE_PATH):
        raise Http404
    return Path(settings.EMAIL_FILE_PATH)


def _found(key: str) -> StoredMail:
    path = _folder() / f"{key}.eml"
    if not _NAME.fullmatch(key) or not path.is_file():
        raise Http404
    return _read(path)


def _read(path: Path) -> StoredMail:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return StoredMail(
        name=path.stem,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=parsedate_to_datetime(str(message["Date"])).replace(tzinfo=UTC),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )
