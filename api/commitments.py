"""Commitments: the list with every filter of the page, one by its reference, and writing them."""

from collections.abc import MutableMapping
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.idempotency import idempotent
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
from commitments.querysets import AsOf
from commitments.services.deadlines import COLUMNS
from commitments.services.editing import edit_commitment, level_errors, mention_errors, require_editor
from commitments.services.errors import RequirementsNotMet
from commitments.services.registration import (
    Registration,
    registration_of,
    require_registrar,
    write_registrations,
)
from core import clock
from core.api.etags import is_known, require_match
from core.api.serializers import looked_up, parsed
from core.api.views import TAGGED, ApiView, object_answer, page_answer, refused_parameters
from core.pagination import page_of
from relations.models import Meeting, Source

Document = dict[str, Any]


class CommitmentView(ApiView):
    """A view of commitments, or of what hangs on one."""

    def before_replay(self, request: SignedInApiRequest, location: str, **kwargs: Any) -> None:
        """What was answered of a commitment is answered again to whoever may still see it."""
        reference = kwargs.get("reference") or (PurePath(location).name if location else "")
        if reference:
            visible(request, reference)


class CommitmentList(CommitmentView):
    """The commitments that the caller may see and the parameters ask for; new ones."""

    @extend_schema(
        operation_id="commitments_list", parameters=LIST_PARAMETERS, responses={200: CommitmentPageOutput}
    )
    def get(self, request: SignedInApiRequest) -> Response:
        """One page of the commitments that the parameters ask for, as `{count, next, previous, results}`."""
        filters = CommitmentFilterSet(request.GET, user=request.user, also_known=(*PARAMETERS, CURSOR))
        shape, walk = Fieldset.of(request.GET), Cursor.of(request.GET)
        if faults := {**filters.faults, **shape.faults, **walk.faults}:
            raise refused_parameters(faults)
        rows = Commitment.objects.visible_to(request.user)
        if walk.is_asked:
            step = walk.step(filters.qs, size=filters.form.cleaned_data["page_size"])
            results = shape.documents(rows, step.keys, user=request.user, when=filters.when)
            return Response({"count": None, **step.links(request), "results": results})
        asked = filters.form.cleaned_data
        page = page_of(filters.qs.values_list("pk", flat=True), number=asked["page"], size=asked["page_size"])
        results = shape.documents(rows, list(page.object_list), user=request.user, when=filters.when)
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
        """Register a commitment: it gets its reference, its first mention and its first status."""
        made = register(request.user, request.data, {"user": request.user})
        return commitment_answer(request, made.reference, status=HTTPStatus.CREATED)


class CommitmentDetail(CommitmentView):
    """One commitment."""

    @extend_schema(
        operation_id="commitments_read",
        parameters=COMMITMENT_PARAMETERS,
        responses={200: CommitmentOutput},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The commitment with its history, mentions and what the caller may do next."""
        if not request.GET:
            return commitment_answer(request, reference)
        visible(request, reference)
        asked = DayFilterSet({name: values for name, values in request.GET.lists() if name not in PARAMETERS})
        shape = Fieldset.of(request.GET)
        if faults := {**asked.faults, **shape.faults}:
            raise refused_parameters(faults)
        return object_answer(request, _document(request.user, reference, asked.when, shape))

    @extend_schema(
        operation_id="commitments_change",
        request=ChangeInput,
        examples=[CHANGE],
        responses={200: CommitmentOutput},
        extensions=TAGGED,
    )
    def patch(self, request: SignedInApiRequest, reference: str) -> Response:
        """Change what is given and leave the rest; `If-Match` says which state of it was read."""
        with transaction.atomic():
            locked = visible(request, reference, locked=True)
            require_editor(request.user)
            require_match(request, etag_for(request.user, reference) or "")
            asked = ChangeInput(data=request.data, partial=True, context={"user": request.user})
            parsed(asked)
            edit_commitment(commitment=locked, actor=request.user, **asked.change())
        return commitment_answer(request, reference)


def visible(request: SignedInApiRequest, reference: str, *, locked: bool = False) -> Commitment:
    """The commitment of that reference, locked if so asked; ``Http404`` when the caller may not see it."""
    rows = Commitment.objects.visible_to(request.user).filter(reference=reference).order_by()
    if locked:
        rows = rows.select_for_update(no_key=True)
    for found in rows if "\x00" not in reference else ():
        return found
    raise Http404


def commitment_answer(
    request: SignedInApiRequest, reference: str, *, status: int = HTTPStatus.OK
) -> Response:
    """The whole commitment as it stands, with its strong tag; 304 to a reader who has it already."""
    etag = etag_for(request.user, reference)
    if etag is None:
        raise Http404
    if request.method in ("GET", "HEAD") and is_known(request, etag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    today = clock.today()
    shown = _document(request.user, reference, AsOf(day=today, today=today), Fieldset())
    location = reverse("api-commitment", args=[reference]) if status == HTTPStatus.CREATED else ""
    return object_answer(request, shown, etag=etag, status=status, location=location)


def _document(user: User, reference: str, when: AsOf, shape: Fieldset) -> Document:
    rows = Commitment.objects.visible_to(user)
    keys = list(rows.filter(reference=reference).values_list("pk", flat=True))
    for shown in shape.documents(rows, keys, user=user, when=when):
        return shown
    raise Http404


def register(user: User, data: Any, context: MutableMapping[str, Any]) -> Commitment:
    """Register the commitment that ``data`` describes. Raises ``Problem`` and what the writers refuse."""
    (made,) = write_registrations([registration_in(user, data, context)], actor=user)
    return made


def registration_in(user: User, data: Any, context: MutableMapping[str, Any]) -> Registration:
    """The registration that ``data`` describes, which is ready to be written. Raises what ``register`` does.

    What is looked up for it is kept in ``context``, for the next one of the same request.
    """
    require_registrar(user)
    asked = RegistrationInput(data=data, context=context)
    given = parsed(asked)
    meeting, paragraph = given["mention"]["meeting"], given["mention"]["paragraph"]
    where = (Meeting, meeting.pk, Source, paragraph.source_id)
    errors = looked_up(context, where, lambda: mention_errors(meeting, paragraph))
    errors = {f"mention.{name}": messages for name, messages in errors.items()}
    if "classification" in given:
        errors |= level_errors(user, given["classification"])
    if errors:
        raise RequirementsNotMet(errors)
    try:
        return registration_of(actor=user, **asked.registration())
    except RequirementsNotMet as refused:
        raise RequirementsNotMet({_NAMES.get(k, k): v for k, v in refused.errors.items()}) from refused


_NAMES = {column: f"deadline.{part}" for part, column in COLUMNS.items()}
"""What the writer calls a column, as the body calls it."""
