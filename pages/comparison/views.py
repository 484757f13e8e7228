"""The page that compares two sessions of a mechanism."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.comparison_query import TwoSessions, held_sessions, sessions_compared
from pages.refused import refused
from relations.models import Mechanism

MOST_OFFERED = 60
"""The number of sessions in the form. Earlier ones can be chosen by number or slug in the URL."""


@require_safe
def sessions(request: SignedInRequest, slug: str) -> HttpResponse:
    """What changed between two sessions of a mechanism, by default the last two."""
    mechanism = get_object_or_404(Mechanism, slug=slug)
    now, visible = AsOf.now(), Commitment.objects.visible_to(request.user)
    held = held_sessions(mechanism, request.user, now.today)
    query = TwoSessions(request.GET, held=held)
    if query.faults:
        return refused(request, query.faults, mechanism.name, "bodies")
    context: dict[str, Any] = {
        "mechanism": mechanism,
        "held": held.order_by("-day", "-pk")[:MOST_OFFERED],
        "when": now,
        **sessions_compared(query, visible, now.today),
    }
    return render(request, "comparison/sessions.html", context)
