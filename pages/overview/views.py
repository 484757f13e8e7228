"""The first page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.day_filtersets import DayFilterSet
from commitments.models import Commitment
from commitments.reports.overview import beginning_for, figures_for, overview_page
from core.pagination import ENOUGH
from pages.refused import refused

FIGURES = "figures"
"""What htmx puts the figures of a large register in the place of."""


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """How the register stands, and what wants the reader's attention.

    In a large register what is for the reader is shown at once, and the figures of all a moment later.
    """
    return _page(request, counted=False)


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """The same with every figure, however large the register; of htmx, the figures alone."""
    return _page(request, counted=True)


def _page(request: SignedInRequest, *, counted: bool) -> HttpResponse:
    asked = DayFilterSet(request.GET)
    if asked.faults:
        return refused(request, asked.faults, _("Overview"), "overview")
    user, when = request.user, asked.when
    context: dict[str, Any] = {"when": when, "today": when.day}
    if counted and request.htmx.target == FIGURES:  # type: ignore[attr-defined]
        context["page"] = figures_for(user, when)
        return render(request, "overview/figures.html", context)
    counted = counted or Commitment.objects.visible_to(user).count_up_to(ENOUGH + 1) <= ENOUGH
    page = overview_page(user, when) if counted else beginning_for(user, when)
    records = user.may(Right.EDIT_REGISTER) and when.day == when.today
    context.update(page=page, counted=counted, records=records)
    return render(request, "overview/page.html", context)
