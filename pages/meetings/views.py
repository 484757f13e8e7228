"""The list of meetings, and the page of one meeting."""

from django.db.models import Prefetch
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
from pages.meetings.page import meeting_page, with_mention_counts
from pages.refused import refused
from relations.edit_forms import edit_address
from relations.models import Meeting, Source


@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings: those to come, then those held, the latest first."""
    filterset = MeetingDayFilterSet(
        request.GET, queryset=Meeting.objects.visible_to(request.user).select_related("mechanism", "country")
    )
    if filterset.faults:
        return refused(request, filterset.faults, _("Meetings"))
    values, when = filterset.form.cleaned_data, filterset.when
    visible = Commitment.objects.visible_to(request.user).at(when)
    to_come = list(
        Meeting.objects.visible_to(request.user)
        .to_come(when.day)
        .filter(pk__in=filterset.qs.order_by().values("pk"))
    )
    held = filterset.qs.exclude(pk__in=[meeting.pk for meeting in to_come]).order_by("-day", "-pk")
    page = page_of(with_mention_counts(held, visible), number=values["page"], size=values["page_size"])
    context = {
        "filterset": filterset,
        "to_come": to_come if page.number == 1 else [],
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "mechanism": values["mechanism"],
        "can_record": request.user.may(Right.EDIT_REGISTER) and when.day == when.today,
        "when": when,
        "today": when.day,
    }
    return render(request, "meetings/list.html", context)


@require_safe
def meeting(request: SignedInRequest, slug: str) -> HttpResponse:
    """One meeting. ``group`` shows only that group of the agenda of a meeting to come, with all its rows."""
    rows = (
        Meeting.objects.visible_to(request.user)
        .with_has_text()
        .select_related("mechanism", "country")
        .prefetch_related(
            "participations__person",
            "participations__country",
            "mechanism__countries",
            Prefetch("sources", Source.objects.visible_to(request.user)),
        )
    )
    meeting = get_object_or_404(rows, slug=slug)
    filterset = GroupFilterSet(request.GET, groups=AGENDA_KEYS)
    if filterset.faults:
        return refused(request, filterset.faults, meeting.title)
    visible, when, group = Commitment.objects.visible_to(request.user), filterset.when, filterset.group
    page = meeting_page(meeting, request.user, visible, when, whole=group)
    can_record = request.user.may(Right.EDIT_REGISTER) and when.day == when.today
    context = {
        "page": page,
        "group": group,
        "can_record": can_record,
        "edit_url": edit_address(meeting, request.user) if when.day == when.today else "",
        "when": when,
        "today": when.day,
    }
    return render(request, "meetings/meeting.html", context)
