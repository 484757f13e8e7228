"""Many at once: each item by the same writer as a single one, with a result of its own."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.requests import SignedInApiRequest
from commitments.api.bulk_bodies import BulkOutput, ManyMovesInput, ManyRegistrationsInput
from commitments.api.commitments import editor_only, register
from commitments.api.refusals import refusal_response
from commitments.api.transitions import move
from commitments.models import Commitment
from commitments.services.errors import NotYours
from commitments.services.policy import holds_any_move
from commitments.services.references import lock_serials
from commitments.services.search import folded_at_the_end
from core.api import ApiView
from core.strict import StrictSerializer, faulty, parsed

Document = dict[str, Any]
MOST_ITEMS = 1000


class BulkInput(StrictSerializer):
    """Any items: each is read by whoever writes it."""

    items = serializers.ListField(min_length=1, max_length=MOST_ITEMS)
    all_or_nothing = serializers.BooleanField(default=False)


class BulkRegistrations(ApiView):
    """Registering many commitments."""

    @extend_schema(operation_id="bulk_register", request=ManyRegistrationsInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Register up to 1,000 commitments, each as if alone: `results` says, in the order of the items, what
        became of each. With `all_or_nothing` one refusal undoes all; each tells what it would have been."""
        editor_only(request.user)
        asked = parsed(BulkInput(data=request.data))
        context = {"user": request.user}

        def write(item: Any) -> Document:
            return {"reference": register(request.user, item, context).reference}

        with transaction.atomic():
            lock_serials()
            return _answer(asked, write)


class BulkTransitions(ApiView):
    """Moving many commitments."""

    @extend_schema(operation_id="bulk_move", request=ManyMovesInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Make up to 1,000 moves, each as if alone and in the order of the items; a commitment may come more
        than once. With `all_or_nothing` one refusal undoes all; then each says what it would have been."""
        if not holds_any_move(request.user):
            raise NotYours(_("No move is for your role."))
        asked = parsed(BulkInput(data=request.data))
        context = {"user": request.user}
        with transaction.atomic():
            found = _locked(request.user, (_reference(item) for item in asked["items"]))

            def write(item: Any) -> Document:
                reference = _reference(item)
                if not reference:
                    raise faulty({"reference": [_("Say which commitment, by its reference.")]})
                if reference not in found:
                    raise Http404
                rest = {name: value for name, value in item.items() if name != "reference"}
                return move(request.user, found[reference], rest, context)

            return _answer(asked, write)


def _reference(item: Any) -> str:
    reference = item.get("reference") if isinstance(item, dict) else None
    return reference if isinstance(reference, str) else ""


def _locked(user: User, references: Iterable[str]) -> dict[str, Commitment]:
    """Those of ``references`` that ``user`` may see, all locked in one order, so that of two callers with the
    same ones neither waits for the other in the middle."""
    asked = {reference for reference in references if "\x00" not in reference}
    rows = Commitment.objects.visible_to(user).filter(reference__in=asked).order_by("pk")
    return {each.reference: each for each in rows.select_for_update(no_key=True)}


def _answer(asked: Document, write: Callable[[Any], Document]) -> Response:
    """Write item by item, and tell what became of each; inside a transaction, which may be undone."""
    with folded_at_the_end():
        results = [_tried(index, item, write) for index, item in enumerate(asked["items"])]
    refused = sum(result["status"] >= HTTPStatus.BAD_REQUEST for result in results)
    is_undone = bool(refused and asked["all_or_nothing"])
    if is_undone:
        transaction.set_rollback(True)
    done = 0 if is_undone else len(results) - refused
    return Response({"done": done, "refused": refused, "results": results})


def _tried(index: int, item: Any, write: Callable[[Any], Document]) -> Document:
    result: Document = {"index": index}
    if reference := _reference(item):
        result["reference"] = reference
    try:
        with transaction.atomic():
            return {**result, **write(item), "status": int(HTTPStatus.CREATED)}
    except Exception as refused:
        answer = refusal_response(refused, {})
        if answer is None:  # a fault of ours, and no refusal
            raise
        return {**result, **answer.data}
