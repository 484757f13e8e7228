"""What changed between two dates, or between two sessions of a mechanism."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.requests import SignedInApiRequest
from api.outputs import DeadlineOutput, Output
from api.parameters import parameters_of
from commitments.choices import Status
from commitments.day_filtersets import CompareFilterSet
from commitments.documents.building import day, filled
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from commitments.reports.comparison import BETWEEN_DAYS, ComparisonRow
from commitments.reports.comparison_query import TwoSessions, days_compared, held_sessions, sessions_compared
from core import clock
from core.api.views import ApiView, invalid_parameters
from core.pagination import page_url
from relations.models import Mechanism

Document = dict[str, Any]


class ChangedOutput(Output):
    """A commitment on both dates. It has no earlier status if it was agreed in between."""

    reference = serializers.CharField()
    title = serializers.CharField()
    status_before = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    deadline_before = DeadlineOutput(allow_null=True)
    deadline = DeadlineOutput(allow_null=True)


class GroupOutput(Output):
    """Commitments that changed in the same way; one commitment may be in several groups."""

    group = serializers.ChoiceField(
        choices=[(key, key) for key in BETWEEN_DAYS],
        help_text="`new`: agreed since. `moved`: has another status. `closed`: was open before. "
        "`deadline`: renegotiated. `mentioned`: mentioned again. `silent`: open and not mentioned.",
    )
    label = serializers.CharField()  # type: ignore[assignment]
    says = serializers.CharField()
    count = serializers.IntegerField(help_text="The number on all pages.")
    rows = ChangedOutput(many=True)


class ComparisonOutput(Output):
    """What changed from the first date to the second. A page has one page of each group."""

    first = serializers.DateField()
    second = serializers.DateField()
    earlier = serializers.CharField(allow_null=True, help_text="The key of the earlier session.")
    later = serializers.CharField(allow_null=True, help_text="The key of the later session.")
    next = serializers.CharField(allow_null=True, help_text="The URL of the next page.")
    previous = serializers.CharField(allow_null=True, help_text="The URL of the previous page.")
    groups = GroupOutput(many=True)


PARAMETERS = [
    OpenApiParameter(
        "compare",
        OpenApiTypes.DATE,
        description="The date to compare with `as_of` (default: today). The filters of the list apply.",
    ),
    OpenApiParameter(
        "from",
        OpenApiTypes.STR,
        description="With `mechanism`, instead of `compare`: a session that was held, by its key or its "
        "number. Default: the one before `to`.",
    ),
    OpenApiParameter(
        "to", OpenApiTypes.STR, description="With `mechanism`: the other session. Default: the last one."
    ),
    *parameters_of(CommitmentFilterSet),
]


class Comparison(ApiView):
    """The comparison."""

    @extend_schema(operation_id="comparison_read", parameters=PARAMETERS, responses={200: ComparisonOutput})
    def get(self, request: SignedInApiRequest) -> Response:
        """What changed between two dates (`compare`, `as_of`), or between two sessions of one `mechanism`
        (`from`, `to`): which commitments are new, have another status, were closed, have a new deadline, were
        mentioned again, or were not mentioned."""
        query = request.GET
        if query.get("compare"):
            found = _between_days(request)
        elif query.get("mechanism"):
            found = _between_sessions(request)
        else:
            raise invalid_parameters(
                {"compare": [_("Enter the date to compare with, or a mechanism and its sessions.")]}
            )
        page, comparison = found["page"], found["comparison"]
        return Response(
            {
                "first": comparison.first,
                "second": comparison.second,
                **{name: found[name].slug if name in found else None for name in ("earlier", "later")},
                "next": page_url(request, page.next_page_number()) if page.has_next() else None,
                "previous": page_url(request, page.previous_page_number()) if page.has_previous() else None,
                "groups": [
                    {
                        "group": group.key,
                        "label": group.label,
                        "says": group.description,
                        "count": group.count,
                        "rows": [_row(each) for each in group.rows],
                    }
                    for group in comparison.groups
                ],
            }
        )


def _between_days(request: SignedInApiRequest) -> dict[str, Any]:
    visible = Commitment.objects.visible_to(request.user)
    compared = CompareFilterSet.of(request.GET)
    filters = CommitmentFilterSet(
        request.GET, user=request.user, queryset=visible, also_known=tuple(compared.filters)
    )
    if errors := {**filters.faults, **compared.faults}:
        raise invalid_parameters(errors)
    other = compared.other(filters.when)
    assert other is not None  # noqa: S101  (`compare` is given, and it is valid)
    return days_compared(filters, visible, other)


def _between_sessions(request: SignedInApiRequest) -> dict[str, Any]:
    query: QueryDict = request.GET.copy()
    slugs = {slug for slug in query.pop("mechanism") if slug}
    known = {slug for slug in slugs if "\x00" not in slug}
    mechanism = Mechanism.objects.filter(slug__in=known).first()
    if mechanism is None or len(slugs) > 1:
        raise invalid_parameters({"mechanism": [_("Enter the key of one mechanism.")]})
    today = clock.today()
    sessions = TwoSessions(query, held=held_sessions(mechanism, request.user, today))
    if sessions.faults:
        raise invalid_parameters(sessions.faults)
    found = sessions_compared(sessions, Commitment.objects.visible_to(request.user), today)
    if not found:
        raise invalid_parameters({"mechanism": [_("Fewer than two of its sessions were held.")]})
    return found


def _row(each: ComparisonRow) -> Document:
    before, now = each.window_before, each.row.deadline
    return {
        "reference": each.row.commitment.reference,
        "title": each.row.commitment.title,
        "status_before": each.status_before,
        "status": each.row.status,
        "deadline_before": _window(before) if each.status_before else None,
        "deadline": _window(now),
    }


def _window(window: Any) -> Document | None:
    days = {name: day(getattr(window, name)) for name in ("earliest", "latest", "review_on")}
    return filled({"wording": window.wording, **days}) or None
