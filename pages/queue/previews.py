"""Pictures of evidence, shown inside a page: the first pages of a PDF, and pictures as they are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.choices import EvidenceKind
from commitments.models import Commitment, Evidence
from commitments.services.files import MAX_BYTES
from core.documents.kinds import Kind, kind_by_name
from core.documents.reading import RETRY_SECONDS, ReadersBusy, first_pages
from core.downloads import content_of
from pages.queue.page import PICTURES


@require_safe
def preview(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """A picture of a file of evidence, for users who can see its commitment.

    A PDF may contain programs, so its first pages are drawn here, and no browser opens it as a page of ours.
    """
    visible: QuerySet[Any] = Commitment.objects.visible_to(request.user)
    owner = get_object_or_404(visible, reference=reference)
    piece = get_object_or_404(Evidence, pk=pk, commitment=owner, kind=EvidenceKind.FILE)
    kind = kind_by_name(piece.file_name)
    if kind in PICTURES:
        content = content_of(piece.file, piece.file_name, piece.sha256)
        return _picture(content, PICTURES[kind])
    if kind != Kind.PDF:
        raise Http404(_("There is no preview of this file."))
    try:
        content = content_of(piece.file, piece.file_name, piece.sha256)
        return _picture(first_pages(piece.file_name, content, max_bytes=MAX_BYTES), "image/png")
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
