"""Progress reports, and the figures reported for a target. Neither changes the status."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import ERROR_PAGE_PARAMETERS, ChildKind
from api.children_inputs import ProgressInput, ReadingInput
from api.children_outputs import (
    OneProgressOutput,
    OneReadingOutput,
    ProgressPageOutput,
    ReadingPageOutput,
)
from api.commitments import CommitmentView, visible
from commitments.documents.commitment import LONG_TEXTS
from commitments.documents.commitment_schema import PROGRESS as PROGRESS_SCHEMA
from commitments.documents.commitment_schema import READING
from commitments.models import Reading
from commitments.services.progress import record_progress, require_reporter
from commitments.services.readings import record_reading
from core.api.serializers import parsed
from core.api.views import TAGGED

PROGRESS = ChildKind(
    rows=lambda commitment: commitment.progress_updates.select_related("actor"),
    with_errors=lambda commitment: commitment.progress_updates(manager="with_errors").select_related("actor"),
    schema=PROGRESS_SCHEMA,
    address="api-progress-update",
)


def _with_relations(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    return rows.select_related("paragraph__source").defer(*LONG_TEXTS)


READINGS = ChildKind(
    rows=lambda commitment: _with_relations(commitment.readings.all()),
    with_errors=lambda commitment: _with_relations(commitment.readings(manager="with_errors").all()),
    schema=READING,
    address="api-reading",
)


class ProgressList(CommitmentView):
    """The progress reports of a commitment."""

    @extend_schema(
        operation_id="progress_list", parameters=ERROR_PAGE_PARAMETERS, responses={200: ProgressPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the progress reports, by the date that they are about."""
        return PROGRESS.list_answer(request, reference)

    @extend_schema(
        operation_id="progress_record",
        request=ProgressInput,
        responses={201: OneProgressOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Record a progress report. For officers, and for focal points of an assigned agency. `review_on`
        sets the next review date."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        values = parsed(ProgressInput(data=request.data))
        update = record_progress(commitment=commitment, actor=request.user, **values)
        return PROGRESS.written(request, commitment, update)


class ProgressDetail(CommitmentView):
    """One progress report."""

    @extend_schema(operation_id="progress_read", responses={200: OneProgressOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One progress report. It cannot be changed or deleted."""
        return PROGRESS.answer(request, reference, pk)


class ReadingList(CommitmentView):
    """The figures reported for the target of a commitment."""

    @extend_schema(
        operation_id="readings_list", parameters=ERROR_PAGE_PARAMETERS, responses={200: ReadingPageOutput}
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the figures reported for the target, by the last day that they cover."""
        return READINGS.list_answer(request, reference)

    @extend_schema(
        operation_id="readings_record",
        request=ReadingInput,
        responses={201: OneReadingOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Record a figure for the target, in its unit, with the paragraph that it is based on, if any."""
        commitment = visible(request, reference)
        require_reporter(commitment, request.user)
        values = parsed(ReadingInput(data=request.data, context={"user": request.user}))
        reading = record_reading(commitment=commitment, actor=request.user, **values)
        return READINGS.written(request, commitment, reading)


class ReadingDetail(CommitmentView):
    """One figure."""

    @extend_schema(operation_id="readings_read", responses={200: OneReadingOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """One figure reported for the target."""
        return READINGS.answer(request, reference, pk)
