"""The list of commitments, filtered by the parameters of its query string."""

from typing import Any

from django.http import HttpResponse
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
from commitments.reports.export_rows import export_rows
from commitments.reports.rows import rows_of
from commitments.reports.saved_views import saved_views_for, stored_query
from commitments.reports.search_snippets import TEXTS, findings_in
from commitments.services.bulk import may_select
from core.pagination import ENOUGH, page_of_keys
from pages.listing.filter_panel import Order, chips_of, orders_of, panel_of
from pages.listing.preferences import density_of
from pages.listing.table import column_choices, column_table, needs_export_rows
from pages.listing.tabs import list_summary, tabs_of
from relations.names import search_terms

_NOT_FILTERS = {"ordering", "page", "page_size"}
FIGURES = "figures"
"""The id of the element that htmx replaces by the figures of a large register."""
CARRIED = ("ordering", PARAMETER)
"""Parameters without a control in the filter panel. Its form has them as hidden fields."""


@require_safe
def commitments(request: SignedInRequest) -> HttpResponse:
    """The list. Unknown or invalid parameters are named, and no rows are shown (400).

    In a large register the rows are shown at once, and the figures around them follow by a second request.
    """
    return _page(request, counted=False)


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """The same list with every figure, even in a large register. An htmx request gets the figures alone."""
    return _page(request, counted=True)


def _page(request: SignedInRequest, *, counted: bool) -> HttpResponse:
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
    if counted and request.htmx.target == FIGURES:  # type: ignore[attr-defined]
        context = _surroundings(request, filterset, visible, counted=True, related=False, whole=False)
        return render(request, "listing/figures.html", context)
    count = visible.count_up_to(ENOUGH + 1)
    is_large = count > ENOUGH
    surroundings = _surroundings(
        request, filterset, visible, counted=counted or not is_large, related=not is_large, whole=True
    )
    orders = orders_of(filterset, reverse("commitments"))
    if other:
        rows = days_compared(filterset, filterset.among, other)
    else:
        rows = _rows(filterset, filterset.among, columns, orders, count=count)
    are_errors = filterset.form.cleaned_data["entered_in_error"] == "true"
    selects = may_select(request.user) and not (other or filterset.when.is_past or are_errors)
    unfinished_jobs = BulkJob.objects.visible_to(request.user).running().count() if selects else 0
    context = {
        **surroundings,
        **rows,
        "selects": selects,
        "unfinished_jobs": unfinished_jobs,
        "figures_follow": surroundings["summary"] is None,
        "columns": column_choices(columns),
        "carried": [(name, value) for name in CARRIED for value in filterset.data.getlist(name)],
        "density": density_of(request),
        "filterset": filterset,
        "words": filterset.form.cleaned_data["q"],
        "other": other,
        "chips": chips_of(filterset, reverse("commitments")),
        "orders": orders,
    }
    return render(request, "listing/page.html", context)


def _surroundings(
    request: SignedInRequest,
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    *,
    counted: bool,
    related: bool,
    whole: bool,
) -> dict[str, Any]:
    """The context for everything around the rows; with figures if ``counted``.

    ``related`` and ``whole`` are those of ``panel_of``.
    """
    when, current_query, path = filterset.when, stored_query(request.GET), reverse("commitments")
    is_filtered = bool(filterset.active.keys() - _NOT_FILTERS - {"as_of"})
    all_counts = visible.at(when).status_counts() if counted else None
    counts = filterset.qs.status_counts() if counted and is_filtered else all_counts
    panel = panel_of(
        filterset, filterset.among, counted=counted, related=related, whole=whole, status_counts=counts
    )
    return {
        "when": when,
        "current_query": current_query,
        "saved_views": saved_views_for(request.user, current_query),
        "summary": list_summary(all_counts, filterset, path, filtered=False) if all_counts else None,
        "filtered": list_summary(counts, filterset, path, filtered=True) if counts and is_filtered else None,
        "most_counted": ENOUGH,
        "tabs": tabs_of(filterset, visible, all_counts, path),
        "panel": panel,
    }


def _rows(
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    columns: tuple[Column, ...],
    orders: dict[str, Order],
    *,
    count: int,
) -> dict[str, Any]:
    """The context for the rows of the page, in ``columns`` if any were chosen.

    ``count`` is the number of visible commitments.
    """
    parameters = filterset.form.cleaned_data
    known_count = None if filterset.leaves_out else count
    page = page_of_keys(
        filterset.qs,
        number=parameters["page"],
        size=parameters["page_size"],
        counted=known_count,
        likely_few=bool(parameters["q"]),
    )
    terms = search_terms(parameters["q"])
    shown = visible.at(filterset.when).with_last_activity(filterset.when)
    commitments = shown.with_list_fields(*(TEXTS if terms else ())).in_order_of(list(page))
    found = findings_in(commitments, terms, filterset.when)
    listed = rows_of(commitments, visible, filterset.when, found=found)
    details = (
        export_rows(list(page), user=filterset.user, when=filterset.when)
        if needs_export_rows(columns)
        else ()
    )
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "list": listed,
        "column_table": column_table(columns, listed.rows, details, orders) if columns else None,
    }


def _exact_match(filterset: CommitmentFilterSet, visible: CommitmentQuerySet) -> Commitment | None:
    """The commitment to redirect to: the search is its whole reference, and no other filter is active."""
    if filterset.active.keys() - _NOT_FILTERS != {"q"}:
        return None
    match search_terms(filterset.form.cleaned_data["q"]):
        case [term] if not term.excluded:
            return visible.filter(reference=term.text.upper()).first()
    return None
