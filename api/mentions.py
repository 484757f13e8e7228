"""The mentions of a commitment."""

from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import ERROR_PAGE_PARAMETERS, ChildKind
from api.children_outputs import MentionPageOutput, OneMentionOutput
from api.commitments import CommitmentView, visible
from api.inputs import MentionInput
from commitments.documents.commitment import LONG_TEXTS
from commitments.documents.commitment_schema import MENTION
from commitments.models import Mention
from commitments.services.mentions import record_mention, require_recorder, take_back_mention
from core.api.serializers import parsed
from core.api.views import TAGGED


def _with_relations(rows: QuerySet[Mention]) -> QuerySet[Mention]:
    return rows.select_related("meeting", "paragraph__source").defer(*LONG_TEXTS).order_by("pk")


MENTIONS = ChildKind(
    rows=lambda commitment: _with_relations(commitment.mentions.all()),
    with_errors=lambda commitment: _with_relations(commitment.mentions(manager="with_errors").all()),
    schema=MENTION,
    address="api-mention",
)


class MentionList(CommitmentView):
    """The mentions of a commitment."""

    @extend_schema(
        operation_id="mentions_list", parameters=ERROR_PAGE_PARAMETERS, responses={200: MentionPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the mentions, oldest first."""
        return MENTIONS.list_answer(request, reference)

    @extend_schema(
        operation_id="mentions_record",
        request=MentionInput,
        responses={201: OneMentionOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Record a mention: a paragraph of a source that reports on the meeting. For officers."""
        commitment = visible(request, reference)
        require_recorder(request.user)
        values = parsed(MentionInput(data=request.data, context={"user": request.user}))
        mention = record_mention(commitment=commitment, actor=request.user, **values)
        return MENTIONS.written(request, commitment, mention)


class MentionDetail(CommitmentView):
    """One mention."""

    @extend_schema(operation_id="mentions_read", responses={200: OneMentionOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One mention."""
        return MENTIONS.answer(request, reference, pk)

    @extend_schema(operation_id="mentions_take_back", responses={204: None})
    def delete(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Undo a mention that was recorded by mistake. The only mention of a commitment cannot be undone,
        nor can one that a status change is based on (400)."""
        commitment = visible(request, reference)
        require_recorder(request.user)
        with transaction.atomic():
            mention = MENTIONS.locked(request, commitment, pk)
            take_back_mention(mention=mention, actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)
