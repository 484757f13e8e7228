"""Sources: the text, and beside each paragraph what rests on it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet, SourceDayFilterSet
from commitments.models import Commitment
from core.pagination import page_of
from pages.refused import refused
from pages.sources.page import marked_text, with_resting_counts
from relations.models import Source


@require_safe
def sources(request: SignedInRequest) -> HttpResponse:
    """The sources, the latest first."""
    filterset = SourceDayFilterSet(request.GET, queryset=Source.objects.all())
    if filterset.faults:
        return refused(request, filterset.faults, _("Sources"), "sources")
    asked, when = filterset.form.cleaned_data, filterset.when
    known = Commitment.objects.visible_to(request.user).at(when)
    rows = with_resting_counts(filterset.qs, known, when).order_by("-published_on", "slug")
    page = page_of(rows, number=asked["page"], size=asked["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"filterset": filterset, "page": page, "numbers": numbers, "when": when}
    return render(request, "sources/list.html", context)


@require_safe
def source(request: SignedInRequest, slug: str) -> HttpResponse:
    """One source: its facts, its numbered paragraphs, and the commitments that rest on them."""
    rows = Source.objects.prefetch_related("based_on", "basis_of", "meetings")
    found = get_object_or_404(rows, slug=slug)
    asked = DayFilterSet(request.GET)
    if asked.faults:
        return refused(request, asked.faults, found.title, "sources")
    text = marked_text(found, Commitment.objects.visible_to(request.user).at(asked.when), asked.when)
    context = {"source": found, "text": text, "when": asked.when}
    return render(request, "sources/source.html", context)
