"""Meetings: what was made, reaffirmed and reported there, and what to raise at the next one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.querysets import AsOf
from commitments.reports.agenda import AGENDA_KEYS
from commitments.reports.meetings import meeting_page, with_spoken_counts
from core import clock
from core.pagination import page_of
from relations.filtersets import MeetingFilterSet
from relations.models import Meeting


@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings, those to come first, then the latest."""
    visible, today = Commitment.objects.visible_to(request.user), clock.today()
    rows = with_spoken_counts(Meeting.objects.select_related("mechanism", "country"), visible)
    filterset = MeetingFilterSet(request.GET, queryset=rows)
    if filterset.faults:
        return _refused(request, filterset.faults, _("Meetings"))
    asked = filterset.form.cleaned_data
    to_come = list(Meeting.objects.to_come(today).filter(pk__in=filterset.qs.order_by().values("pk")))
    held = filterset.qs.exclude(pk__in=[meeting.pk for meeting in to_come]).order_by("-day", "-pk")
    page = page_of(held, number=asked["page"], size=asked["page_size"])
    context = {
        "filterset": filterset,
        "to_come": to_come if page.number == 1 else [],
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "mechanism": asked["mechanism"],
        "today": today,
    }
    return render(request, "relations/meeting_list.html", context)


@require_safe
def meeting(request: SignedInRequest, slug: str) -> HttpResponse:
    """One meeting; ``group`` shows one group of the agenda of a session to come whole."""
    rows = Meeting.objects.select_related("mechanism", "country").prefetch_related(
        "participations__person", "participations__country", "mechanism__countries", "sources"
    )
    found = get_object_or_404(rows, slug=slug)
    group, unknown = request.GET.get("group", ""), set(request.GET) - {"group"}
    if unknown or (group and group not in AGENDA_KEYS):
        faults = {name: [_("There is no parameter “%(name)s”.") % {"name": name}] for name in sorted(unknown)}
        if not unknown:
            faults = {"group": [_("There is no group “%(group)s” here.") % {"group": group}]}
        return _refused(request, faults, found.title)
    visible, as_of = Commitment.objects.visible_to(request.user), AsOf(clock.today(), clock.today())
    context = {"page": meeting_page(found, visible, as_of, whole=group), "group": group, "today": as_of.day}
    return render(request, "relations/meeting_detail.html", context)


def _refused(request: SignedInRequest, faults: dict[str, list[str]], title: str) -> HttpResponse:
    context = {"faults": faults, "title": title, "section": "meetings"}
    return render(request, "relations/list_refused.html", context, status=400)
