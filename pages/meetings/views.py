"""Meetings: what was made, reaffirmed and reported there, and what to raise at the next one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.day_filtersets import GroupFilterSet, MeetingDayFilterSet
from commitments.models import Commitment
from commitments.reports.agenda import AGENDA_KEYS
from core.pagination import page_of
from pages.meetings.page import meeting_page, with_spoken_counts
from pages.refused import refused
from relations.models import Meeting


@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings, those to come first, then the latest."""
    filterset = MeetingDayFilterSet(
        request.GET, queryset=Meeting.objects.select_related("mechanism", "country")
    )
    if filterset.faults:
        return refused(request, filterset.faults, _("Meetings"))
    asked, when = filterset.form.cleaned_data, filterset.when
    known = Commitment.objects.visible_to(request.user).at(when)
    to_come = list(Meeting.objects.to_come(when.day).filter(pk__in=filterset.qs.order_by().values("pk")))
    held = filterset.qs.exclude(pk__in=[meeting.pk for meeting in to_come]).order_by("-day", "-pk")
    page = page_of(with_spoken_counts(held, known), number=asked["page"], size=asked["page_size"])
    context = {
        "filterset": filterset,
        "to_come": to_come if page.number == 1 else [],
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "mechanism": asked["mechanism"],
        "records": request.user.may(Right.EDIT_REGISTER) and when.day == when.today,
        "when": when,
        "today": when.day,
    }
    return render(request, "meetings/list.html", context)


@require_safe
def meeting(request: SignedInRequest, slug: str) -> HttpResponse:
    """One meeting; ``group`` shows one group of the agenda of a session to come whole."""
    rows = Meeting.objects.select_related("mechanism", "country").prefetch_related(
        "participations__person", "participations__country", "mechanism__countries", "sources"
    )
    found = get_object_or_404(rows, slug=slug)
    asked = GroupFilterSet(request.GET, groups=AGENDA_KEYS)
    if asked.faults:
        return refused(request, asked.faults, found.title)
    visible, when, group = Commitment.objects.visible_to(request.user), asked.when, asked.group
    page = meeting_page(found, visible, when, whole=group)
    records = request.user.may(Right.EDIT_REGISTER) and when.day == when.today
    context = {"page": page, "group": group, "records": records, "when": when, "today": when.day}
    return render(request, "meetings/meeting.html", context)
