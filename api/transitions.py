"""The transitions of one commitment: its history, and the next status change."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.children_inputs import DayCorrectionInput
from api.commitments import CommitmentView, visible
from api.etags import etag_of_stamp
from api.examples import START, SUBMIT
from api.outputs import HistoryOutput, StatusChangeOutput, TransitionMadeOutput
from api.serializers import TransitionSerializer
from api.transition_documents import change_document
from commitments.models import Commitment, DayCorrection, Evidence, StatusChange
from commitments.services.day_corrections import correct_day, require_corrector
from commitments.services.dossier import Stamp, stamp_for
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import WorkflowContext, refusal, transitions_from, workflow_context
from commitments.services.transitions import apply_to_locked
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.api.etags import require_etag
from core.api.problem_details import Problem
from core.api.serializers import errors_of, parsed

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description=(
        "The ETag of the commitment as it was read. If it has changed since, the answer is 412. A decision "
        "(confirm, return) without it is made on what stands, and stored as `unconditional`."
    ),
)


class Transitions(CommitmentView):
    """The history of a commitment, and the transitions that the caller can make now."""

    @extend_schema(operation_id="transitions_list", responses={200: HistoryOutput})
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the status changes, oldest first, with `available_transitions`."""
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
        responses={201: TransitionMadeOutput},
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Change the status. Errors come in a fixed order and change nothing: 404, 400 for an unknown
        transition, 403 for the role, 409 for the status, 403 for the caller's own submission, 400 for missing
        members."""
        data, error = _body(request)
        with transaction.atomic():
            workflow = workflow_context(visible(request, reference, locked=True))
            stamp = matched(request.user, reference, request.headers.get("If-Match", ""))
            if error:
                raise error
            made = make_transition(request.user, workflow, data, {"user": request.user}, stamp)
            return Response(made.document, HTTPStatus.CREATED)


class DayCorrections(CommitmentView):
    """Corrections of the day of a status change."""

    @extend_schema(
        operation_id="transitions_correct_day",
        request=DayCorrectionInput,
        responses={201: StatusChangeOutput},
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, number: int) -> Response:
        """Correct the day of a status change that was dated wrongly. For reviewers. The recorded day stays in
        `occurred_on`; rules about days go by the last one in `corrected`."""
        commitment = visible(request, reference)
        change = commitment.status_changes.filter(number=number).first()
        if change is None:
            raise Http404
        require_corrector(request.user)
        values = parsed(DayCorrectionInput(data=request.data))
        correct_day(change=change, actor=request.user, day=values["on"], reason=values["reason"])
        return Response(
            change_document(_history(commitment, request.user).get(pk=change.pk)), HTTPStatus.CREATED
        )


def matched(user: User, reference: str, if_match: str) -> Stamp | None:
    """The state that ``if_match``, as in the header, names: ``None`` if it is empty or "*".

    The commitment must be locked. Raises ``Problem`` (412) if it is not the current state.
    """
    if not if_match.strip():
        return None
    stamp = stamp_for(user, reference)
    require_etag(if_match, etag_of_stamp(user, stamp) if stamp else "")
    return None if if_match.strip() == "*" else stamp


def _body(request: SignedInApiRequest) -> tuple[Any, APIException | None]:
    """The body, or the error of reading it, which is raised in its turn.

    Read it before anything is locked: a slow sender must not make others wait.
    """
    try:
        return request.data, None
    except APIException as error:
        return None, error


@dataclass(frozen=True, slots=True)
class TransitionMade:
    """A status change that was made: its document, and the context of the next one."""

    document: dict[str, Any]
    context: WorkflowContext


def make_transition(
    user: User,
    workflow: WorkflowContext,
    data: Any,
    context: Mapping[str, Any],
    stamp: Stamp | None = None,
) -> TransitionMade:
    """Make the transition that ``data`` describes; the commitment must be locked.

    ``context`` is for the serializer. ``stamp`` is the state that the caller has read, if known.
    Raises ``Problem`` and the errors of the services. With 409 the problem has the transitions that are
    possible now.
    """
    serializer = TransitionSerializer(data=data, context=context)
    errors = {} if serializer.is_valid() else errors_of(serializer)
    transition = _transition_of(data)
    try:
        if errors:
            if refused := refusal(transition, workflow, user):
                raise refused
            raise RequirementsNotMet(errors)
        change = apply_to_locked(workflow, actor=user, stamp=stamp, **serializer.arguments())
    except IllegalTransition as refused:
        raise Problem(
            HTTPStatus.CONFLICT,
            str(refused),
            current_status=refused.status,
            available_transitions=_names(workflow, user),
        ) from refused
    workflow_after = workflow.after(change)
    if change.successor_id:  # The caller may not be allowed to see it.
        change = _history(workflow.commitment, user).get(pk=change.pk)
    document = {
        "reference": workflow.commitment.reference,
        "status": change.to_status,
        **change_document(change, evidence=None if serializer.validated_data.get("evidence") else ()),
        "available_transitions": _names(workflow_after, user),
    }
    return TransitionMade(document, workflow_after)


def _history(commitment: Commitment, user: User) -> QuerySet[StatusChange]:
    changes = commitment.status_changes.select_related("actor", "paragraph__source").prefetch_related(
        Prefetch("day_corrections", DayCorrection.objects.select_related("actor")),
        Prefetch("evidence", Evidence.objects.select_related("withdrawal__actor")),
        Prefetch("successor", Commitment.objects.visible_to(user)),
    )
    return changes.order_by("number")


def _transition_of(data: Any) -> Transition:
    """The transition that ``data`` names. It must be known before anything else is checked."""
    name = data.get("transition") if isinstance(data, dict) else None
    if isinstance(name, str) and name in TRANSITIONS:
        return TRANSITIONS[TransitionName(name)]
    message = str(UnknownTransition(name)) if isinstance(name, str) else _("Enter the name of a transition.")
    raise Problem(HTTPStatus.BAD_REQUEST, message, errors={"transition": [message]})


def _names(workflow: WorkflowContext, user: User) -> list[str]:
    return [str(transition.name) for transition in transitions_from(workflow, user)]
