"""Commitments: the list with the filters of the page, a single commitment, registration and changes."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
from accounts.levels import level_errors
from accounts.models import User
from accounts.requests import SignedInApiRequest
from api.cursor_pagination import CURSOR, Cursor
from api.etags import etag_for
from api.examples import CHANGE, REGISTRATION
from api.fieldsets import PARAMETERS, Fieldset
from api.inputs import ChangeInput, RegistrationInput
from api.outputs import CommitmentOutput, CommitmentPageOutput
from api.parameters import COMMITMENT_PARAMETERS, LIST_PARAMETERS
from commitments.day_filtersets import DayFilterSet
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from commitments.models.commitment import REFERENCE
from commitments.querysets import AsOf
from commitments.services.deadlines import COLUMNS
from commitments.services.editing import edit_commitment, mention_errors, require_editor
from commitments.services.errors import RequirementsNotMet
from commitments.services.registration import (
    Registration,
    registration_of,
    require_registrar,
    write_registrations,
)
from commitments.services.twins import TwinIndexes
from core.api.etags import is_known, require_match
from core.api.serializers import cached_lookup, parsed
from core.api.views import TAGGED, ApiView, invalid_parameters, object_answer, page_answer
from core.pagination import page_of
from relations.models import Meeting, Source

Document = dict[str, Any]


class CommitmentView(ApiView):
    """A view of commitments, or of the records that belong to one."""

    def visible_names(self, request: SignedInApiRequest, text: str) -> list[str]:
        """The references in ``text`` of commitments that the caller may see."""
        named = {match[0] for match in REFERENCE.finditer(text)}
        rows = Commitment.objects.visible_to(request.user).filter(reference__in=named)
        return list(rows.values_list("reference", flat=True))


class CommitmentList(CommitmentView):
    """The list of commitments, and registration."""

    @extend_schema(
        operation_id="commitments_list", parameters=LIST_PARAMETERS, responses={200: CommitmentPageOutput}
    )
    def get(self, request: SignedInApiRequest) -> Response:
        """One page of the commitments that match the parameters, as `{count, next, previous, results}`."""
        filters = CommitmentFilterSet(request.GET, user=request.user, also_known=(*PARAMETERS, CURSOR))
        fieldset, cursor = Fieldset.of(request.GET), Cursor.of(request.GET)
        if errors := {**filters.faults, **fieldset.errors, **cursor.errors}:
            raise invalid_parameters(errors)
        rows, values = filters.among, filters.form.cleaned_data
        if cursor.is_used:
            part = cursor.page(filters.qs, size=values["page_size"])
            results = fieldset.documents(rows, part.keys, user=request.user, when=filters.when)
            return Response({"count": None, **part.links(request), "results": results})
        keys = filters.qs.values_list("pk", flat=True)
        page = page_of(keys, number=values["page"], size=values["page_size"])
        results = fieldset.documents(rows, list(page.object_list), user=request.user, when=filters.when)
        return page_answer(request, page, results)

    @extend_schema(
        operation_id="commitments_register",
        request=RegistrationInput,
        examples=[REGISTRATION],
        responses={201: CommitmentOutput},
        extensions=TAGGED,
    )
    @idempotent
    def post(self, request: SignedInApiRequest) -> Response:
        """Register a commitment. It gets a reference, its first mention and its first status."""
        created = register(request.user, request.data, {"user": request.user})
        return commitment_answer(request, created.reference, status=HTTPStatus.CREATED)


class CommitmentDetail(CommitmentView):
    """One commitment."""

    @extend_schema(
        operation_id="commitments_read",
        parameters=COMMITMENT_PARAMETERS,
        responses={200: CommitmentOutput},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The commitment with its history, its mentions and the transitions that the caller can make now."""
        if not request.GET:
            return commitment_answer(request, reference)
        visible(request, reference)
        filters = DayFilterSet(
            {name: values for name, values in request.GET.lists() if name not in PARAMETERS}
        )
        fieldset = Fieldset.of(request.GET)
        if errors := {**filters.faults, **fieldset.errors}:
            raise invalid_parameters(errors)
        return object_answer(request, _document(request.user, reference, filters.when, fieldset))

    @extend_schema(
        operation_id="commitments_change",
        request=ChangeInput,
        examples=[CHANGE],
        responses={200: CommitmentOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, reference: str) -> Response:
        """Change the members in the request and leave the rest. `If-Match` names the state that was read."""
        with transaction.atomic():
            locked = visible(request, reference, locked=True)
            require_editor(request.user, locked)
            require_match(request, etag_for(request.user, reference) or "")
            serializer = ChangeInput(data=request.data, partial=True, context={"user": request.user})
            parsed(serializer)
            edit_commitment(commitment=locked, actor=request.user, **serializer.change())
        return commitment_answer(request, reference)


def visible(request: SignedInApiRequest, reference: str, *, locked: bool = False) -> Commitment:
    """The commitment, also one entered in error; locked if ``locked``.

    Raises ``Http404`` if the caller may not see it.
    """
    rows = Commitment.objects.readable_by(request.user).filter(reference=reference).order_by()
    if locked:
        rows = rows.select_for_update(no_key=True)
    for found in rows if "\x00" not in reference else ():
        return found
    raise Http404


def commitment_answer(
    request: SignedInApiRequest, reference: str, *, status: int = HTTPStatus.OK
) -> Response:
    """The whole commitment as it is now, with its strong ETag; 304 if the caller has it already."""
    etag = etag_for(request.user, reference)
    if etag is None:
        raise Http404
    if request.method in ("GET", "HEAD") and is_known(request, etag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    document = _document(request.user, reference, AsOf.now(), Fieldset())
    location = reverse("api-commitment", args=[reference]) if status == HTTPStatus.CREATED else ""
    return object_answer(request, document, etag=etag, status=status, location=location)


def _document(user: User, reference: str, when: AsOf, fieldset: Fieldset) -> Document:
    rows = Commitment.objects.readable_by(user)
    keys = list(rows.filter(reference=reference).values_list("pk", flat=True))
    for document in fieldset.documents(rows, keys, user=user, when=when):
        return document
    raise Http404


def register(user: User, data: Any, context: MutableMapping[str, Any]) -> Commitment:
    """Register the commitment that ``data`` describes. Raises ``Problem`` and the errors of the services."""
    (created,) = write_registrations([registration_in(user, data, context)], actor=user)
    return created


def registration_in(
    user: User, data: Any, context: MutableMapping[str, Any], known: TwinIndexes | None = None
) -> Registration:
    """The registration that ``data`` describes, ready to be written. Raises the same errors as ``register``.

    Records that are looked up are cached in ``context`` for the next registration of the same request, and so
    are the wordings in ``known``.
    """
    require_registrar(user)
    serializer = RegistrationInput(data=data, context=context)
    values = parsed(serializer)
    meeting, paragraph = values["mention"]["meeting"], values["mention"]["paragraph"]
    cache_key = (Meeting, meeting.pk, Source, paragraph.source_id)
    errors = cached_lookup(context, cache_key, lambda: mention_errors(meeting, paragraph))
    errors = {f"mention.{name}": messages for name, messages in errors.items()}
    if "classification" in values:
        errors |= level_errors(user, values["classification"])
    if errors:
        raise RequirementsNotMet(errors)
    with names_of_the_body():
        return registration_of(actor=user, known=known, **serializer.registration())


@contextmanager
def names_of_the_body() -> Iterator[None]:
    """Name the fields of ``RequirementsNotMet`` as the request body does."""
    try:
        yield
    except RequirementsNotMet as refused:
        raise RequirementsNotMet({_NAMES.get(k, k): v for k, v in refused.errors.items()}) from refused


_NAMES = {column: f"deadline.{part}" for part, column in COLUMNS.items()}
"""The name in the request body of each column that the services name."""
