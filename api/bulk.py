"""Many items in one request: each is written as it would be alone, and has its own result."""

from collections.abc import Callable, Container, Iterable
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
from accounts.permissions import Right
from accounts.requests import SignedInApiRequest
from api.bulk_bodies import (
    BulkAssignmentInput,
    BulkAssignmentsInput,
    BulkChangeInput,
    BulkChangesInput,
    BulkOutput,
    BulkRegistrationsInput,
    BulkTransitionsInput,
)
from api.commitments import CommitmentView, registration_in
from api.exception_handler import refusal_response
from api.transitions import make_transition, matched
from commitments.models import Commitment, StatusChange
from commitments.services.assignments import assign, remove_agency, replace_lead, require_assigner
from commitments.services.editing import edit_commitment
from commitments.services.errors import LikelyTwins, NotYours
from commitments.services.policy import WorkflowContext, has_any_transition, workflow_context
from commitments.services.references import lock_serials
from commitments.services.registration import Registration, require_registrar, write_registrations
from commitments.services.search import deferred_refresh
from commitments.services.twins import TwinIndexes
from core.api.problem_details import Problem
from core.api.serializers import StrictSerializer, parsed, validation_problem

Document = dict[str, Any]
MOST_ITEMS = 1000


class BulkInput(StrictSerializer):
    """Items of any kind: each is validated when it is written."""

    items = serializers.ListField(min_length=1, max_length=MOST_ITEMS)
    all_or_nothing = serializers.BooleanField(default=False)


