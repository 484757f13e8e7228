"""The figures of the overview page: the state of the register, and what needs attention."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.requests import SignedInApiRequest
from api.overview_outputs import OverviewOutput
from api.parameters import parameters_of
from commitments.choices import STATUSES_OF
from commitments.day_filtersets import DayFilterSet
from commitments.models import StatusChange
from commitments.querysets import AsOf
from commitments.reports.fulfilment import Fulfilment
from commitments.reports.overview import DUE_WITHIN, Overview, overview_page
from commitments.reports.rows import Deadline, Row
from core.api.views import TAGGED, ApiView, invalid_parameters, object_answer
from relations.models import Meeting

Document = dict[str, Any]


class OverviewDetail(ApiView):
    """The overview."""

    @extend_schema(
        operation_id="overview_read",
        parameters=parameters_of(DayFilterSet),
        responses={200: OverviewOutput},
        extensions=TAGGED,
    )
    def get(self, request: SignedInApiRequest) -> Response:
        """The figures of the overview page, for the commitments that the caller may see; with `as_of`, as of
        another date. Verified, partial, claimed, reported and not reported are counted separately."""
        filters = DayFilterSet(request.GET)
        if filters.faults:
            raise invalid_parameters(filters.faults)
        page = overview_page(request.user, filters.when)
        return object_answer(request, overview_document(page, filters.when))


def overview_document(page: Overview, when: AsOf) -> Document:
    """What the first page says on the day, as plain values."""
    due_counts = {each.key: each.n for each in page.due_counts}
    return {
        "as_of": when.day,
        "recorded": page.recorded,
        "open": page.open,
        "overdue": page.overdue,
        "quiet_for_a_year": page.quiet,
        "due": [{"within_days": days, "count": due_counts[f"within_{days}_days"]} for days in DUE_WITHIN],
        "review_due": due_counts["review"],
        "by_status": [
            {
                "status": each.key,
                "state": next(state for state, group in STATUSES_OF.items() if each.key in group),
                "count": each.n,
            }
            for each in page.segments
        ],
        "waiting": [
            {
                "what": box.key,
                "label": box.label,
                "count": box.count,
                "first": [{"reference": each.reference, "title": each.title} for each in box.first],
            }
            for box in page.inbox
        ],
        "by_theme": _fulfilment(page.by_theme, "theme"),
        "by_obligated": _fulfilment(page.by_side, "country"),
        "heard_of": [
            {"theme": each.key, "name": each.name, "recorded": each.recorded, "quiet_for_a_year": each.quiet}
            for each in page.themes
        ],
        "due_next": [_due(row) for row in page.due.rows],
        "quietest": [
            {**_reference_and_title(row), "last_activity_on": row.last_on} for row in page.quietest.rows
        ],
        "next_sessions": _meetings(page.next_meetings),
        "last_sessions": _meetings(page.last_meetings),
        "latest_changes": [_change(each) for each in page.changes],
    }


def _fulfilment(fulfilment: Fulfilment, key: str) -> list[Document]:
    return [
        {
            key: line.key,
            "name": line.name,
            **{str(part.key): part.n for part in line.parts},
            "counted": line.counted,
            "overdue": line.overdue,
        }
        for line in fulfilment.lines
    ]


def _reference_and_title(row: Row) -> Document:
    return {"reference": row.commitment.reference, "title": row.commitment.title}


def _due(row: Row) -> Document:
    deadline: Deadline = row.deadline
    return {
        **_reference_and_title(row),
        "wording": deadline.wording,
        "latest": deadline.latest,
        "review_on": deadline.review_on,
        "overdue_days": deadline.overdue_days,
        "due_in_days": deadline.due_in_days,
        "review_due": deadline.review_is_due,
    }


def _meetings(meetings: Iterable[Meeting]) -> list[Document]:
    return [
        {
            "meeting": each.slug,
            "title": each.title,
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
            "wording": each.window_wording,
            "earliest": each.window_earliest,
            "latest": each.window_latest,
        }
        for each in meetings
    ]


def _change(change: StatusChange) -> Document:
    return {
        "reference": change.commitment.reference,
        "title": change.commitment.title,
        "number": change.number,
        "transition": change.transition,
        "from": change.from_status or None,
        "to": change.to_status,
        "occurred_on": change.happened_on,
        "note": change.note,
    }
