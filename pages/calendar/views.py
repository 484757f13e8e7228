"""The calendar by month."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.querysets import AsOf
from commitments.reports.calendar import ViewUnfit
from pages.calendar.feed_forms import feeds_address
from pages.calendar.month import month_page
from pages.calendar.query import CalendarFilterSet
from pages.refused import refused


@require_safe
def month(request: SignedInRequest) -> HttpResponse:
    """A month of the calendar. Invalid parameters are named, and nothing is shown (400)."""
    filterset, when = CalendarFilterSet(request.GET, user=request.user), AsOf.now()
    if filterset.faults:
        return refused(request, filterset.faults, _("Calendar"), "calendar")
    try:
        page = month_page(filterset.choice, filterset.month_shown, when)
    except ViewUnfit as why:
        message = _("The filters of the view “%(name)s” no longer work. Edit the view, or choose another.")
        return refused(request, {"view": [message % {"name": why}]}, _("Calendar"), "calendar")
    context = {
        "page": page,
        "filterset": filterset,
        "choice": filterset.choice,
        "feeds_url": feeds_address(filterset.choice),
        "today": when.day,
    }
    return render(request, "calendar/month.html", context)
