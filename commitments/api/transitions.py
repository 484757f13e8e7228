"""The moves of one commitment: its history, and the next step."""

from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import SignedInApiRequest
from commitments.api.commitments import visible
from commitments.api.documents import change_document
from commitments.api.serializers import TransitionSerializer, by_field
from commitments.models import Commitment
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import available_transitions, dossier_of, refusal
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, Name, Transition
from core.problems import Problem


class Transitions(APIView):
    """The history of a commitment, and the moves that the caller may make now."""

    @extend_schema(responses={200: dict})
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The status changes, first to last, and ``available_transitions``."""
        commitment = visible(request, reference)
        changes = commitment.status_changes.select_related("actor", "paragraph__source").prefetch_related(
            "evidence", Prefetch("successor", Commitment.objects.visible_to(request.user))
        )
        results = [change_document(change) for change in changes.order_by("number")]
        return Response(
            {
                "count": len(results),
                "next": None,
                "previous": None,
                "results": results,
                "status": commitment.status,
                "available_transitions": _moves(commitment, request),
            }
        )

    @extend_schema(request=TransitionSerializer, responses={201: dict})
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Make a move; refusals come in the order of DESIGN §4 and change nothing."""
        commitment = visible(request, reference)
        asked = TransitionSerializer(data=request.data, context={"user": request.user})
        faults = {} if asked.is_valid() else by_field(asked)
        row = _row_of(request.data)
        try:
            if faults:
                if refused := refusal(row, dossier_of(commitment), request.user):
                    raise refused
                raise RequirementsNotMet(faults)
            change = apply_transition(commitment=commitment, actor=request.user, **asked.arguments())
        except IllegalTransition as refused:
            commitment.refresh_from_db()
            raise Problem(
                HTTPStatus.CONFLICT,
                str(refused),
                current_status=refused.status,
                available_transitions=_moves(commitment, request),
            ) from refused
        except RequirementsNotMet as refused:
            raise Problem(HTTPStatus.BAD_REQUEST, str(refused), errors=refused.errors) from refused
        commitment = Commitment.objects.get(pk=commitment.pk)
        return Response(
            {
                "reference": commitment.reference,
                "status": commitment.status,
                **change_document(change),
                "available_transitions": _moves(commitment, request),
            },
            status=HTTPStatus.CREATED,
        )


def _row_of(data: Any) -> Transition:
    """The row of the table that was asked for: nothing else is looked at before that is known."""
    name = data.get("transition") if isinstance(data, dict) else None
    if isinstance(name, str) and name in TRANSITIONS:
        return TRANSITIONS[Name(name)]
    message = str(UnknownTransition(name)) if isinstance(name, str) else _("Say which transition.")
    raise Problem(HTTPStatus.BAD_REQUEST, message, errors={"transition": [message]})


def _moves(commitment: Commitment, request: SignedInApiRequest) -> list[str]:
    return [str(row.name) for row in available_transitions(commitment, request.user)]
