"""The agencies that are charged with a commitment."""

from http import HTTPStatus

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind
from api.children_inputs import AssignmentChangeInput
from api.children_outputs import AssignmentPageOutput, OneAssignmentOutput
from api.commitments import CommitmentView, visible
from api.inputs import AssignmentInput
from commitments.documents.commitment import assignment_document
from commitments.services.assignments import assign, require_assigner, unassign
from core.api.serializers import parsed
from core.api.views import TAGGED

ASSIGNMENTS = ChildKind(
    rows=lambda commitment: commitment.assignments.select_related("agency", "focal_point").order_by("pk"),
    document=assignment_document,
    address="api-assignment",
)


class AssignmentList(CommitmentView):
    """The agencies that are charged with a commitment."""

    @extend_schema(
        operation_id="assignments_list", parameters=PAGE_PARAMETERS, responses={200: AssignmentPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The agencies that are charged, in the order in which they were."""
        return ASSIGNMENTS.list_answer(request, reference)

    @extend_schema(
        operation_id="assignments_make",
        request=AssignmentInput,
        responses={200: OneAssignmentOutput, 201: OneAssignmentOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Charge an agency with it (201). One that is charged already takes the role and the focal point that
        are given (200). An officer."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        given = parsed(AssignmentInput(data=request.data, context={"user": request.user}))
        with transaction.atomic():
            held = ASSIGNMENTS.rows(commitment).filter(agency=given["agency"]).exists()
            made = assign(commitment=commitment, actor=request.user, **given)
        status = HTTPStatus.OK if held else HTTPStatus.CREATED
        return ASSIGNMENTS.written(request, commitment, made, status=status)


class AssignmentDetail(CommitmentView):
    """One agency that is charged."""

    @extend_schema(operation_id="assignments_read", responses={200: OneAssignmentOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One agency that is charged."""
        return ASSIGNMENTS.answer(request, reference, pk)

    @extend_schema(
        operation_id="assignments_change",
        request=AssignmentChangeInput,
        responses={200: OneAssignmentOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Give it another role, or another person who reports; what is not given stays."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        with transaction.atomic():
            held = ASSIGNMENTS.locked(request, commitment, pk)
            given = parsed(AssignmentChangeInput(data=request.data, context={"user": request.user}))
            stays = {"role": held.role, "focal_point": held.focal_point}
            assign(commitment=commitment, actor=request.user, agency=held.agency, **{**stays, **given})
        return ASSIGNMENTS.written(request, commitment, held, status=HTTPStatus.OK)

    @extend_schema(operation_id="assignments_take_away", responses={204: None})
    def delete(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Take the charge away; the field history keeps it."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        with transaction.atomic():
            unassign(assignment=ASSIGNMENTS.locked(request, commitment, pk), actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)
