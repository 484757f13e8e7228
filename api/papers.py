"""The files of a source: upload, download, withdrawal."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.permissions import Right
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind, without_parameters
from api.children_inputs import ReasonInput
from api.children_outputs import WithId
from api.inputs import text_of
from api.outputs import PageOutput, SchemaOutput
from commitments.documents.reference_schema import PAPER, PAPER_WITHDRAWAL
from core.api.files import AnyType, file_answer, refuse_large, refuse_repeated
from core.api.parsers import FormParser
from core.api.serializers import StrictSerializer, parsed
from core.api.views import TAGGED, ApiView
from relations.models import Source
from relations.services.papers import attach_paper, withdraw_paper
from relations.services.record_writers import require_right


class PaperInput(StrictSerializer):
    """A file of at most 20 MB: the document itself, a scan, or one of its languages."""

    file = serializers.FileField(allow_empty_file=True)
    language = text_of("Paper.language", required=False, allow_blank=True)


class PaperWithdrawalOutput(SchemaOutput):
    """The withdrawal of a file."""

    class Meta(SchemaOutput.Meta):
        schema = PAPER_WITHDRAWAL
        sent: tuple[str, ...] = ("recorded_at",)


class PaperOutput(SchemaOutput, WithId):
    """A file of a source, with its id."""

    withdrawn = PaperWithdrawalOutput(required=False)

    class Meta(SchemaOutput.Meta):
        schema = PAPER
        sent: tuple[str, ...] = ("recorded_at",)


class PaperPageOutput(PageOutput):
    """One page of files."""

    results = PaperOutput(many=True)


def visible_source(request: SignedInApiRequest, slug: str, *, deferred: tuple[str, ...] = ()) -> Source:
    """The source with that key, without the fields ``deferred``, if the caller may see it.

    Raises ``Http404``.
    """
    seen = Source.objects.visible_to(request.user).defer(*deferred)
    found = None if "\x00" in slug else seen.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _source(request: SignedInApiRequest, slug: str) -> Source:
    return visible_source(request, slug, deferred=("text", "search_text"))


def visible_sources(request: SignedInApiRequest, slug: str) -> list[str]:
    """The key of a source, as the name of what a kept answer is about, if the caller may see it."""
    seen = Source.objects.visible_to(request.user).filter(slug=slug)
    return [f"sources/{key}" for key in seen.values_list("slug", flat=True)] if "\x00" not in slug else []


PAPERS = ChildKind(
    rows=lambda source: source.papers.select_related("actor", "withdrawal__actor").order_by("pk"),
    schema=PAPER,
    address="api-paper",
    owner_of=_source,
    owner_key="slug",
)


class PaperView(ApiView):
    """A view of the files of a source."""

    def visible_names(self, request: SignedInApiRequest, text: str) -> list[str]:
        """The key of the source, if the caller may see it."""
        return visible_sources(request, self.kwargs["slug"])


class PaperList(PaperView):
    """The files of a source."""

    parser_classes = (FormParser,)

    @extend_schema(operation_id="papers_list", parameters=PAGE_PARAMETERS, responses={200: PaperPageOutput})
    def get(self, request: SignedInApiRequest, slug: str) -> Response:
        """List the files of the document itself, oldest first. A withdrawn one has the member `withdrawn`."""
        return PAPERS.list_answer(request, slug)

    @extend_schema(
        operation_id="papers_add",
        request={"multipart/form-data": PaperInput},
        responses={201: PaperOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str) -> Response:
        """Attach a file (form data). For officers."""
        source = _source(request, slug)
        require_right(request.user, Right.EDIT_REGISTER)
        paper = attach_paper(source=source, actor=request.user, **_values(request.data))
        return PAPERS.written(request, source, paper)


def _values(data: Any) -> dict[str, Any]:
    """The arguments of ``attach_paper``. Raises ``Problem``, and ``TooLarge`` for the file."""
    refuse_repeated(data)
    values = parsed(PaperInput(data=data))
    refuse_large(values["file"])
    return values


class PaperDetail(ApiView):
    """One file of a source."""

    @extend_schema(operation_id="papers_read", responses={200: PaperOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """What is recorded of one file. It cannot be changed or deleted, only withdrawn."""
        return PAPERS.answer(request, slug, pk)


class PaperFile(ApiView):
    """The content of a file of a source."""

    content_negotiation_class = AnyType

    @extend_schema(
        operation_id="papers_file",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest, slug: str, pk: int) -> HttpResponseBase:
        """The file as it was uploaded, with its original name."""
        paper = PAPERS.get(_source(request, slug), pk)
        without_parameters(request)
        return file_answer(request, paper.file, paper.file_name, paper.sha256)


class PaperWithdrawals(PaperView):
    """The withdrawal of a file of a source."""

    @extend_schema(
        operation_id="papers_withdraw", request=ReasonInput, responses={201: PaperOutput}, extensions=TAGGED
    )
    @idempotent
    def post(self, request: SignedInApiRequest, slug: str, pk: int) -> Response:
        """Withdraw the file, with a reason. It stays on record. The answer is the withdrawn file."""
        source = _source(request, slug)
        paper = PAPERS.get(source, pk)
        require_right(request.user, Right.EDIT_REGISTER)
        withdraw_paper(paper=paper, actor=request.user, **parsed(ReasonInput(data=request.data)))
        return PAPERS.written(request, source, paper)
