"""Evidence of a commitment: links and files, and what no longer counts."""

from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind, without_parameters
from api.children_inputs import EvidenceFileInput, EvidenceLinkInput, ReasonInput
from api.children_outputs import EvidencePageOutput, OneEvidenceOutput
from api.commitments import CommitmentView, visible
from commitments.choices import EvidenceKind
from commitments.documents.commitment import evidence_document
from commitments.services.files import MAX_BYTES
from commitments.services.progress import add_evidence, require_reporter, withdraw_evidence
from core.api.etags import is_known
from core.api.parsers import FormParser, JSONParser, TooLarge
from core.api.serializers import faulty, parsed
from core.api.views import TAGGED
from core.downloads import attachment

EVIDENCE = ChildKind(
    rows=lambda commitment: commitment.evidence.select_related("actor", "status_change", "withdrawal__actor"),
    document=evidence_document,
    address="api-evidence",
)


class EvidenceList(CommitmentView):
    """The evidence for what became of a commitment."""

    parser_classes = (JSONParser, FormParser)

    @extend_schema(
        operation_id="evidence_list", parameters=PAGE_PARAMETERS, responses={200: EvidencePageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The evidence, in the order in which it was recorded; what was withdrawn says so."""
        return EVIDENCE.list_answer(request, reference)

    @extend_schema(
        operation_id="evidence_add",
        request={"application/json": EvidenceLinkInput, "multipart/form-data": EvidenceFileInput},
        responses={201: OneEvidenceOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Attach a link (JSON) or a file (form data); an officer, or a focal point of a charged agency. A
        later move may name a file by its id as its evidence."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        piece = add_evidence(commitment=commitment, actor=request.user, **_given(request.data))
        return EVIDENCE.written(request, commitment, piece)


def _given(data: Any) -> dict[str, Any]:
    """What ``add_evidence`` takes. Raises ``Problem``, and ``TooLarge`` for a file."""
    if not isinstance(data, QueryDict):
        return parsed(EvidenceLinkInput(data=data))
    if several := {name: [_("Give it once.")] for name, values in data.lists() if len(values) > 1}:
        raise faulty(several)
    given = parsed(EvidenceFileInput(data=data))
    if given.get("file") is not None and given["file"].size > MAX_BYTES:
        raise TooLarge(MAX_BYTES)
    return given


class EvidenceDetail(CommitmentView):
    """One piece of evidence."""

    @extend_schema(operation_id="evidence_read", responses={200: OneEvidenceOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One piece of evidence. It cannot be changed or deleted, only withdrawn."""
        return EVIDENCE.answer(request, reference, pk)


class EvidenceWithdrawals(CommitmentView):
    """Whether a piece of evidence still counts."""

    @extend_schema(
        operation_id="evidence_withdraw",
        request=ReasonInput,
        responses={201: OneEvidenceOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Say that it no longer counts, and why; it stays on record. Answers the evidence as it is now."""
        commitment = visible(request, reference)
        piece = EVIDENCE.of(commitment, pk)
        require_reporter(commitment, request.user)
        given = parsed(ReasonInput(data=request.data))
        withdraw_evidence(evidence=piece, actor=request.user, **given)
        return EVIDENCE.written(request, commitment, piece)


class AnyType(BaseContentNegotiation):
    """A file is of one type, whatever the caller would rather have; refusals are told in JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Nothing is sent to a file."""
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first."""
        return renderers[0], renderers[0].media_type


class EvidenceFile(CommitmentView):
    """The file of a piece of evidence."""

    content_negotiation_class = AnyType

    @extend_schema(
        operation_id="evidence_file",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> FileResponse | Response:
        """The file as it was uploaded, under its name then; a link has none (404)."""
        piece = EVIDENCE.of(visible(request, reference), pk)
        without_parameters(request)
        if piece.kind != EvidenceKind.FILE:
            raise Http404
        etag = f'"{piece.sha256}"'
        if is_known(request, etag):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
        answer = attachment(piece.file, piece.file_name, piece.sha256)
        answer.headers["ETag"] = etag
        return answer
