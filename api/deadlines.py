"""The deadline changes of a commitment."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind
from api.children_inputs import DeadlineChangeInput
from api.children_outputs import DeadlineChangePageOutput, OneDeadlineChangeOutput
from api.commitments import CommitmentView, visible
from commitments.documents.commitment_schema import DEADLINE_CHANGE
from commitments.services.deadlines import COLUMNS, Window, change_deadline, require_editor
from commitments.services.errors import RequirementsNotMet
from core.api.serializers import parsed
from core.api.views import TAGGED

CHANGES = ChildKind(
    rows=lambda commitment: commitment.deadline_changes.select_related("actor").order_by("number"),
    schema=DEADLINE_CHANGE,
    address="api-deadline-change",
    key="number",
)


class DeadlineChangeList(CommitmentView):
    """The deadline changes of a commitment."""

    @extend_schema(
        operation_id="deadline_changes_list",
        parameters=PAGE_PARAMETERS,
        responses={200: DeadlineChangePageOutput},
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the changes of the deadline: the old deadline, the new one and the reason."""
        return CHANGES.list_answer(request, reference)

    @extend_schema(
        operation_id="deadline_changes_make",
        request=DeadlineChangeInput,
        responses={201: OneDeadlineChangeOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Replace the whole deadline. The old one stays on record. For officers."""
        commitment = visible(request, reference)
        require_editor(request.user)
        values = parsed(DeadlineChangeInput(data=request.data))
        window = Window(**values.pop("deadline"))
        try:
            change = change_deadline(commitment=commitment, actor=request.user, window=window, **values)
        except RequirementsNotMet as refused:
            errors = {f"deadline.{k}" if k in COLUMNS else k: v for k, v in refused.errors.items()}
            raise RequirementsNotMet(errors) from refused
        return CHANGES.written(request, commitment, change)


class DeadlineChangeDetail(CommitmentView):
    """One deadline change."""

    @extend_schema(
        operation_id="deadline_changes_read", responses={200: OneDeadlineChangeOutput}, extensions=TAGGED
    )
    def get(self, request: SignedInApiRequest, reference: str, number: int) -> Response:
        """One deadline change. It cannot be changed or deleted."""
        return CHANGES.answer(request, reference, number)
