"""The list of commitments, filtered by the parameters of its query string."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import SignedInRequest
from commitments.day_filtersets import CompareFilterSet
from commitments.filtersets import CommitmentFilterSet
from commitments.models import BulkJob, Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.reports.columns import PARAMETER, Column, columns_named
from commitments.reports.comparison_query import days_compared
from commitments.reports.returned import return_notes
from commitments.reports.rows import rows_of, with_column_fields
from commitments.reports.saved_views import saved_views_for, stored_query
from commitments.reports.search_snippets import TEXTS, findings_in
from commitments.reports.tables import needs_details
from commitments.services.bulk import may_select
from core.large_tables import ENOUGH, Counted, Figures, numbers_of, page_of_keys
from pages.listing.filter_panel import (
    MORE,
    PARTS,
    MoreFilters,
    Order,
    Panel,
    chips_of,
    facet_of,
    orders_of,
)
from pages.listing.preferences import density_of
from pages.listing.table import column_choices, list_table
from pages.listing.tabs import list_summary, tabs_of
from pages.listing.view_in_force import view_in_force
from relations.names import search_terms

FIGURES = "figures"
"""The id of the element that htmx replaces by the figures of a large register."""
COLUMNS = "columns"
"""The name of the menu of columns among the parts that are read when the reader opens them."""
CARRIED = ("ordering", PARAMETER)
"""Parameters without a control in the filter panel. Its form has them as hidden fields."""


@require_safe
def commitments(request: SignedInRequest) -> HttpResponse:
    """The list. Unknown or invalid parameters are named, and no rows are shown (400).

    In a large register the rows are shown at once, and the figures around them follow by a second request.
    """
    return _page(request, asked=False)


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """The same list with every figure, even in a large register. An htmx request gets the figures alone."""
    return _page(request, asked=True)


@require_safe
def choices(request: SignedInRequest, part: str) -> HttpResponse:
    """The same list with a part opened: of the filter panel, or the menu of columns.

    An htmx request gets that part alone.
    """
    if part not in (*PARTS, COLUMNS):
        raise Http404
    return _page(request, asked=False, opened=part)


def _page(request: SignedInRequest, *, asked: bool, opened: str = "") -> HttpResponse:
    visible = Commitment.objects.visible_to(request.user)
    compared = CompareFilterSet.of(request.GET)
    columns, column_errors = columns_named(request.GET.getlist(PARAMETER), default=())
    filterset = CommitmentFilterSet(
        request.GET, user=request.user, queryset=visible, also_known=(PARAMETER, *compared.filters)
    )
    errors = {**filterset.faults, **compared.faults, **({PARAMETER: column_errors} if column_errors else {})}
    if errors:
        return render(request, "listing/refused.html", {"errors": errors}, status=400)
    other = compared.other(filterset.when)
    if not other and (exact := _exact_match(filterset, visible)):
        url = exact.get_absolute_url()
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]
    if asked and request.htmx.target == FIGURES:  # type: ignore[attr-defined]
        return render(
            request, "listing/figures.html", _surroundings(request, filterset, visible, Figures.OWN)
        )
    found, unfinished_jobs = numbers_of(visible.to_count(), _unfinished_jobs(request))
    count = Counted.of(found)
    figures = Figures.of(count, asked=asked)
    if opened and request.htmx.target == f"part-{opened}":  # type: ignore[attr-defined]
        return _part(request, filterset, columns, opened, figures)
    surroundings = _surroundings(request, filterset, visible, figures, opened)
    orders = orders_of(filterset, reverse("commitments"))
    if other:
        rows = days_compared(filterset, filterset.among, other)
    else:
        rows = _rows(filterset, filterset.among, columns, orders, count=count)
    are_errors = filterset.form.cleaned_data["entered_in_error"] == "true"
    selects = may_select(request.user) and not (other or filterset.when.is_past or are_errors)
    context = {
        **surroundings,
        **rows,
        "selects": selects,
        "unfinished_jobs": unfinished_jobs if selects else 0,
        "figures_follow": surroundings["summary"] is None,
        "columns": column_choices(columns) if opened == COLUMNS else (),
        "carried": [(name, value) for name in CARRIED for value in filterset.data.getlist(name)],
        "density": density_of(request),
        "filterset": filterset,
        "words": filterset.form.cleaned_data["q"],
        "other": other,
        "chips": chips_of(filterset, reverse("commitments")),
        "orders": orders,
    }
    return render(request, "listing/page.html", context)


def _unfinished_jobs(request: SignedInRequest) -> QuerySet[Any]:
    if not may_select(request.user):
        return BulkJob.objects.none().values("pk")
    return BulkJob.objects.visible_to(request.user).running().order_by().values("pk")


def _part(
    request: SignedInRequest,
    filterset: CommitmentFilterSet,
    columns: tuple[Column, ...],
    part: str,
    figures: Figures,
) -> HttpResponse:
    """The part that the reader opened."""
    if part == COLUMNS:
        context = {"columns": column_choices(columns), "density": density_of(request), "open": True}
        return render(request, "listing/columns_menu.html", {**context, "query": request.GET.urlencode()})
    if part == MORE:
        return render(request, "listing/more.html", {"more": MoreFilters(filterset, opened=True)})
    facet = facet_of(filterset, filterset.among, part, figures)
    return render(request, "listing/facet.html", {"facet": facet, "open": True})


def _surroundings(
    request: SignedInRequest,
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    figures: Figures,
    opened: str = "",
) -> dict[str, Any]:
    """The context for everything around the rows, with ``figures``."""
    when, current_query, path = filterset.when, stored_query(request.GET), reverse("commitments")
    saved_views = saved_views_for(request.user, current_query)
    is_filtered = bool(filterset.conditions)
    all_counts = visible.at(when).status_counts() if figures != Figures.NONE else None
    counts = filterset.qs.status_counts() if all_counts and is_filtered else all_counts
    tabs = tabs_of(filterset, visible, all_counts, path)
    return {
        "when": when,
        "current_query": current_query,
        "saved_views": saved_views,
        "view_in_force": view_in_force(request, saved_views, tabs),
        "summary": list_summary(all_counts, filterset, path, filtered=False) if all_counts else None,
        "filtered": list_summary(counts, filterset, path, filtered=True) if counts and is_filtered else None,
        "most_counted": ENOUGH,
        "tabs": tabs,
        "panel": Panel(filterset, filterset.among, figures=figures, status_counts=counts, opened=[opened]),
    }


def _rows(
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    columns: tuple[Column, ...],
    orders: dict[str, Order],
    *,
    count: Counted,
) -> dict[str, Any]:
    """The context for the rows of the page, in ``columns`` if any were chosen.

    ``count`` is the number of visible commitments.
    """
    parameters = filterset.form.cleaned_data
    terms = search_terms(parameters["q"])
    detailed = needs_details(columns)
    shown = filterset.qs.with_last_activity(filterset.when)
    page = page_of_keys(
        filterset.qs,
        number=parameters["page"],
        size=parameters["page_size"],
        known=None if filterset.leaves_out else count,
        likely_few=bool(parameters["q"]),
        shown=with_column_fields(shown) if detailed else shown.with_list_fields(*(TEXTS if terms else ())),
    )
    commitments = list(page)
    found = findings_in(commitments, terms, filterset.when)
    if parameters["returned"]:
        notes = return_notes([row.pk for row in commitments], filterset.when)
        found = {pk: (note, *found.get(pk, ())) for pk, note in notes.items()}
    rows = rows_of(commitments, visible, filterset.when, detailed=detailed, found=found)
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "list": rows,
        "table": list_table(rows, columns, orders),
        "chosen": bool(columns),
    }


def _exact_match(filterset: CommitmentFilterSet, visible: CommitmentQuerySet) -> Commitment | None:
    """The commitment to redirect to: the search is its whole reference, and no other filter is active."""
    if "as_of" in filterset.active or filterset.conditions.keys() != {"q"}:
        return None
    match search_terms(filterset.form.cleaned_data["q"]):
        case [term] if not term.excluded:
            return visible.filter(reference=term.text.upper()).first()
    return None
