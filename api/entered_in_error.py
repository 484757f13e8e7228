"""Notes that a commitment, or something that belongs to it, was entered in error."""

from http import HTTPStatus

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.children import ChildKind
from api.children_inputs import ErrorInput
from api.children_outputs import OneMentionOutput, OneProgressOutput, OneReadingOutput
from api.commitments import CommitmentView, commitment_answer, visible
from api.mentions import MENTIONS
from api.outputs import CommitmentOutput
from api.reporting import PROGRESS, READINGS
from commitments.services.entered_in_error import Thing, enter_in_error, lift, require_mender
from core.api.serializers import parsed
from core.api.views import TAGGED


class CommitmentInError(CommitmentView):
    """The note that a commitment was entered in error."""

    @extend_schema(
        operation_id="commitments_enter_in_error",
        request=ErrorInput,
        responses={201: CommitmentOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Note that the commitment should never have been entered, or, with `lift`, that it was no error.
        For reviewers, and within 24 hours for whoever entered it, while nothing has followed."""
        _note(request, visible(request, reference))
        return commitment_answer(request, reference, status=HTTPStatus.CREATED)


class ChildInError(CommitmentView):
    """The note that something that belongs to a commitment was entered in error."""

    kind: ChildKind

    def _noted(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        commitment = visible(request, reference)
        thing = self.kind.get(commitment, pk)
        _note(request, thing)
        return self.kind.written(request, visible(request, reference), thing)


class MentionInError(ChildInError):
    """The note that a mention was entered in error."""

    kind = MENTIONS

    @extend_schema(
        operation_id="mentions_enter_in_error",
        request=ErrorInput,
        responses={201: OneMentionOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Note that the mention should never have been entered, or lift such a note. The only mention of a
        commitment cannot be in error, nor one that its status rests on (409)."""
        return self._noted(request, reference, pk)


class ProgressInError(ChildInError):
    """The note that a progress report was entered in error."""

    kind = PROGRESS

    @extend_schema(
        operation_id="progress_enter_in_error",
        request=ErrorInput,
        responses={201: OneProgressOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Note that the progress report should never have been entered, or lift such a note."""
        return self._noted(request, reference, pk)


class ReadingInError(ChildInError):
    """The note that a figure was entered in error."""

    kind = READINGS

    @extend_schema(
        operation_id="readings_enter_in_error",
        request=ErrorInput,
        responses={201: OneReadingOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str, pk: int) -> Response:
        """Note that the figure should never have been entered, or lift such a note. The right figure of the
        same day is then recorded as a new one."""
        return self._noted(request, reference, pk)


def _note(request: SignedInApiRequest, thing: Thing) -> None:
    require_mender(thing, request.user)
    values = parsed(ErrorInput(data=request.data))
    write = lift if values.pop("lift") else enter_in_error
    write(thing=thing, actor=request.user, **values)
