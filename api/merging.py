"""Merges of two commitments, and their undoing."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.requests import SignedInApiRequest
from api.commitments import CommitmentView, commitment_answer, visible
from api.inputs import LONGEST_NOTE
from api.outputs import CommitmentOutput
from commitments.models import Merge
from commitments.services.errors import RequirementsNotMet
from commitments.services.merging import merge, require_merger, undo_merge
from core.api.serializers import StrictSerializer, parsed
from core.api.views import TAGGED


class MergeInput(StrictSerializer):
    """Another commitment that is the same, or a merge that is undone: one of the two, and the reason."""

    absorb = serializers.CharField(
        max_length=60,
        required=False,
        help_text="The reference of the commitment that is merged into this one. It leads here afterwards.",
    )
    undo = serializers.CharField(
        max_length=60, required=False, help_text="The reference of one whose merge into this one is undone."
    )
    reason = serializers.CharField(max_length=LONGEST_NOTE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the two."""
        if ("absorb" in attrs) == ("undo" in attrs):
            raise serializers.ValidationError({"absorb": [_("Name a commitment in “absorb” or in “undo”.")]})
        return attrs


class Merges(CommitmentView):
    """Merges into one commitment."""

    @extend_schema(
        operation_id="commitments_merge",
        request=MergeInput,
        responses={201: CommitmentOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest, reference: str) -> Response:
        """Merge another commitment into this one, or undo that. For reviewers. The answer is the commitment
        that was kept. Afterwards the other reference answers 301 here, and 409 whoever writes to it."""
        kept = visible(request, reference)
        require_merger(request.user)
        values = parsed(MergeInput(data=request.data))
        if "absorb" in values:
            other = _other(request, values["absorb"])
            _merge(kept=kept, absorbed=other, actor=request.user, reason=values["reason"])
        else:
            done = Merge.objects.filter(
                kept=kept, absorbed__reference=values["undo"], undoes=None, undone_by=None
            ).first()
            if done is None:
                raise RequirementsNotMet({"undo": [_("No merge of this reference into this one stands.")]})
            undo_merge(done=done, actor=request.user, reason=values["reason"])
        return commitment_answer(request, reference, status=HTTPStatus.CREATED)


def _other(request: SignedInApiRequest, reference: str) -> Any:
    try:
        return visible(request, reference)
    except Http404 as unknown:
        message = _("There is no commitment with this reference.")
        raise RequirementsNotMet({"absorb": [message]}) from unknown


def _merge(**arguments: Any) -> None:
    """Merge, and name the fields as the body does."""
    try:
        merge(**arguments)
    except RequirementsNotMet as refused:
        names = {"other": "absorb"}
        raise RequirementsNotMet({names.get(k, k): v for k, v in refused.errors.items()}) from refused
