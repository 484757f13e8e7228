"""The list of commitments, filtered by the parameters of its address."""

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
from commitments.reports.saved_views import kept_for, kept_query
from commitments.reports.search_snippets import TEXTS, findings_in
from commitments.services.bulk import may_select
from core.pagination import ENOUGH, page_of_keys
from pages.listing.filter_panel import Order, chips_of, orders_of, panel_of
from pages.listing.preferences import density_of
from pages.listing.table import choices_of, column_table, needs_entries
from pages.listing.tabs import list_summary, tabs_of
from relations.names import search_terms

_NOT_FILTERS = {"ordering", "page", "page_size"}
FIGURES = "figures"
"""What htmx puts the figures of a large register in the place of."""
CARRIED = ("ordering", PARAMETER)
"""Parameters without a control in the filter panel, which its form carries along."""


@require_safe
def commitments(request: SignedInRequest) -> HttpResponse:
    """What the parameters ask for; a parameter that is not understood is named and shows no rows (400).

    In a large register the rows are shown at once, and the figures around them a moment later.
    """
    return _page(request, counted=False)


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """The same with every figure, however large the register; of htmx, the figures alone."""
    return _page(request, counted=True)


def _page(request: SignedInRequest, *, counted: bool) -> HttpResponse:
    visible = Commitment.objects.visible_to(request.user)
    compared = CompareFilterSet.of(request.GET)
    columns, wrong = columns_named(request.GET.getlist(PARAMETER), default=())
    filterset = CommitmentFilterSet(
        request.GET, user=request.user, queryset=visible, also_known=(PARAMETER, *compared.filters)
    )
    if faults := {**filterset.faults, **compared.faults, **({PARAMETER: wrong} if wrong else {})}:
        return render(request, "listing/refused.html", {"faults": faults}, status=400)
    other = compared.other(filterset.when)
    if not other and (meant := _meant(filterset, visible)):
        url = meant.get_absolute_url()
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]
    if counted and request.htmx.target == FIGURES:  # type: ignore[attr-defined]
        alone = _around(request, filterset, visible, counted=True, related=False, whole=False)
        return render(request, "listing/figures.html", alone)
    count = visible.count_up_to(ENOUGH + 1)
    is_large = count > ENOUGH
    around = _around(
        request, filterset, visible, counted=counted or not is_large, related=not is_large, whole=True
    )
    orders = orders_of(filterset, reverse("commitments"))
    if other:
        rows = days_compared(filterset, visible, other)
    else:
        rows = _listed(filterset, visible, columns, orders, count=count)
    selects = may_select(request.user) and not other and not filterset.when.is_past
    context = {
        **around,
        **rows,
        "selects": selects,
        "waiting": BulkJob.objects.visible_to(request.user).running().count() if selects else 0,
        "figures_follow": around["standing"] is None,
        "columns": choices_of(columns),
        "carried": [(name, value) for name in CARRIED for value in filterset.data.getlist(name)],
        "density": density_of(request),
        "filterset": filterset,
        "words": filterset.form.cleaned_data["q"],
        "other": other,
        "chips": chips_of(filterset, reverse("commitments")),
        "orders": orders,
    }
    return render(request, "listing/page.html", context)


def _around(
    request: SignedInRequest,
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    *,
    counted: bool,
    related: bool,
    whole: bool,
) -> dict[str, Any]:
    """What stands around the rows, with its figures where it is ``counted``."""
    when, current = filterset.when, kept_query(request.GET)
    is_filtered = bool(filterset.active.keys() - _NOT_FILTERS - {"as_of"})
    every = visible.at(when).tally() if counted else None
    tally = filterset.qs.tally() if counted and is_filtered else every
    panel = panel_of(filterset, visible, counted=counted, related=related, whole=whole, tally=tally)
    return {
        "when": when,
        "current": current,
        "kept": kept_for(request.user, current),
        "standing": list_summary(every, when.day) if every else None,
        "shown": list_summary(tally, when.day) if tally and is_filtered else None,
        "tabs": tabs_of(filterset, visible, every, reverse("commitments")),
        "panel": panel,
    }


def _listed(
    filterset: CommitmentFilterSet,
    visible: CommitmentQuerySet,
    columns: tuple[Column, ...],
    orders: dict[str, Order],
    *,
    count: int,
) -> dict[str, Any]:
    """The page of rows that was asked for, in ``columns`` where any were chosen; ``count`` is that of all."""
    asked = filterset.form.cleaned_data
    known = None if filterset.leaves_out else count
    page = page_of_keys(
        filterset.qs,
        number=asked["page"],
        size=asked["page_size"],
        counted=known,
        likely_few=bool(asked["q"]),
    )
    words = search_terms(asked["q"])
    shown = visible.at(filterset.when).with_last_activity(filterset.when)
    rows = shown.with_list_fields(*(TEXTS if words else ())).in_order_of(list(page))
    found_in = findings_in(rows, words, filterset.when)
    listed = rows_of(rows, visible, filterset.when, found=found_in)
    entries = (
        export_rows(list(page), user=filterset.user, when=filterset.when) if needs_entries(columns) else ()
    )
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "list": listed,
        "chosen": column_table(columns, listed.rows, entries, orders) if columns else None,
    }


def _meant(filterset: CommitmentFilterSet, visible: CommitmentQuerySet) -> Commitment | None:
    """The commitment whose reference is all that was asked for: one goes straight to its page."""
    if filterset.active.keys() - _NOT_FILTERS != {"q"}:
        return None
    match search_terms(filterset.form.cleaned_data["q"]):
        case [term] if not term.excluded:
            return visible.filter(reference=term.text.upper()).first()
    return None
