"""What is reported of a commitment and changes no status: how it fares, and how far its target has come."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, ChildKind
from api.children_inputs import ProgressInput, ReadingInput
from api.children_outputs import (
    OneProgressOutput,
    OneReadingOutput,
    ProgressPageOutput,
    ReadingPageOutput,
)
from api.commitments import CommitmentView, visible
from commitments.documents.commitment import LONG_TEXTS, progress_document, reading_document
from commitments.services.progress import record_progress, require_reporter
from commitments.services.readings import record_reading
from core.api.serializers import parsed
from core.api.views import TAGGED

PROGRESS = ChildKind(
    rows=lambda commitment: commitment.progress_updates.select_related("actor"),
    document=progress_document,
    address="api-progress-update",
)
READINGS = ChildKind(
    rows=lambda commitment: commitment.readings.select_related("paragraph__source").defer(*LONG_TEXTS),
    document=reading_document,
    address="api-reading",
)


class ProgressList(CommitmentView):
    """The reports on how a commitment fares."""

    @extend_schema(
        operation_id="progress_list", parameters=PAGE_PARAMETERS, responses={200: ProgressPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The reports on how it fares, by the day that they speak of."""
        return PROGRESS.list_answer(request, reference)

    @extend_schema(
        operation_id="progress_record",
        request=ProgressInput,
        responses={201: OneProgressOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Report how it fares; an officer, or a focal point of a charged agency. `review_on` sets the day to
        look again."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        given = parsed(ProgressInput(data=request.data))
        update = record_progress(commitment=commitment, actor=request.user, **given)
        return PROGRESS.written(request, commitment, update)


class ProgressDetail(CommitmentView):
    """One report."""

    @extend_schema(operation_id="progress_read", responses={200: OneProgressOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One report on how it fares. It cannot be changed or deleted."""
        return PROGRESS.answer(request, reference, pk)


class ReadingList(CommitmentView):
    """The figures reported for the target of a commitment."""

    @extend_schema(
        operation_id="readings_list", parameters=PAGE_PARAMETERS, responses={200: ReadingPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The figures reported for the target, by the day up to which they count."""
        return READINGS.list_answer(request, reference)

    @extend_schema(
        operation_id="readings_record",
        request=ReadingInput,
        responses={201: OneReadingOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Report a figure for the target, in its unit; with the paragraph on which it rests, if any."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        given = parsed(ReadingInput(data=request.data, context={"user": request.user}))
        reading = record_reading(commitment=commitment, actor=request.user, **given)
        return READINGS.written(request, commitment, reading)


class ReadingDetail(CommitmentView):
    """One figure."""

    @extend_schema(operation_id="readings_read", responses={200: OneReadingOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One figure reported for the target."""
        return READINGS.answer(request, reference, pk)
