"""The list of commitments, filtered by the parameters of its address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.filtersets import CommitmentFilterSet
from commitments.models import Commitment
from commitments.reports.panel import chips_of, orders_of, panel_of
from commitments.reports.rows import rows_of
from commitments.reports.tabs import standing_of, tabs_of
from core.pagination import page_of


@require_safe
def commitments(request: SignedInRequest) -> HttpResponse:
    """What the parameters ask for; a parameter that is not understood is named and shows no rows (400)."""
    visible = Commitment.objects.visible_to(request.user)
    filterset = CommitmentFilterSet(request.GET, user=request.user, queryset=visible)
    if filterset.faults:
        faults = filterset.faults
        return render(request, "commitments/list_refused.html", {"faults": faults}, status=400)
    asked = filterset.form.cleaned_data
    found = filterset.qs.with_last_activity(filterset.when).with_list_relations(filterset.when)
    page = page_of(found, number=asked["page"], size=asked["page_size"])
    standing = standing_of(visible, filterset)
    context = {
        "filterset": filterset,
        "when": filterset.when,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "list": rows_of(page.object_list, visible, filterset.when),
        "standing": standing,
        "panel": panel_of(filterset, visible),
        "chips": chips_of(filterset, request.path),
        "tabs": tabs_of(filterset, visible, standing, request.path),
        "orders": orders_of(filterset, request.path),
    }
    return render(request, "commitments/list.html", context)
