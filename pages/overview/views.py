"""The overview page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet
from commitments.models import Commitment
from commitments.reports.first_steps import first_steps
from commitments.reports.overview import overview_basics, overview_figures, overview_page
from commitments.services.themes import take_starter_themes
from core.large_tables import ENOUGH, Figures
from core.post_only import posts
from pages.refused import refused

FIGURES = "figures"
"""The id of the element that htmx replaces by the figures of a large register."""


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Show the overview.

    For a large register the page comes without its figures; htmx, or a link, then loads them.
    """
    return _page(request, asked=False)


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """Show the overview with all figures, however large the register; htmx gets the figures alone."""
    return _page(request, asked=True)


def _page(request: SignedInRequest, *, asked: bool) -> HttpResponse:
    filterset = DayFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, _("Overview"), "overview")
    user, when = request.user, filterset.when
    context: dict[str, Any] = {"when": when, "today": when.day, "most_counted": ENOUGH}
    if asked and request.htmx.target == FIGURES:  # type: ignore[attr-defined]
        context["page"] = overview_figures(user, when)
        return render(request, "overview/figures.html", context)
    counted = Figures.of(Commitment.objects.visible_to(user).counted(), asked=asked) != Figures.NONE
    page = overview_page(user, when) if counted else overview_basics(user, when)
    is_empty = not when.is_past and not Commitment.objects.visible_to(user).exists()
    context.update(page=page, counted=counted, steps=first_steps(user) if is_empty else ())
    return render(request, "overview/page.html", context)


@posts(back=lambda _request: reverse("overview"))
def starter_themes(request: SignedInRequest) -> HttpResponse:
    """Add the themes that most registers have."""
    n = take_starter_themes(actor=request.user)
    messages.success(request, ngettext("%(n)d theme was added.", "%(n)d themes were added.", n) % {"n": n})
    return redirect("overview")
