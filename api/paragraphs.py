"""One paragraph of a source: its wording with all versions, and a clerical correction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Right
from accounts.requests import SignedInApiRequest
from api.children import without_parameters
from api.inputs import LONGEST_NOTE, text_of
from api.papers import visible_source
from api.reference_outputs import ParagraphOutput, ParagraphVersionOutput
from commitments.documents.building import Document, build
from commitments.documents.reference_schema import PARAGRAPH, PARAGRAPH_VERSION, versions_of
from commitments.services.paragraph_corrections import correct_paragraph
from core.api.etags import etag_of, require_match
from core.api.serializers import StrictSerializer, parsed
from core.api.views import TAGGED, ApiView, object_answer
from relations.choices import ParagraphRole
from relations.models import Paragraph
from relations.services.record_writers import require_right


class CorrectionInput(StrictSerializer):
    """How the paragraph reads on the paper, and what was wrong. Members that are left out stay."""

    text = text_of("Paragraph.text", required=False)
    label = text_of(  # type: ignore[assignment]  # also an attribute of fields
        "Paragraph.label",
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="What it bears on the paper and is cited by. `null`: its number. Empty: it bears nothing.",
    )
    role = serializers.ChoiceField(choices=ParagraphRole.choices, required=False)
    reason = serializers.CharField(max_length=LONGEST_NOTE, help_text="What was wrong, and how it is known.")


class ParagraphWithVersionsOutput(ParagraphOutput):
    """A paragraph of a source, with its versions if it was corrected, the first wording first."""

    citation = serializers.CharField(help_text="What it is cited by.", allow_blank=True)
    versions = ParagraphVersionOutput(many=True)

    class Meta(ParagraphOutput.Meta):
        help_texts: Mapping[str, str] = {}


class ParagraphDetail(ApiView):
    """One paragraph of a source."""

    @extend_schema(
        operation_id="paragraphs_read", responses={200: ParagraphWithVersionsOutput}, extensions=TAGGED
    )
    def get(self, request: SignedInApiRequest, slug: str, number: int) -> Response:
        """One paragraph, by its number, with its versions if it was corrected."""
        paragraph = _found(request, slug, number)
        without_parameters(request)
        return object_answer(request, _document(paragraph))

    @extend_schema(
        operation_id="paragraphs_correct",
        request=CorrectionInput,
        responses={200: ParagraphWithVersionsOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, slug: str, number: int) -> Response:
        """Correct a slip of typing or numbering, as a new version. For officers.

        Mentions quote the new version. Status changes keep the version on which they were based.
        """
        found = _found(request, slug, number)
        require_right(request.user, Right.EDIT_REGISTER)
        with transaction.atomic():
            paragraph = Paragraph.objects.select_for_update(no_key=True).get(pk=found.pk)
            require_match(request, etag_of(_document(paragraph)))
            values: dict[str, Any] = {name: getattr(paragraph, name) for name in ("text", "label", "role")}
            values |= parsed(CorrectionInput(data=request.data))
            correct_paragraph(paragraph=paragraph, actor=request.user, version=paragraph.version, **values)
        return object_answer(request, _document(_found(request, slug, number)))


def _found(request: SignedInApiRequest, slug: str, number: int) -> Paragraph:
    """The paragraph, if the caller may see its source. Raises ``Http404``."""
    source = visible_source(request, slug, deferred=("text", "search_text"))
    paragraph = Paragraph.objects.filter(source=source, number=number).first()
    if paragraph is None:
        raise Http404
    return paragraph


def _document(paragraph: Paragraph) -> Document:
    versions = [build(each, PARAGRAPH_VERSION) for each in versions_of(paragraph)]
    return {**build(paragraph, PARAGRAPH), "citation": paragraph.citation, "versions": versions}
