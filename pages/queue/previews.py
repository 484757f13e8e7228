"""Pictures of evidence, shown inside a page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.choices import EvidenceKind
from commitments.models import Commitment, Evidence
from core.previews import preview_of


@require_safe
def preview(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """A picture of a file of evidence, for users who can see its commitment."""
    visible: QuerySet[Any] = Commitment.objects.visible_to(request.user)
    owner = get_object_or_404(visible, reference=reference)
    piece = get_object_or_404(Evidence, pk=pk, commitment=owner, kind=EvidenceKind.FILE)
    return preview_of(piece.file, piece.file_name, piece.sha256)
