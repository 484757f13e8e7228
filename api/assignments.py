"""The agencies that are assigned to a commitment."""

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
from commitments.documents.commitment_json import closed_focal_point
from commitments.documents.commitment_schema import ASSIGNMENT
from commitments.services.assignments import assign, require_assigner, unassign
from core.api.serializers import parsed
from core.api.views import TAGGED

ASSIGNMENTS = ChildKind(
    rows=lambda commitment: commitment.assignments.select_related("agency", "focal_point").order_by("pk"),
    schema=ASSIGNMENT,
    more=closed_focal_point,
    address="api-assignment",
)


class AssignmentList(CommitmentView):
    """The assignments of a commitment."""

    @extend_schema(
        operation_id="assignments_list", parameters=PAGE_PARAMETERS, responses={200: AssignmentPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the agencies that are assigned, oldest assignment first."""
        return ASSIGNMENTS.list_answer(request, reference)

    @extend_schema(
        operation_id="assignments_make",
        request=AssignmentInput,
        responses={200: OneAssignmentOutput, 201: OneAssignmentOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Assign an agency (201). An agency that is already assigned gets the role and the focal point in the
        request (200). For officers."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        values = parsed(AssignmentInput(data=request.data, context={"user": request.user}))
        with transaction.atomic():
            is_assigned = ASSIGNMENTS.rows(commitment).filter(agency=values["agency"]).exists()
            assignment = assign(commitment=commitment, actor=request.user, **values)
        status = HTTPStatus.OK if is_assigned else HTTPStatus.CREATED
        return ASSIGNMENTS.written(request, commitment, assignment, status=status)


class AssignmentDetail(CommitmentView):
    """One assignment."""

    @extend_schema(operation_id="assignments_read", responses={200: OneAssignmentOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One agency that is assigned."""
        return ASSIGNMENTS.answer(request, reference, pk)

    @extend_schema(
        operation_id="assignments_change",
        request=AssignmentChangeInput,
        responses={200: OneAssignmentOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Change the role or the focal point. Members that are left out stay unchanged."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        with transaction.atomic():
            assignment = ASSIGNMENTS.locked(request, commitment, pk)
            changes = parsed(AssignmentChangeInput(data=request.data, context={"user": request.user}))
            values = {"role": assignment.role, "focal_point": assignment.focal_point, **changes}
            assign(commitment=commitment, actor=request.user, agency=assignment.agency, **values)
        return ASSIGNMENTS.written(request, commitment, assignment, status=HTTPStatus.OK)

    @extend_schema(operation_id="assignments_take_away", responses={204: None})
    def delete(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Remove the assignment. The field history keeps a record of it."""
        commitment = visible(request, reference)
        require_assigner(request.user)
        with transaction.atomic():
            unassign(assignment=ASSIGNMENTS.locked(request, commitment, pk), actor=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)
