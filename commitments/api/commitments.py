"""Commitments, read: the list with every filter of the page, and one by its reference."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import SignedInApiRequest
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.documents import document, documents, fetch
from core import clock
from core.pagination import page_of, page_url
from core.problems import Problem


class CommitmentList(APIView):
    """The commitments that the caller may see and the parameters ask for."""

    @extend_schema(operation_id="commitments_list", responses={200: dict})
    def get(self, request: SignedInApiRequest) -> Response:
        """One page of them, as ``{count, next, previous, results}``."""
        filters = CommitmentFilterSet(request.GET, user=request.user)
        if faults := filters.faults:
            names = ", ".join(faults)
            raise Problem(HTTPStatus.BAD_REQUEST, f"{names}: {next(iter(faults.values()))[0]}", errors=faults)
        asked = filters.form.cleaned_data
        page = page_of(filters.qs, number=asked["page"], size=asked["page_size"])
        rows = _in_order(page.object_list, filters.when, request.user)
        return Response(
            {
                "count": page.paginator.count,
                "next": page_url(request, page.next_page_number()) if page.has_next() else None,
                "previous": page_url(request, page.previous_page_number()) if page.has_previous() else None,
                "results": documents(rows, user=request.user, when=filters.when),
            }
        )


def _in_order(rows: Any, when: AsOf, user: User) -> list[Commitment]:
    """The rows of a page with their relations: first the keys, in order, then what belongs to them."""
    keys = [row["pk"] for row in rows.values("pk")]
    found = {row.pk: row for row in fetch(Commitment.objects.filter(pk__in=keys), when, user)}
    return [found[key] for key in keys]


class CommitmentDetail(APIView):
    """One commitment."""

    @extend_schema(responses={200: dict})
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """The commitment with its history, mentions and what the caller may do next."""
        today = clock.today()
        when = AsOf(day=today, today=today)
        return Response(document(visible(request, reference, when), user=request.user, when=when))


def visible(request: SignedInApiRequest, reference: str, when: AsOf | None = None) -> Commitment:
    """The commitment of that reference; ``Http404`` when the caller may not see it."""
    rows = Commitment.objects.visible_to(request.user)
    if when is not None:
        rows = fetch(rows, when, request.user)
    found = rows.filter(reference=reference).first() if "\x00" not in reference else None
    if found is None:
        raise Http404
    return found
