"""Evidence of a commitment: links and files, and their withdrawal."""

from typing import Any

from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind, without_parameters
from api.children_inputs import EvidenceFileInput, EvidenceLinkInput, ReasonInput
from api.children_outputs import EvidencePageOutput, OneEvidenceOutput
from api.commitments import CommitmentView, visible
from commitments.choices import EvidenceKind
from commitments.documents.commitment_schema import EVIDENCE as EVIDENCE_SCHEMA
from commitments.services.progress import add_evidence, require_reporter, withdraw_evidence
from core.api.files import AnyType, file_answer, refuse_large, refuse_repeated
from core.api.parsers import FormParser, JSONParser
from core.api.serializers import parsed
from core.api.views import TAGGED

EVIDENCE = ChildKind(
    rows=lambda commitment: commitment.evidence.select_related("actor", "status_change", "withdrawal__actor"),
    schema=EVIDENCE_SCHEMA,
    address="api-evidence",
)


class EvidenceList(CommitmentView):
    """The evidence of a commitment."""

    parser_classes = (JSONParser, FormParser)

    @extend_schema(
        operation_id="evidence_list", parameters=PAGE_PARAMETERS, responses={200: EvidencePageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the evidence, oldest first. Withdrawn evidence has the member `withdrawn`."""
        return EVIDENCE.list_answer(request, reference)

    @extend_schema(
        operation_id="evidence_add",
        request={"application/json": EvidenceLinkInput, "multipart/form-data": EvidenceFileInput},
        responses={201: OneEvidenceOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Attach a link (JSON) or a file (form data). For officers, and for focal points of an assigned
        agency. A later status change can name the file by its id as evidence."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        piece = add_evidence(commitment=commitment, actor=request.user, **_evidence_values(request.data))
        return EVIDENCE.written(request, commitment, piece)


def _evidence_values(data: Any) -> dict[str, Any]:
    """The arguments of ``add_evidence``. Raises ``Problem``, and ``TooLarge`` for a file."""
    if not isinstance(data, QueryDict):
        return parsed(EvidenceLinkInput(data=data))
    refuse_repeated(data)
    values = parsed(EvidenceFileInput(data=data))
    refuse_large(values.get("file"))
    return values


class EvidenceDetail(CommitmentView):
    """One piece of evidence."""

    @extend_schema(operation_id="evidence_read", responses={200: OneEvidenceOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One piece of evidence. It cannot be changed or deleted, only withdrawn."""
        return EVIDENCE.answer(request, reference, pk)


class EvidenceWithdrawals(CommitmentView):
    """The withdrawal of a piece of evidence."""

    @extend_schema(
        operation_id="evidence_withdraw",
        request=ReasonInput,
        responses={201: OneEvidenceOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Withdraw the evidence, with a reason. It stays on record. The answer is the withdrawn evidence."""
        commitment = visible(request, reference)
        piece = EVIDENCE.get(commitment, pk)
        require_reporter(commitment, request.user)
        values = parsed(ReasonInput(data=request.data))
        withdraw_evidence(evidence=piece, actor=request.user, **values)
        return EVIDENCE.written(request, commitment, piece)


class EvidenceFile(CommitmentView):
    """The file of a piece of evidence."""

    content_negotiation_class = AnyType

    @extend_schema(
        operation_id="evidence_file",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> HttpResponseBase:
        """The file as it was uploaded, with its original name. A link has no file (404)."""
        piece = EVIDENCE.get(visible(request, reference), pk)
        without_parameters(request)
        if piece.kind != EvidenceKind.FILE:
            raise Http404
        return file_answer(request, piece.file, piece.file_name, piece.sha256)
