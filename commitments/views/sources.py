"""Sources: the text, and beside each paragraph what rests on it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.reports.sources import marked_text, with_resting_counts
from core.pagination import page_of
from relations.filtersets import SourceFilterSet
from relations.models import Source


@require_safe
def sources(request: SignedInRequest) -> HttpResponse:
    """The sources, the latest first."""
    visible = Commitment.objects.visible_to(request.user)
    filterset = SourceFilterSet(request.GET, queryset=with_resting_counts(Source.objects.all(), visible))
    if filterset.faults:
        context = {"faults": filterset.faults, "title": _("Sources"), "section": "sources"}
        return render(request, "relations/list_refused.html", context, status=400)
    asked = filterset.form.cleaned_data
    rows = filterset.qs.order_by("-published_on", "slug")
    page = page_of(rows, number=asked["page"], size=asked["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    return render(
        request, "relations/source_list.html", {"filterset": filterset, "page": page, "numbers": numbers}
    )


@require_safe
def source(request: SignedInRequest, slug: str) -> HttpResponse:
    """One source: its facts, its numbered paragraphs, and the commitments that rest on them."""
    rows = Source.objects.prefetch_related("based_on", "basis_of", "meetings")
    found = get_object_or_404(rows, slug=slug)
    text = marked_text(found, Commitment.objects.visible_to(request.user))
    return render(request, "relations/source_detail.html", {"source": found, "text": text})
