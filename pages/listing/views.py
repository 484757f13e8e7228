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
from commitments.reports.returned import return_notes
from commitments.reports.rows import rows_of, with_column_fields
from commitments.reports.saved_views import saved_views_for, stored_query
from commitments.reports.search_snippets import TEXTS, findings_in
from commitments.reports.tables import needs_details
from commitments.services.bulk import may_select
from core.large_tables import ENOUGH, Counted, Figures, page_of_keys
from pages.listing.filter_panel import Order, Panel, chips_of, orders_of
from pages.listing.preferences import density_of
from pages.listing.table import column_choices, list_table
from pages.listing.tabs import list_summary, tabs_of
from pages.listing.view_in_force import view_in_force
from relations.names import search_terms

FIGURES = "figures"
"""The id of the element that htmx replaces by the figures of a large register."""
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


def _page(request: SignedInRequest, *, asked: bool) -> HttpResponse:
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
    count = visible.counted()
    surroundings = _surroundings(request, filterset, visible, Figures.of(count, asked=asked))
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
    figures: Figures,
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
        "panel": Panel(filterset, filterset.among, figures=figures, status_counts=counts),
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
    page = page_of_keys(
        filterset.qs,
        number=parameters["page"],
        size=parameters["page_size"],
        known=None if filterset.leaves_out else count,
        likely_few=bool(parameters["q"]),
    )
    terms = search_terms(parameters["q"])
    detailed = needs_details(columns)
    shown = visible.at(filterset.when).with_last_activity(filterset.when)
    shown = with_column_fields(shown) if detailed else shown.with_list_fields(*(TEXTS if terms else ()))
    commitments = shown.in_order_of(list(page))
    found = findings_in(commitments, terms, filterset.when)
    if parameters["returned"]:
        notes = return_notes(list(page), filterset.when)
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
