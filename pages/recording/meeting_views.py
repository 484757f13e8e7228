"""Recording a meeting, its beginning: which meeting, who took part, and the text of the paper."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from core import clock
from pages.decorators import require_editor
from pages.recording.summary import meetings_to_choose, people_known, unfinished, unfinished_texts
from relations.forms import RecordingForm
from relations.models import Meeting

NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
@require_editor
def record(request: SignedInRequest) -> HttpResponse:
    """Choose the meeting, by ``q`` or of the latest; ``meeting`` (its key, or ``new``) asks for the rest."""
    key = asked(request, "meeting")
    if not key:
        return _choose(request)
    rows = Meeting.objects.prefetch_related("participations__person", "participations__country")
    meeting = None if key == NEW else get_object_or_404(rows, slug=key)
    if request.method != "POST":
        form = RecordingForm(meeting=meeting, title=asked(request, "q"))
        return _ask(request, form, meeting)
    form = RecordingForm(request.POST, request.FILES, meeting=meeting)
    if form.asks_for_more(request.POST) or not form.is_valid():
        return _ask(request, form, meeting)
    try:
        source = form.save(request.user)
    except ValidationError as error:
        form.refuse(error)
        return _ask(request, form, meeting)
    for caution in form.cautions:
        messages.warning(request, caution)
    return redirect("record_text", form.recorded.slug, source.slug)


def asked(request: SignedInRequest, name: str) -> str:
    """A word of the address; without the character that no database takes, and no longer than one types."""
    return request.GET.get(name, "").replace("\x00", "")[:200]


def _choose(request: SignedInRequest) -> HttpResponse:
    words = asked(request, "q")
    visible = Commitment.objects.visible_to(request.user)
    meetings, more = meetings_to_choose(words)
    context = {
        "q": words,
        "meetings": meetings,
        "more": more,
        "unfinished": [] if words else unfinished(visible),
        "today": clock.today(),
    }
    return render(request, "recording/choose.html", context)


def _ask(request: SignedInRequest, form: RecordingForm, meeting: Meeting | None) -> HttpResponse:
    visible = Commitment.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "form": form,
        "meeting": meeting,
        "papers": unfinished_texts(meeting, visible) if meeting and not form.meeting else [],
        "people": people_known(),
        "faults": list(form.faults()) if form.is_bound else [],
        "today": clock.today(),
    }
    status = 400 if context["faults"] else 200
    return render(request, "recording/begin.html", context, status=status)
