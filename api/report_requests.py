"""The requests for a report about a commitment: who was asked, and what came of it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.requests import SignedInApiRequest
from api.children import PAGE_PARAMETERS, requested_page
from api.commitments import CommitmentView, visible
from api.outputs import Output, PageOutput
from commitments.day_filtersets import PageFilterSet
from commitments.documents.building import Document
from commitments.models import ReportRequest
from core.api.views import invalid_parameters, page_answer


class ReportRequestOutput(Output):
    """A request for a report, as of now."""

    id = serializers.IntegerField()
    addressee = serializers.CharField(help_text="Who was asked: the username of a focal point.")
    asked_by = serializers.CharField(help_text="The username of the officer.")
    asked_on = serializers.DateField()
    due_on = serializers.DateField(help_text="The day by which a report is asked for.")
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=["awaited", "answered", "withdrawn"])
    progress = serializers.IntegerField(
        allow_null=True, help_text="The id of the progress report that answered it, or null."
    )
    by_mail_link = serializers.BooleanField(help_text="Whether it was answered by the link of a mail.")


class ReportRequestPageOutput(PageOutput):
    """One page of requests for a report."""

    results = ReportRequestOutput(many=True)


class ReportRequestList(CommitmentView):
    """The requests for a report about a commitment."""

    @extend_schema(
        operation_id="report_requests_list",
        parameters=PAGE_PARAMETERS,
        responses={200: ReportRequestPageOutput},
    )
    def get(self, request: SignedInApiRequest, reference: str) -> Response:
        """List the requests for a report, oldest first. A focal point gets those to its own agency."""
        commitment, filters = visible(request, reference), PageFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        told = commitment.report_requests.told_to(request.user)
        rows = told.select_related("addressee", "actor", "end").order_by("pk")
        page = requested_page(rows, filters)
        return page_answer(request, page, [_document(row) for row in page.object_list])


def _document(row: ReportRequest) -> Document:
    end = getattr(row, "end", None)
    answer = end.progress_update_id if end else None
    return {
        "id": row.pk,
        "addressee": row.addressee.username,
        "asked_by": row.actor.username,
        "asked_on": row.asked_on,
        "due_on": row.due_on,
        "note": row.note,
        "state": "awaited" if end is None else "answered" if answer else "withdrawn",
        "progress": answer,
        "by_mail_link": bool(end and end.by_mail_link),
    }
