"""Record a meeting paragraph by paragraph. Each decision is one request that is saved at once."""

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

from accounts.lacking import lacking_in
from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.reports.presence_strip import countries_near
from commitments.services.errors import LikelyTwins, RequirementsNotMet
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.paragraphs import register_from_paragraph, set_aside, undo_set_aside
from commitments.services.registration import FirstMention
from core import clock
from core.post_only import posts
from core.whole_numbers import whole_number
from pages.decorators import require_editor
from pages.recording.forms import MentionForm, NewCommitmentForm
from pages.recording.summary import summary_of
from pages.recording.text import Recording
from relations.models import Meeting, Paragraph
from relations.services.meetings import was_held


def for_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Resolve the meeting, which must have been held, the text and, for a ``number``, the paragraph."""

    @wraps(view)
    @require_editor
    def wrapper(request: SignedInRequest, /, slug: str, source: str, **kwargs: Any) -> HttpResponse:
        rows = Meeting.objects.select_related("mechanism", "country").prefetch_related(
            "participations__country", "mechanism__countries"
        )
        meeting = get_object_or_404(rows, slug=slug)
        recording = Recording(meeting, get_object_or_404(meeting.sources, slug=source), request.user)
        if "number" in kwargs:
            number = kwargs.pop("number")
            kwargs["paragraph"] = get_object_or_404(recording.source.paragraphs, number=number)
        if not was_held(meeting, clock.today()):
            messages.error(request, _("Enter the date of the meeting first."))
            return redirect(f"{reverse('record')}?meeting={slug}")
        return view(request, recording, **kwargs)

    return wrapper


def _paragraph_url(_request: SignedInRequest, slug: str, source: str, number: int, **_kwargs: Any) -> str:
    return reverse("record_paragraph", args=[slug, source, number])


@require_safe
@for_text
def text(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """One page of the paragraphs, with the decisions and suggestions for each."""
    number = whole_number(request.GET.get("page", "1"))
    if number is None:
        raise Http404
    page = recording.page(number)
    context = {
        "recording": recording,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "rows": recording.rows(list(page.object_list)),
    }
    return render(request, "recording/text.html", context)


@require_safe
@for_text
def paragraph(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """One paragraph. ``q`` searches the register for a commitment that it mentions."""
    return _show(request, recording, paragraph, q=request.GET.get("q", "")[:200])


@posts(back=_paragraph_url)
@for_text
def mention(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """Record that the paragraph mentions a commitment."""
    form = MentionForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, recording, paragraph, errors=form.error_messages)

    def write() -> object:
        place: dict[str, Any] = {"meeting": recording.meeting, "paragraph": paragraph}
        return record_mention(actor=request.user, **place, **form.cleaned_data)

    return _write(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_text
def undo_mention(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, pk: int
) -> HttpResponse:
    """Undo a mention. A mention that does not exist any more is no error."""
    mention = recording.mentions.filter(pk=pk, paragraph=paragraph).select_related("commitment").first()

    def write() -> object:
        return take_back_mention(mention=mention, actor=request.user) if mention else None

    return _write(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_text
def nothing(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """Record that the paragraph contains no commitment or, with ``undo``, undo this decision."""
    decide: Callable[..., object] = undo_set_aside if "undo" in request.POST else set_aside

    def write() -> object:
        return decide(paragraph=paragraph, meeting=recording.meeting, actor=request.user)

    return _write(request, recording, paragraph, write)


@require_http_methods(["GET", "HEAD", "POST"])
@for_text
def new(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """Register a new commitment from the paragraph."""
    form = NewCommitmentForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        near=countries_near(recording.meeting),
        initial=recording.initial_values(paragraph),
        auto_id=f"new-{paragraph.number}-%s",
    )
    if not (form.is_bound and form.is_valid()):
        return _show(request, recording, paragraph, form=form)
    values = {name: form.cleaned_data[name] for name in ("kind", "modality")}
    first_mention = FirstMention(recording.meeting, paragraph, **values)

    def write() -> object:
        try:
            return register_from_paragraph(actor=request.user, mention=first_mention, **form.arguments())
        except LikelyTwins as refused:
            form.show_twins(refused, title=form.cleaned_data["title"], mention=first_mention)
            raise

    return _write(request, recording, paragraph, write, form=form)


@require_safe
@for_text
def summary(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """The new commitments, the mentions, and the paragraphs set aside or undecided."""
    result = summary_of(recording)
    context = {
        "recording": recording,
        "summary": result,
        "set_aside": recording.places(result.set_aside),
        "undecided": recording.places(result.undecided),
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
    """Call ``write`` and show the paragraph, with the errors if the decision was refused."""
    try:
        write()
    except Commitment.DoesNotExist as gone:
        raise Http404 from gone
    except RequirementsNotMet as refused:
        if form is not None:
            form.refuse(refused.errors)
            return _show(request, recording, paragraph, form=form)
        errors = [message for messages in refused.errors.values() for message in messages]
        return _show(request, recording, paragraph, errors=errors)
    except LikelyTwins:
        return _show(request, recording, paragraph, form=form)
    url = recording.paragraph_url(paragraph.number)
    if not _is_from_script(request):
        return redirect(url)
    response = _show(request, recording, paragraph)
    response["Content-Location"] = url
    return response


def _show(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    *,
    q: str = "",
    form: NewCommitmentForm | None = None,
    errors: list[str] | None = None,
) -> HttpResponse:
    """One paragraph: the paragraph alone for the script, otherwise a whole page."""
    context = {
        "recording": recording,
        "row": recording.row(paragraph, q=q),
        "text_url": recording.paragraph_url(paragraph.number),
        "form": form,
        "lacks": lacking_in(form.fields.values(), request.user) if form is not None else (),
        "errors": errors or [],
    }
    is_refused = bool(errors) or (form is not None and form.is_bound)
    status = 409 if form is not None and form.twins else 400 if is_refused else 200
    template = "fragment" if _is_from_script(request) else "paragraph"
    response = render(request, f"recording/{template}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_from_script(request: SignedInRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
