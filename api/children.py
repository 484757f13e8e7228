"""What hangs on one commitment, alike for every kind of it: a list, one by its address, and its tag."""

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
from commitments.day_filtersets import NoParameters, PageFilterSet
from commitments.models import Commitment
from core.api.etags import etag_of, require_match
from core.api.views import object_answer, page_answer, refused_parameters
from core.pagination import page_of

Document = dict[str, Any]
PAGE_PARAMETERS = parameters_of(PageFilterSet)


@dataclass(frozen=True, slots=True)
class ChildKind:
    """One kind: its rows, oldest first, with what their documents read; ``key`` tells one from the others.

    ``address`` is the name of the address of one of them, under that of its commitment.
    """

    rows: Callable[[Commitment], QuerySet[Any]]
    document: Callable[[Any], Document]
    address: str
    key: str = "id"

    def told(self, row: Any) -> Document:
        """One of them, with its key."""
        return {self.key: getattr(row, self.key), **self.document(row)}

    def of(self, commitment: Commitment, key: int) -> Any:
        """The one of that key; ``Http404`` where the commitment has none such."""
        found = self.rows(commitment).filter(**{self.key: key}).first()
        if found is None:
            raise Http404
        return found

    def list_answer(self, request: SignedInApiRequest, reference: str) -> Response:
        """One page of those of a commitment that the caller may see."""
        commitment, asked = visible(request, reference), PageFilterSet(request.GET)
        if asked.faults:
            raise refused_parameters(asked.faults)
        page = paged(self.rows(commitment), asked)
        return page_answer(request, page, [self.told(row) for row in page.object_list])

    def answer(self, request: SignedInApiRequest, reference: str, key: int) -> Response:
        """One of them with its tag."""
        found = self.of(visible(request, reference), key)
        without_parameters(request)
        return object_answer(request, self.told(found))

    def written(
        self, request: SignedInApiRequest, commitment: Commitment, row: Any, status: int = HTTPStatus.CREATED
    ) -> Response:
        """What was written, as it is read from now on, and where."""
        key = getattr(row, self.key)
        where = reverse(self.address, args=[commitment.reference, key])
        location = where if status == HTTPStatus.CREATED else ""
        return object_answer(request, self.told(self.of(commitment, key)), status=status, location=location)

    def locked(self, request: SignedInApiRequest, commitment: Commitment, key: int) -> Any:
        """The one of that key, locked until the transaction ends, if it still is what the caller read.

        Raises ``Http404``, ``Problem`` (428, 412).
        """
        Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
        rows = self.rows(commitment).select_for_update(of=("self",), no_key=True)
        found = rows.filter(**{self.key: key}).first()
        if found is None:
            raise Http404
        require_match(request, etag_of(self.told(found)))
        return found


def paged(rows: Any, asked: PageFilterSet) -> Any:
    """The page of ``rows`` that was asked for; past the end is ``Http404``."""
    values = asked.form.cleaned_data
    return page_of(rows, number=values["page"], size=values["page_size"])


def without_parameters(request: SignedInApiRequest) -> None:
    """Refuse a parameter, where there is none to give."""
    if faults := NoParameters(request.GET).faults:
        raise refused_parameters(faults)
