"""The query parameters of the API, described for its schema from the filter sets that read them."""

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
    "q": "Words in any order in reference, title, text, remarks, cited paragraphs, and the names of "
    "the theme, countries, agencies, mechanisms, places and people. "
    "Use quotes for a phrase and `-word` to exclude a word.",
    "state": "`open`: one of the six open statuses; `closed`: one of the five others.",
    "figure": "Counted as this in the outcomes of the overview; `any`: counted as any of them.",
    "country": "A party, by its code.",
    "obligated": "A responsible country, by its code.",
    "only_obligated": "The only responsible country, by its code.",
    "agency": "An assigned agency in any role, by its key; `none`: no agency is assigned.",
    "lead_agency": "A lead agency, by its key; `none`: no lead agency is assigned.",
    "officer": "The officer in charge: `me`, or an account by its username; `none`: nobody is in charge.",
    "holder": "Open, and now with: who has to do the next thing. `other_side`: the other country; `nobody`: "
    "no officer is in charge, and no agency of ours leads.",
    "report_awaited": "Open, and a report was asked for and is awaited: `me` from the caller or its agency.",
    "mechanism": "Mentioned at a session of this mechanism, by its key.",
    "meeting": "Agreed or mentioned at this meeting, by its key.",
    "made_at": "The meeting with a mention of the kind `made`, by its key.",
    "source": "Mentioned in this source, by its key.",
    "person": "Mentioned at a meeting that this person attended, by key.",
    "made_after": "First mentioned on this date or later.",
    "made_before": "First mentioned on this date or earlier.",
    "due_after": "The latest date of the deadline is this date or later.",
    "due_before": "The latest date of the deadline is this date or earlier.",
    "due_within": "Due within this number of days from `as_of` or today, without the overdue.",
    "due_before_session": "Due before the next planned session of this mechanism closes.",
    "overdue": "Open, neither requested nor standing, and the latest date of the deadline is past.",
    "review_due": "Open, and the review date has come.",
    "quiet_for": "Open, without news for this number of days or more.",
    "mentions_min": "Mentioned at this number of different meetings or more.",
    "has_target": "Whether it has a target.",
    "entered_in_error": "`true`: only what was entered in error. It is left out otherwise.",
    "awaiting": "`me`: under review or with a proposed deadline, and the caller can decide.",
    "returned": "`me`: submitted by the caller since it was last opened, and last returned.",
    "submitted_by": "`me`: submitted by the caller since it was last opened.",
    "watching": "`me`: watched by the caller, today; also by a watched view, agency or country.",
    "as_of": "The register as of this date, by date of occurrence. For a future date: today's register.",
    "ordering": f"Comma-separated; `-` for descending order: {', '.join(ORDERINGS)}. Equal rows are ordered "
    "by reference.",
    "page": "The number of the page, from 1. Past the end: 404.",
    "page_size": "Rows on a page, 1 to 500. Default: 50.",
}
"""The description of each parameter. One that is missing here is described by its label."""


def parameters_of(filterset: Any, *names: str) -> list[OpenApiParameter]:
    """The parameters of a filter set (only ``names``, if given), with their types and descriptions."""
    return [
        _parameter(name, each) for name, each in filterset.base_filters.items() if not names or name in names
    ]


def _parameter(name: str, each: django_filters.Filter) -> OpenApiParameter:
    options: dict[str, Any] = {"description": MEANINGS.get(name, force_str(each.label or name))}
    is_multiple = isinstance(
        each, django_filters.MultipleChoiceFilter | django_filters.ModelMultipleChoiceFilter
    )
    choices = each.extra.get("choices")
    if isinstance(each, BooleanFilter):
        options["enum"] = ["true", "false"]
    elif choices:
        options["enum"] = [force_str(value) for value, _label in choices]
    kind: Any = OpenApiTypes.STR
    if isinstance(each, DayFilter):
        kind = OpenApiTypes.DATE
    elif isinstance(each, CountFilter):
        kind = {"type": "integer", "minimum": each.extra.get("min_value", 0)}
        if (most := each.extra.get("max_value")) is not None:
            kind["maximum"] = most
    return OpenApiParameter(name, kind, many=is_multiple, **options)


FIELDSET_PARAMETERS = [
    OpenApiParameter(
        "fields",
        OpenApiTypes.STR,
        many=True,
        style="form",
        explode=False,
        enum=MEMBERS,
        description="Send only these members of each commitment, comma-separated.",
    ),
    OpenApiParameter(
        "expand",
        OpenApiTypes.STR,
        many=True,
        style="form",
        explode=False,
        enum=tuple(EXPANSIONS),
        description="Also send the records that commitments name by key, in `expanded`; comma-separated.",
    ),
]
CURSOR_PARAMETER = OpenApiParameter(
    "cursor",
    OpenApiTypes.STR,
    description="Read the whole list at a constant cost for each page: begin with `*` and follow `next`. "
    "Only in the order of references, and without `page`.",
)
LIST_PARAMETERS = [*parameters_of(CommitmentFilterSet), *FIELDSET_PARAMETERS, CURSOR_PARAMETER]
COMMITMENT_PARAMETERS = [*parameters_of(DayFilterSet), *FIELDSET_PARAMETERS]