class BulkCommitments(CommitmentView):
    """Registers or edits many commitments."""

    @extend_schema(operation_id="bulk_register", request=BulkRegistrationsInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Register up to 1,000 commitments, each as if it were sent alone. `results` has the result of each,
        in the order of the items. With `all_or_nothing` one error undoes all of them; each result then says
        what it would have been."""
        require_registrar(request.user)
        values = parsed(BulkInput(data=request.data))
        with transaction.atomic():
            lock_serials()
            return _answer(values, BulkRegistrar(request.user).register(values["items"]))

    @extend_schema(operation_id="bulk_change", request=BulkChangesInput, responses={200: BulkOutput})
    def patch(self, request: SignedInApiRequest) -> Response:
        """Set the theme or the classification of up to 1,000 commitments, each as if it were sent alone. An
        item may name the ETag that was read as `if_match`. With `all_or_nothing` one error undoes all of
        them; each result then says what it would have been."""
        if not request.user.may(Right.EDIT_REGISTER):
            raise NotYours(_("Only an officer can edit commitments."))
        return _each_locked(request, _edit)


class BulkAssignments(CommitmentView):
    """Changes the agencies of many commitments."""

    @extend_schema(operation_id="bulk_assign", request=BulkAssignmentsInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Assign, remove or replace agencies of up to 1,000 commitments, each as if it were sent alone, in
        the order of the items. With `all_or_nothing` one error undoes all of them; each result then says what
        it would have been."""
        require_assigner(request.user)
        return _each_locked(request, _assign)


class BulkRegistrar:
    """Registers items in their order, and writes the valid ones together."""

    def __init__(self, user: User) -> None:
        self.user, self.context = user, {"user": user}
        self.known = TwinIndexes(user)
        self.pending: list[Registration] = []
        self.created: list[Commitment] = []

    def register(self, items: Iterable[Any]) -> list[Document]:
        """Register ``items``; return the result of each."""
        with deferred_refresh():
            results = [_result_of(index, item, self._accept) for index, item in enumerate(items)]
            self._write()
        references = (commitment.reference for commitment in self.created)
        return [each if _is_refused(each) else {**each, "reference": next(references)} for each in results]

    def _accept(self, item: Any) -> Document:
        try:
            accepted = registration_in(self.user, item, self.context, self.known)
        except LikelyTwins:
            self._write()  # A twin may be an item that comes before it, and is named by its reference.
            raise
        except Problem as refused:
            if "related" not in refused.errors or not self.pending:
                raise
            self._write()  # It may be related to an item that comes before it.
            accepted = registration_in(self.user, item, self.context, self.known)
        self.pending.append(accepted)
        self.known.of(accepted.commitment.prefix).add(accepted.commitment)
        return {"reference": ""}

    def _write(self) -> None:
        self.created += write_registrations(self.pending, actor=self.user)
        self.pending.clear()


class BulkTransitions(CommitmentView):
    """Changes the status of many commitments."""

    @extend_schema(operation_id="bulk_move", request=BulkTransitionsInput, responses={200: BulkOutput})
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Make up to 1,000 status changes, each as if it were sent alone, in the order of the items. A
        commitment may occur more than once. With `all_or_nothing` one error undoes all of them; each result
        then says what it would have been."""
        if not has_any_transition(request.user):
            raise NotYours(_("Your role cannot change a status."))
        values = parsed(BulkInput(data=request.data))
        context = {"user": request.user}
        with transaction.atomic():
            items = values["items"]
            contexts = _locked_contexts(request.user, map(_reference, items))

            @transaction.atomic
            def write(item: Any) -> Document:
                reference = _known_reference(item, contexts)
                stamp = matched(request.user, reference, _if_match(item))
                made = make_transition(request.user, contexts[reference], _members(item), context, stamp)
                contexts[reference] = made.context
                return made.document

            with deferred_refresh():
                results = [_result_of(index, item, write) for index, item in enumerate(items)]
            return _answer(values, results)


def _each_locked(
    request: SignedInApiRequest, write: Callable[[Document, Commitment, Document], None]
) -> Response:
    """Call ``write`` for the commitment of each item, with the members that the item has for it.

    Its first argument is the context of the serializers, which keeps the records that they look up.
    """
    values, user = parsed(BulkInput(data=request.data)), request.user
    context: Document = {"user": user}
    with transaction.atomic():
        locked = {each.reference: each for each in _locked(user, map(_reference, values["items"]))}

        @transaction.atomic
        def one(item: Any) -> Document:
            commitment = locked[_known_reference(item, locked)]
            matched(user, commitment.reference, _if_match(item))
            write(context, commitment, _members(item))
            return {"reference": commitment.reference}

        with deferred_refresh():
            items = enumerate(values["items"])
            results = [_result_of(index, item, one, HTTPStatus.OK) for index, item in items]
        return _answer(values, results)


def _assign(context: Document, commitment: Commitment, item: Document) -> None:
    values = parsed(BulkAssignmentInput(data=item, context=context))
    action = values.pop("action")
    if action == "assign":
        assign(commitment=commitment, actor=context["user"], **values)
        return
    names = ("agency", "note") if action == "remove" else ("agency", "focal_point", "note")
    change: Callable[..., object] = remove_agency if action == "remove" else replace_lead
    change(commitment=commitment, actor=context["user"], **{name: values[name] for name in names})


def _edit(context: Document, commitment: Commitment, item: Document) -> None:
    fields = parsed(BulkChangeInput(data=item, context=context))
    reason = fields.pop("reason")
    edit_commitment(commitment=commitment, actor=context["user"], fields=fields, reason=reason)


def _members(item: Document) -> Document:
    """The members of an item other than those that name the commitment and its state."""
    return {name: value for name, value in item.items() if name not in ("reference", "if_match")}


def _known_reference(item: Any, known: Container[str]) -> str:
    """The reference of an item. Raises ``Problem`` (400) without one, ``Http404`` if it is not ``known``."""
    reference = _reference(item)
    if not reference:
        raise validation_problem({"reference": [_("Enter the reference of a commitment.")]})
    if reference not in known:
        raise Http404
    return reference


def _reference(item: Any) -> str:
    reference = item.get("reference") if isinstance(item, dict) else None
    return reference if isinstance(reference, str) else ""


def _if_match(item: Any) -> str:
    """The ETag that an item names; "" if none. Raises ``Problem`` (400) if it is no text."""
    etag = item.get("if_match") or ""
    if not isinstance(etag, str):
        raise validation_problem({"if_match": [_("Enter the ETag of the commitment as a text.")]})
    return etag


def _locked(user: User, references: Iterable[str]) -> list[Commitment]:
    """Lock the commitments of ``references`` that ``user`` may see.

    They are locked in one order, so that two requests for the same commitments cannot wait for each other.
    """
    wanted = {reference for reference in references if "\x00" not in reference}
    rows = Commitment.objects.visible_to(user).filter(reference__in=wanted).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _locked_contexts(user: User, references: Iterable[str]) -> dict[str, WorkflowContext]:
    """Lock the commitments of ``references``, then read what the rules of the workflow need."""
    locked = _locked(user, references)
    changes = StatusChange.objects.order_by("number")
    prefetch_related_objects(locked, Prefetch("status_changes", changes), "assignments")
    return {each.reference: workflow_context(each) for each in locked}


def _answer(values: Document, results: list[Document]) -> Response:
    """The response with all results. Call it inside the transaction of the items: it may roll that back."""
    refused = sum(map(_is_refused, results))
    is_undone = bool(refused and values["all_or_nothing"])
    if is_undone:
        transaction.set_rollback(True)
    done = 0 if is_undone else len(results) - refused
    return Response({"done": done, "refused": refused, "results": results})


def _is_refused(result: Document) -> bool:
    return bool(result["status"] >= HTTPStatus.BAD_REQUEST)


def _result_of(
    index: int, item: Any, write: Callable[[Any], Document], done: HTTPStatus = HTTPStatus.CREATED
) -> Document:
    result: Document = {"index": index}
    if reference := _reference(item):
        result["reference"] = reference
    try:
        return {**result, **write(item), "status": int(done)}
    except Exception as refused:
        answer = refusal_response(refused, {})
        if answer is None:  # an error of the program, not of the request
            raise
        return {**result, **answer.data}
