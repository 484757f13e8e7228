"""Many at once: each item by the same writer as a single one, with a result of its own."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.bulk_bodies import BulkOutput, ManyMovesInput, ManyRegistrationsInput
from api.commitments import registration_in
from api.exception_handler import refusal_response
from api.transitions import move
from commitments.models import Commitment, StatusChange
from commitments.services.errors import NotYours
from commitments.services.policy import WorkflowContext, has_any_transition, workflow_context
from commitments.services.references import lock_serials
from commitments.services.registration import Registration, for_registrars, write_registrations
from commitments.services.search import folded_at_the_end
from core.api.problem_details import Problem
from core.api.serializers import StrictSerializer, faulty, parsed
from core.api.views import ApiView

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
        for_registrars(request.user)
        asked = parsed(BulkInput(data=request.data))
        with transaction.atomic():
            lock_serials()
            return _answer(asked, Registrar(request.user).registered(asked["items"]))


class Registrar:
    """Registers items in their order, but writes together what was accepted."""

    def __init__(self, user: User) -> None:
        self.user, self.context = user, {"user": user}
        self.waiting: list[Registration] = []
        self.made: list[Commitment] = []

    def registered(self, items: Iterable[Any]) -> list[Document]:
        """What became of each."""
        with folded_at_the_end():
            results = [_tried(index, item, self._accept) for index, item in enumerate(items)]
            self._write()
        references = (commitment.reference for commitment in self.made)
        return [each if _is_refused(each) else {**each, "reference": next(references)} for each in results]

    def _accept(self, item: Any) -> Document:
        try:
            self.waiting.append(registration_in(self.user, item, self.context))
        except Problem as refused:
            if "related" not in refused.errors or not self.waiting:
                raise
            self._write()  # it may name one that comes before it
            self.waiting.append(registration_in(self.user, item, self.context))
        return {"reference": ""}

    def _write(self) -> None:
        self.made += write_registrations(self.waiting, actor=self.user)
        self.waiting.clear()


class BulkTransitions(ApiView):
    """Moving many commitments."""

    @extend_schema(operation_id="bulk_move", request=ManyMovesInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Make up to 1,000 moves, each as if alone and in the order of the items; a commitment may come more
        than once. With `all_or_nothing` one refusal undoes all; then each says what it would have been."""
        if not has_any_transition(request.user):
            raise NotYours(_("No move is for your role."))
        asked = parsed(BulkInput(data=request.data))
        context = {"user": request.user}
        with transaction.atomic():
            items = asked["items"]
            dossiers = _dossiers(request.user, map(_reference, items))

            @transaction.atomic
            def write(item: Any) -> Document:
                reference = _reference(item)
                if not reference:
                    raise faulty({"reference": [_("Say which commitment, by its reference.")]})
                if reference not in dossiers:
                    raise Http404
                rest = {name: value for name, value in item.items() if name != "reference"}
                done = move(request.user, dossiers[reference], rest, context)
                dossiers[reference] = done.workflow
                return done.told

            with folded_at_the_end():
                results = [_tried(index, item, write) for index, item in enumerate(items)]
            return _answer(asked, results)


def _reference(item: Any) -> str:
    reference = item.get("reference") if isinstance(item, dict) else None
    return reference if isinstance(reference, str) else ""


def _dossiers(user: User, references: Iterable[str]) -> dict[str, WorkflowContext]:
    """Those of ``references`` that ``user`` may see, all locked in one order, so that of two callers with the
    same ones neither waits for the other in the middle; what hangs on them is read once they are locked."""
    asked = {reference for reference in references if "\x00" not in reference}
    rows = Commitment.objects.visible_to(user).filter(reference__in=asked).order_by("pk")
    locked = list(rows.select_for_update(no_key=True))
    changes = StatusChange.objects.order_by("number")
    prefetch_related_objects(locked, Prefetch("status_changes", changes), "assignments")
    return {each.reference: workflow_context(each) for each in locked}


def _answer(asked: Document, results: list[Document]) -> Response:
    """Tell what became of each; inside the transaction that wrote them, which may be undone."""
    refused = sum(map(_is_refused, results))
    is_undone = bool(refused and asked["all_or_nothing"])
    if is_undone:
        transaction.set_rollback(True)
    done = 0 if is_undone else len(results) - refused
    return Response({"done": done, "refused": refused, "results": results})


def _is_refused(result: Document) -> bool:
    return bool(result["status"] >= HTTPStatus.BAD_REQUEST)


def _tried(index: int, item: Any, write: Callable[[Any], Document]) -> Document:
    result: Document = {"index": index}
    if reference := _reference(item):
        result["reference"] = reference
    try:
        return {**result, **write(item), "status": int(HTTPStatus.CREATED)}
    except Exception as refused:
        answer = refusal_response(refused, {})
        if answer is None:  # a fault of ours, and no refusal
            raise
        return {**result, **answer.data}
