"""The first steps of recording a meeting: choose it, then enter its participants and its document."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.lacking import lacking_in
from accounts.requests import SignedInRequest
from commitments.models import Commitment
from core import clock
from pages.decorators import require_editor
from pages.recording.proposals import READ, with_proposals
from pages.recording.summary import meetings_to_choose, recent_participants, recorded_texts, unfinished_texts
from relations.models import Country, Meeting
from relations.recording_forms import RecordingForm
from relations.services.duplicates import AlreadyRecorded
from relations.services.meetings import record_document

NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
@require_editor
def record(request: SignedInRequest) -> HttpResponse:
    """Choose a meeting, or record the one that ``meeting`` names by its key (``new`` for a new one).

    ``q`` searches the meetings to choose from. For a new meeting it is the first value of the title.
    """
    key = _parameter(request, "meeting")
    if not key:
        return _choice_page(request)
    seen = Meeting.objects.visible_to(request.user)
    rows = seen.prefetch_related("participations__person", "participations__country")
    meeting = None if key == NEW else get_object_or_404(rows, slug=key)
    if request.method != "POST":
        form = RecordingForm(user=request.user, meeting=meeting, title=_parameter(request, "q"))
        return _form_page(request, form, meeting)
    form = RecordingForm(request.POST, request.FILES, meeting=meeting, user=request.user)
    if form.is_preliminary(request.POST):
        shown = with_proposals(form, request.POST, request.user) if READ in request.POST else form
        return _form_page(request, shown, meeting)
    if not form.is_valid():
        return _form_page(request, form, meeting)
    try:
        source = record_document(actor=request.user, **form.arguments())
    except ValidationError as error:
        form.refuse(error)
        return _form_page(request, form, meeting)
    except AlreadyRecorded as refused:
        form.show_recorded(refused)
        return _form_page(request, form, meeting)
    for caution in form.cautions:
        messages.warning(request, caution)
    return redirect("record_text", form.recorded_meeting.slug, source.slug)


def _parameter(request: SignedInRequest, name: str) -> str:
    """The parameter ``name`` of the address, without NUL characters and cut to 200 characters."""
    return request.GET.get(name, "").replace("\x00", "")[:200]


def _choice_page(request: SignedInRequest) -> HttpResponse:
    words = _parameter(request, "q")
    visible = Commitment.objects.visible_to(request.user)
    meetings, more = meetings_to_choose(request.user, words)
    context = {
        "q": words,
        "meetings": meetings,
        "more": more,
        "unfinished": [] if words else unfinished_texts(request.user, visible),
        "today": clock.today(),
    }
    return render(request, "recording/choose.html", context)


def _form_page(request: SignedInRequest, form: RecordingForm, meeting: Meeting | None) -> HttpResponse:
    visible = Commitment.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "form": form,
        "lacks": lacking_in((), request.user, also=(Country,)),
        "meeting": meeting,
        "texts": recorded_texts(meeting, request.user, visible) if meeting and not form.meeting else [],
        "people": recent_participants(request.user),
        "errors": list(form.error_summary()) if form.is_bound else [],
        "today": clock.today(),
    }
    status = 409 if form.recorded else 400 if context["errors"] else 200
    return render(request, "recording/begin.html", context, status=status)
