"""Recording a meeting, paragraph by paragraph: each decision is one small request that writes at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.reports.presence_strip import countries_near
from commitments.services.errors import RequirementsNotMet
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.paragraphs import register_from_paragraph, set_aside, take_up_again
from commitments.services.registration import FirstMention
from core import clock
from core.post_only import posts
from pages.decorators import require_editor
from pages.recording.forms import MentionForm, NewCommitmentForm
from pages.recording.summary import summary_of
from pages.recording.text import Recording
from relations.models import Meeting, Paragraph
from relations.services.meetings import was_held


def of_a_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one text of one meeting that was held; ``number`` is resolved to its paragraph."""

    @wraps(view)
    @require_editor
    def found(request: SignedInRequest, /, slug: str, source: str, **rest: Any) -> HttpResponse:
        rows = Meeting.objects.select_related("mechanism", "country").prefetch_related(
            "participations__country", "mechanism__countries"
        )
        meeting = get_object_or_404(rows, slug=slug)
        recording = Recording(meeting, get_object_or_404(meeting.sources, slug=source), request.user)
        if "number" in rest:
            rest["paragraph"] = get_object_or_404(recording.source.paragraphs, number=rest.pop("number"))
        if not was_held(meeting, clock.today()):
            messages.error(request, _("Say first when the meeting was held."))
            return redirect(f"{reverse('record')}?meeting={slug}")
        return view(request, recording, **rest)

    return found


def _to_the_paragraph(_request: SignedInRequest, slug: str, source: str, number: int, **_rest: Any) -> str:
    return reverse("record_paragraph", args=[slug, source, number])


@require_safe
@of_a_text
def text(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """The paragraphs, what was decided on each, and what each may speak of."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit()):
        raise Http404
    page = recording.page(int(asked))
    context = {
        "recording": recording,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "passages": recording.passages(list(page.object_list)),
    }
    return render(request, "recording/text.html", context)


@require_safe
@of_a_text
def paragraph(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """One paragraph; ``q`` searches the register for what it speaks of."""
    return _show(request, recording, paragraph, q=request.GET.get("q", "")[:200])


@posts(back=_to_the_paragraph)
@of_a_text
def mention(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """The paragraph speaks of a commitment."""
    form = MentionForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, recording, paragraph, faults=form.faults)

    def write() -> object:
        where: dict[str, Any] = {"meeting": recording.meeting, "paragraph": paragraph}
        return record_mention(actor=request.user, **where, **form.cleaned_data)

    return _write(request, recording, paragraph, write)


@posts(back=_to_the_paragraph)
@of_a_text
def take_back(request: SignedInRequest, recording: Recording, paragraph: Paragraph, pk: int) -> HttpResponse:
    """A mention was recorded by mistake; one that is gone already is gone."""
    found = recording.mentions.filter(pk=pk, paragraph=paragraph).select_related("commitment").first()

    def write() -> object:
        return take_back_mention(mention=found, actor=request.user) if found else None

    return _write(request, recording, paragraph, write)


@posts(back=_to_the_paragraph)
@of_a_text
def nothing(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """No commitment is in the paragraph; with ``undo``, that is taken back."""
    decide: Callable[..., object] = take_up_again if "undo" in request.POST else set_aside

    def write() -> object:
        return decide(paragraph=paragraph, meeting=recording.meeting, actor=request.user)

    return _write(request, recording, paragraph, write)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_text
def new(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """The paragraph makes a commitment that the register does not hold yet."""
    form = NewCommitmentForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        near=countries_near(recording.meeting),
        initial=recording.beginning_of(paragraph),
        auto_id=f"new-{paragraph.number}-%s",
    )
    if not (form.is_bound and form.is_valid()):
        return _show(request, recording, paragraph, form=form)
    said = {name: form.cleaned_data[name] for name in ("kind", "modality")}
    first = FirstMention(recording.meeting, paragraph, **said)

    def write() -> object:
        return register_from_paragraph(actor=request.user, mention=first, **form.arguments())

    return _write(request, recording, paragraph, write, form=form)


@require_safe
@of_a_text
def summary(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """What was made, mentioned and left aside, and what still waits."""
    found = summary_of(recording)
    context = {
        "recording": recording,
        "summary": found,
        "aside": [(number, recording.place_of(number)) for number in found.aside],
        "undecided": [(number, recording.place_of(number)) for number in found.undecided],
    }
    return render(request, "recording/summary.html", context)


def _write(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    write: Callable[[], object],
    *,
    form: NewCommitmentForm | None = None,
) -> HttpResponse:
    """Decide, and show the paragraph as it now stands; a refusal is said beside it."""
    try:
        write()
    except Commitment.DoesNotExist as gone:
        raise Http404 from gone
    except RequirementsNotMet as refused:
        if form is not None:
            form.refuse(refused.errors)
            return _show(request, recording, paragraph, form=form)
        faults = [message for messages in refused.errors.values() for message in messages]
        return _show(request, recording, paragraph, faults=faults)
    if _is_quick(request):
        return _show(request, recording, paragraph)
    return redirect(recording.place_of(paragraph.number))


def _show(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    *,
    q: str = "",
    form: NewCommitmentForm | None = None,
    faults: list[str] | None = None,
) -> HttpResponse:
    """One paragraph: alone for the script that asked for it, else on a page of its own."""
    context = {
        "recording": recording,
        "passage": recording.passage(paragraph, q=q),
        "place": recording.place_of(paragraph.number),
        "form": form,
        "faults": faults or [],
    }
    refused = bool(faults) or (form is not None and form.is_bound)
    template = "fragment" if _is_quick(request) else "paragraph"
    response = render(request, f"recording/{template}.html", context, status=400 if refused else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_quick(request: SignedInRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
