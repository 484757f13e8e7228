"""The moves of one commitment: its history, and the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.commitments import CommitmentView, visible
from api.etags import etag_for
from api.examples import START, SUBMIT
from api.outputs import HistoryOutput, MovedOutput
from api.serializers import TransitionSerializer
from api.transition_documents import change_document
from commitments.models import Commitment, StatusChange
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import WorkflowContext, refusal, transitions_from, workflow_context
from commitments.services.transitions import apply_to_locked
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.api.etags import require_match
from core.api.problem_details import Problem
from core.api.serializers import faults_of

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The ETag of the commitment as it was read; a newer state refuses the move (412).",
)


class Transitions(CommitmentView):
    """The history of a commitment, and the moves that the caller may make now."""

    @extend_schema(operation_id="transitions_list", responses={200: HistoryOutput})
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The status changes, first to last, and ``available_transitions``."""
        commitment = visible(request, reference)
        changes = list(_history(commitment, request.user))
        results = [change_document(change) for change in changes]
        return Response(
            {
                "count": len(results),
                "next": None,
                "previous": None,
                "results": results,
                "status": commitment.status,
                "available_transitions": _names(workflow_context(commitment, changes), request.user),
            }
        )

    @extend_schema(
        operation_id="transitions_make",
        request=TransitionSerializer,
        examples=[START, SUBMIT],
        parameters=[IF_MATCH],
        responses={201: MovedOutput},
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Make a move. Refusals come in a fixed order and change nothing: 404, 400 for an unknown transition,
        403 for the role, 409 for the status, 403 for one's own submission, 400 for what is missing."""
        data, unread = _body(request)
        with transaction.atomic():
            workflow = workflow_context(visible(request, reference, locked=True))
            if request.headers.get("If-Match", "").strip():
                require_match(request, etag_for(request.user, reference) or "")
            if unread:
                raise unread
            done = move(request.user, workflow, data, {"user": request.user})
            return Response(done.told, HTTPStatus.CREATED)


def _body(request: SignedInApiRequest) -> tuple[Any, APIException | None]:
    """What was sent, or why it cannot be read. It is read before anything is locked: who sends slowly makes
    nobody wait; and what is wrong with it is told in its turn."""
    try:
        return request.data, None
    except APIException as unread:
        return None, unread


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was made: what the caller is told, and the workflow as it stands now."""

    told: dict[str, Any]
    workflow: WorkflowContext


def move(user: User, workflow: WorkflowContext, data: Any, context: Mapping[str, Any]) -> Done:
    """Make the move that ``data`` describes of a commitment that is locked.

    Raises ``Problem`` and what the writer refuses; with 409 the problem says what would be possible now.
    """
    asked = TransitionSerializer(data=data, context=context)
    faults = {} if asked.is_valid() else faults_of(asked)
    row = _row_of(data)
    try:
        if faults:
            if refused := refusal(row, workflow, user):
                raise refused
            raise RequirementsNotMet(faults)
        change = apply_to_locked(workflow, actor=user, **asked.arguments())
    except IllegalTransition as refused:
        raise Problem(
            HTTPStatus.CONFLICT,
            str(refused),
            current_status=refused.status,
            available_transitions=_names(workflow, user),
        ) from refused
    now = workflow.after(change)
    if change.successor_id:  # which the caller may see or not
        change = _history(workflow.commitment, user).get(pk=change.pk)
    told = {
        "reference": workflow.commitment.reference,
        "status": change.to_status,
        **change_document(change, brought=None if asked.validated_data.get("evidence") else ()),
        "available_transitions": _names(now, user),
    }
    return Done(told, now)


def _history(commitment: Commitment, user: User) -> QuerySet[StatusChange]:
    changes = commitment.status_changes.select_related("actor", "paragraph__source").prefetch_related(
        "evidence", Prefetch("successor", Commitment.objects.visible_to(user))
    )
    return changes.order_by("number")


def _row_of(data: Any) -> Transition:
    """The row of the table that was asked for: nothing else is looked at before that is known."""
    name = data.get("transition") if isinstance(data, dict) else None
    if isinstance(name, str) and name in TRANSITIONS:
        return TRANSITIONS[TransitionName(name)]
    message = str(UnknownTransition(name)) if isinstance(name, str) else _("Say which transition.")
    raise Problem(HTTPStatus.BAD_REQUEST, message, errors={"transition": [message]})


def _names(workflow: WorkflowContext, user: User) -> list[str]:
    return [str(row.name) for row in transitions_from(workflow, user)]
