"""The records that belong to one commitment: one way to answer and lock them for all kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from accounts.requests import SignedInApiRequest
from api.commitments import visible
from api.parameters import parameters_of
from commitments.day_filtersets import ErrorPageFilterSet, NoParameters, PageFilterSet
from commitments.documents.building import Document, build
from commitments.documents.schema import EntrySchema
from commitments.models import Commitment
from core.api.etags import etag_of, require_match
from core.api.views import invalid_parameters, object_answer, page_answer
from core.pagination import page_of

PAGE_PARAMETERS = parameters_of(PageFilterSet)
ERROR_PAGE_PARAMETERS = parameters_of(ErrorPageFilterSet)
"""Those of a list whose records can have been entered in error."""


@dataclass(frozen=True, slots=True)
class ChildKind:
    """A kind of record that belongs to a commitment, or to another record that ``owner_of`` finds.

    ``owner_of`` finds the owner by the key of the address, if the caller may see it; ``owner_key`` is that
    key. ``rows`` are its records, oldest first, with the relations that its document reads. ``key`` is the
    field that identifies a record within its owner. ``address`` is the name of the URL of a single record.
    ``more`` gives members beyond the schema. ``with_errors`` are the records
    with those entered in error: such a record keeps its address and is in no list.
    """

    rows: Callable[[Any], QuerySet[Any]]
    schema: EntrySchema
    address: str
    key: str = "id"
    more: Callable[[Any], Document] = lambda row: {}
    with_errors: Callable[[Commitment], QuerySet[Any]] | None = None
    owner_of: Callable[[SignedInApiRequest, str], Any] = visible
    owner_key: str = "reference"

    def document_of(self, row: Any) -> Document:
        """``row`` as JSON, with its key."""
        return {self.key: getattr(row, self.key), **build(row, self.schema), **self.more(row)}

    def get(self, owner: Any, key: int) -> Any:
        """The record of ``owner`` with that key. Raises ``Http404``."""
        found = (self.with_errors or self.rows)(owner).filter(**{self.key: key}).first()
        if found is None:
            raise Http404
        return found

    def list_answer(self, request: SignedInApiRequest, owner_key: str) -> Response:
        """One page of the records of an owner. Raises ``Http404``, ``Problem`` (400)."""
        owner = self.owner_of(request, owner_key)
        filters = ErrorPageFilterSet(request.GET) if self.with_errors else PageFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        rows = self.rows(owner)
        if self.with_errors and filters.form.cleaned_data["entered_in_error"] == "true":
            rows = self.with_errors(owner).exclude(pk__in=rows.order_by().values("pk"))
        page = requested_page(rows, filters)
        return page_answer(request, page, [self.document_of(row) for row in page.object_list])

    def answer(self, request: SignedInApiRequest, owner_key: str, key: int) -> Response:
        """A single record with its ETag."""
        found = self.get(self.owner_of(request, owner_key), key)
        without_parameters(request)
        return object_answer(request, self.document_of(found))

    def written(
        self, request: SignedInApiRequest, owner: Any, row: Any, status: int = HTTPStatus.CREATED
    ) -> Response:
        """The record that was just written, with its ``Location`` if it is new (201)."""
        key = getattr(row, self.key)
        url = reverse(self.address, args=[getattr(owner, self.owner_key), key])
        location = url if status == HTTPStatus.CREATED else ""
        document = self.document_of(self.get(owner, key))
        return object_answer(request, document, status=status, location=location)

    def locked(self, request: SignedInApiRequest, commitment: Commitment, key: int) -> Any:
        """The record with that key, locked until the transaction ends, if ``If-Match`` names its state.

        Raises ``Http404``, ``Problem`` (428, 412).
        """
        Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
        rows = self.rows(commitment).select_for_update(of=("self",), no_key=True)
        found = rows.filter(**{self.key: key}).first()
        if found is None:
            raise Http404
        require_match(request, etag_of(self.document_of(found)))
        return found


def requested_page(rows: Any, filters: PageFilterSet) -> Any:
    """The page of ``rows`` that the parameters name. Raises ``Http404`` past the end."""
    values = filters.form.cleaned_data
    return page_of(rows, number=values["page"], size=values["page_size"])


def without_parameters(request: SignedInApiRequest) -> None:
    """Raise ``Problem`` (400) if the request has query parameters."""
    if errors := NoParameters(request.GET).faults:
        raise invalid_parameters(errors)
