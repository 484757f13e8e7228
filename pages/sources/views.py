"""The list of sources, and the page of one source."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet, SourceDayFilterSet
from commitments.models import Commitment
from core.pagination import page_of
from pages.refused import refused
from pages.sources.page import annotated_text, papers_of, with_commitment_counts
from relations.edit_forms import edit_address
from relations.models import Meeting, Source


@require_safe
def sources(request: SignedInRequest) -> HttpResponse:
    """The sources, the latest first."""
    filterset = SourceDayFilterSet(request.GET, queryset=Source.objects.visible_to(request.user))
    if filterset.faults:
        return refused(request, filterset.faults, _("Sources"), "sources")
    values, when = filterset.form.cleaned_data, filterset.when
    visible = Commitment.objects.visible_to(request.user).at(when)
    rows = with_commitment_counts(filterset.qs, visible, when).order_by("-published_on", "slug")
    page = page_of(rows, number=values["page"], size=values["page_size"])
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {"filterset": filterset, "page": page, "numbers": numbers, "when": when}
    return render(request, "sources/list.html", context)


@require_safe
def source(request: SignedInRequest, slug: str) -> HttpResponse:
    """One source: its facts, its numbered paragraphs, and the commitments that they mention."""
    seen = Source.objects.visible_to(request.user)
    rows = seen.prefetch_related(
        Prefetch("based_on", seen),
        Prefetch("basis_of", seen),
        Prefetch("meetings", Meeting.objects.visible_to(request.user)),
    )
    source = get_object_or_404(rows, slug=slug)
    filterset = DayFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, source.title, "sources")
    when = filterset.when
    text = annotated_text(source, Commitment.objects.visible_to(request.user).at(when), when)
    edit_url = edit_address(source, request.user) if when.day == when.today else ""
    context = {
        "source": source,
        "text": text,
        "papers": papers_of(source),
        "attach_url": reverse("papers", args=[source.slug]) if edit_url else "",
        "when": when,
        "edit_url": edit_url,
    }
    return render(request, "sources/source.html", context)
