"""The parameters of the API, described for its schema from the filter sets that read them."""

from typing import Any

import django_filters
from django.utils.encoding import force_str
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.fieldsets import EXPANSIONS, MEMBERS
from commitments.day_filtersets import DayFilterSet
from commitments.filtersets import ORDERINGS, CommitmentFilterSet
from core.filters import BooleanFilter, CountFilter, DayFilter

MEANINGS = {
    "q": "Words in any order in reference, title, text, remarks, cited paragraphs, agencies and people; "
    "a phrase in quotes; `-word` leaves out.",
    "state": "`open`: one of the six open statuses; `closed`: one of the five others.",
    "country": "A party, by its code.",
    "obligated": "A country that must act, by its code.",
    "only_obligated": "The country that alone must act, by its code.",
    "agency": "An agency charged in any role, by its key; `none`: nobody is charged.",
    "lead_agency": "A lead agency, by its key; `none`: there is none.",
    "mechanism": "Mentioned at a session of it, by its key.",
    "meeting": "Made or mentioned there, by its key.",
    "made_at": "The meeting where a mention of the kind `made` was, by its key.",
    "source": "Mentioned in that source, by its key.",
    "person": "Mentioned at a meeting that this person took part in, by key.",
    "made_after": "The day of the first mention, or later.",
    "made_before": "The day of the first mention, or earlier.",
    "due_after": "The latest day of the deadline lies on that day or later.",
    "due_before": "The latest day of the deadline lies on that day or earlier.",
    "due_within": "Due in so many days from the day the list is judged on; leaves out the overdue.",
    "due_before_session": "Due before the next planned session of that mechanism closes.",
    "overdue": "Open, neither requested nor standing, and the latest day of the deadline is past.",
    "review_due": "Open, and its review day has come.",
    "quiet_for": "Open, and nothing happened in the last so many days; exactly so many counts.",
    "mentions_min": "Mentioned at so many different meetings or more.",
    "has_target": "Whether it has a figure to reach.",
    "awaiting": "`me`: under review, and the caller may decide.",
    "submitted_by": "`me`: submitted by the caller since it was last opened.",
    "as_of": "The register as it stood on that day, by occurrence; a day to come judges today's register.",
    "ordering": f"Comma-separated, `-` turns round: {', '.join(ORDERINGS)}. Ties go by reference.",
    "page": "Which page, from 1; past the end is 404.",
    "page_size": "Rows a page, 1 to 500; 50 unless given.",
}
"""What each parameter means; what is not here is told by its label."""


def parameters_of(filterset: Any, *names: str) -> list[OpenApiParameter]:
    """The parameters of a filter set (those of ``names``, if any), with their types and meanings."""
    return [
        _parameter(name, each) for name, each in filterset.base_filters.items() if not names or name in names
    ]


def _parameter(name: str, each: django_filters.Filter) -> OpenApiParameter:
    known: dict[str, Any] = {"description": MEANINGS.get(name, force_str(each.label or name))}
    several = isinstance(each, django_filters.MultipleChoiceFilter | django_filters.ModelMultipleChoiceFilter)
    choices = each.extra.get("choices")
    if isinstance(each, BooleanFilter):
        known["enum"] = ["true", "false"]
    elif choices:
        known["enum"] = [force_str(value) for value, _label in choices]
    kind: Any = OpenApiTypes.STR
    if isinstance(each, DayFilter):
        kind = OpenApiTypes.DATE
    elif isinstance(each, CountFilter):
        kind = {"type": "integer", "minimum": each.extra.get("min_value", 0)}
        if (most := each.extra.get("max_value")) is not None:
            kind["maximum"] = most
    return OpenApiParameter(name, kind, many=several, **known)


SHAPE_PARAMETERS = [
    OpenApiParameter(
        "fields",
        OpenApiTypes.STR,
        many=True,
        style="form",
        explode=False,
        enum=MEMBERS,
        description="Only these members of each commitment, comma-separated.",
    ),
    OpenApiParameter(
        "expand",
        OpenApiTypes.STR,
        many=True,
        style="form",
        explode=False,
        enum=tuple(EXPANSIONS),
        description="Tell the records that commitments name by key, in a member `expanded`, comma-separated.",
    ),
]
CURSOR_PARAMETER = OpenApiParameter(
    "cursor",
    OpenApiTypes.STR,
    description="Walk the whole list at a constant cost: begin with `*` and follow `next`. In the order of "
    "references only; without `page`.",
)
LIST_PARAMETERS = [*parameters_of(CommitmentFilterSet), *SHAPE_PARAMETERS, CURSOR_PARAMETER]
COMMITMENT_PARAMETERS = [*parameters_of(DayFilterSet), *SHAPE_PARAMETERS]
