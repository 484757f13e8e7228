"""Pictures of uploaded files, shown inside a page: the first pages of a PDF, and pictures as they are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from core.documents.kinds import Kind, kind_by_name
from core.documents.reading import RETRY_SECONDS, ReadersBusy, first_pages
from core.downloads import content_of
from core.uploads import MAX_BYTES

_PICTURES = {Kind.PNG: "image/png", Kind.JPEG: "image/jpeg"}
"""The kinds that a browser shows as they are, with their content types."""


def has_preview(name: str) -> bool:
    """Whether there can be a picture of the file ``name``."""
    kind = kind_by_name(name)
    return kind in _PICTURES or kind == Kind.PDF


def preview_of(file: Any, name: str, sha256: str) -> HttpResponse:
    """A picture of ``file``, whose ``name`` says its kind. Raises ``Http404``.

    A PDF may contain programs, so its first pages are drawn here, and no browser opens it as a page of ours.
    """
    kind = kind_by_name(name)
    if kind in _PICTURES:
        return _picture(content_of(file, name, sha256), _PICTURES[kind])
    if kind != Kind.PDF:
        raise Http404(_("There is no preview of this file."))
    try:
        content = content_of(file, name, sha256)
        return _picture(first_pages(name, content, max_bytes=MAX_BYTES), "image/png")
    except ValidationError as error:
        raise Http404(error.messages[0]) from error
    except ReadersBusy as busy:
        return HttpResponse(
            str(busy),
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": RETRY_SECONDS},
        )


def _picture(content: bytes, content_type: str) -> HttpResponse:
    """The picture alone: opened by itself, nothing in it is run."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer
