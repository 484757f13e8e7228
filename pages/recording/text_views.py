"""Record a meeting paragraph by paragraph. Each decision is one request that is saved at once."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
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
from commitments.models import Candidate, Commitment
from commitments.reports.presence_strip import countries_near
from commitments.services.drafts import delete_draft, is_draft, refusal
from commitments.services.errors import CandidateDecided, CandidateMoved, LikelyTwins, RequirementsNotMet
from commitments.services.mentions import record_mention, take_back_mention
from commitments.services.paragraphs import (
    register_from_paragraph,
    set_aside,
    set_aside_many,
    undo_set_aside,
    undo_set_aside_at,
)
from commitments.services.registration import FirstMention
from core import clock
from core.post_only import posts
from core.whole_numbers import whole_number
from pages.decorators import require_editor
from pages.recording.forms import MentionForm, NewCommitmentForm
from pages.recording.keys import KEYS
from pages.recording.summary import summary_of
from pages.recording.text import Recording
from relations.models import Meeting, Paragraph
from relations.services.meetings import was_held


def for_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Resolve the meeting, which must have been held, the text and, for a ``number``, the paragraph."""

    @wraps(view)
    @require_editor
    def wrapper(request: SignedInRequest, /, slug: str, source: str, **kwargs: Any) -> HttpResponse:
        rows = (
            Meeting.objects.visible_to(request.user)
            .select_related("mechanism", "country")
            .prefetch_related("participations__country", "mechanism__countries")
        )
        meeting = get_object_or_404(rows, slug=slug)
        recording = Recording(
            meeting, get_object_or_404(meeting.sources.visible_to(request.user), slug=source), request.user
        )
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


def _text_url(_request: SignedInRequest, slug: str, source: str) -> str:
    return reverse("record_text", args=[slug, source])


@require_safe
@for_text
def text(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """One page of the paragraphs with the decisions on each: that of the first undecided one by default."""
    number = whole_number(request.GET["page"]) if "page" in request.GET else None
    if number is None and "page" in request.GET:
        raise Http404
    page = recording.page(number)
    context = {
        "recording": recording,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "rows": recording.page_rows(list(page.object_list)),
        "keys": KEYS,
        "is_draft": is_draft(recording.source, request.user),
    }
    return render(request, "recording/text.html", context)


@require_safe
@for_text
def paragraph(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """One paragraph. ``q`` searches the register for a commitment that it mentions."""
    return show_paragraph(request, recording, paragraph, q=request.GET.get("q", "")[:200])


@posts(back=_paragraph_url)
@for_text
def mention(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """Record that the paragraph mentions a commitment."""
    form = MentionForm(request.POST, user=request.user)
    if not form.is_valid():
        return show_paragraph(request, recording, paragraph, errors=form.error_messages)

    def write() -> object:
        place: dict[str, Any] = {"meeting": recording.meeting, "paragraph": paragraph}
        return record_mention(actor=request.user, **place, **form.cleaned_data)

    return write_decision(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_text
def undo_mention(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, pk: int
) -> HttpResponse:
    """Undo a mention. A mention that does not exist any more is no error."""
    mention = recording.mentions.filter(pk=pk, paragraph=paragraph).select_related("commitment").first()

    def write() -> object:
        return take_back_mention(mention=mention, actor=request.user) if mention else None

    return write_decision(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_text
def nothing(request: SignedInRequest, recording: Recording, paragraph: Paragraph) -> HttpResponse:
    """Record that the paragraph contains no commitment or, with ``undo``, undo this decision."""
    is_undo = "undo" in request.POST
    decide: Callable[..., object] = undo_set_aside if is_undo else set_aside

    def write() -> object:
        return decide(paragraph=paragraph, meeting=recording.meeting, actor=request.user)

    return write_decision(request, recording, paragraph, write, goes_on=not is_undo)


@posts(back=_text_url)
@for_text
def nothing_in_many(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """Record “nothing” for several paragraphs, or undo it for all that got it at the moment ``undo``.

    ``which`` is ``ticked`` (those named by ``n``), ``headings`` or ``rest``. The script names the first and
    the last paragraph that it shows, and gets those of them that changed.
    """
    meeting, actor = recording.meeting, request.user
    if "undo" in request.POST:
        moment = _moment(request.POST["undo"])
        changed = undo_set_aside_at(source=recording.source, meeting=meeting, actor=actor, decided_at=moment)
    else:
        wanted = _wanted(request, recording)
        changed = set_aside_many(paragraphs=wanted, meeting=meeting, actor=actor)
    after = Recording(meeting, recording.source, actor)
    if not _is_from_script(request):
        return redirect(after.next_url if after.undecided else after.url)
    first, last = (whole_number(request.POST.get(name, "")) or 0 for name in ("first", "last"))
    shown = [each for each in changed if first <= each.number <= last]
    context = {"recording": after, "rows": after.rows(shown, drawn=())}
    return _fragment(request, context)


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if moment.tzinfo is None:
        raise Http404
    return moment


def _wanted(request: SignedInRequest, recording: Recording) -> Sequence[Paragraph]:
    match request.POST.get("which", "ticked"):
        case "ticked":
            numbers = {whole_number(each) for each in request.POST.getlist("n")}
            return recording.text_of([each for each in recording.undecided if each in numbers])
        case "headings":
            return recording.headings
        case "rest":
            return recording.text_of(recording.undecided)
        case _:
            raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@for_text
def delete(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """Ask whether the text is to be deleted, and delete it. A text that records something is refused."""
    source, meeting = recording.source, recording.meeting
    refused = not is_draft(source, request.user)
    if request.method == "POST":
        try:
            delete_draft(source=source, actor=request.user)
        except RequirementsNotMet:
            refused = True
        else:
            messages.success(request, _("“%(title)s” was deleted.") % {"title": source.title})
            return redirect(f"{reverse('record')}?meeting={meeting.slug}")
    context = {
        "recording": recording,
        "length": len(recording.outline),
        "marked": len(recording.set_aside),
        "errors": [("", refusal())] if refused else [],
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return render(request, "recording/delete.html", context, status=status)


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
        return show_paragraph(request, recording, paragraph, form=form)
    values = {name: form.cleaned_data[name] for name in ("kind", "modality")}
    first_mention = FirstMention(recording.meeting, paragraph, **values)

    def write() -> object:
        try:
            return register_from_paragraph(actor=request.user, mention=first_mention, **form.arguments())
        except LikelyTwins as refused:
            form.show_twins(refused, title=form.cleaned_data["title"], mention=first_mention)
            raise

    return write_decision(request, recording, paragraph, write, form=form)


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


def write_decision(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    write: Callable[[], object],
    *,
    form: NewCommitmentForm | None = None,
    action: str = "",
    goes_on: bool = False,
) -> HttpResponse:
    """Call ``write`` and show the paragraph, with the errors if the decision was refused.

    ``action`` is the address that ``form`` is sent to. With ``goes_on``, the script gets the next undecided
    paragraph too.
    """
    try:
        write()
    except Commitment.DoesNotExist as gone:
        raise Http404 from gone
    except Candidate.DoesNotExist:
        return show_paragraph(request, recording, paragraph, errors=[not_proposed()])
    except (CandidateDecided, CandidateMoved) as refused:
        return show_paragraph(request, recording, paragraph, errors=[str(refused)])
    except RequirementsNotMet as refused:
        if form is not None:
            form.refuse(refused.errors)
            return show_paragraph(request, recording, paragraph, form=form, action=action)
        errors = [message for messages in refused.errors.values() for message in messages]
        return show_paragraph(request, recording, paragraph, errors=errors)
    except LikelyTwins:
        return show_paragraph(request, recording, paragraph, form=form, action=action)
    # What was read before the decision may have changed with it.
    recording = Recording(recording.meeting, recording.source, recording.user)
    url = recording.paragraph_url(paragraph.number)
    if not _is_from_script(request):
        return redirect(url)
    following = recording.next_after(paragraph.number) if goes_on else None
    shown = [paragraph, *(recording.text_of([following]) if following else ())]
    response = _fragment(request, {"recording": recording, "rows": recording.rows(shown)})
    response["Content-Location"] = url
    return response


def not_proposed() -> str:
    """Why nothing can be decided on a passage that is gone."""
    return _("This passage is not proposed any more.")


def _fragment(
    request: SignedInRequest, context: dict[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """Rows and the progress, for the script."""
    response = render(request, "recording/fragment.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def show_paragraph(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    *,
    q: str = "",
    form: NewCommitmentForm | None = None,
    action: str = "",
    errors: list[str] | None = None,
) -> HttpResponse:
    """One paragraph: the paragraph alone for the script, otherwise a whole page."""
    row = recording.row(paragraph, q=q)
    context = {
        "recording": recording,
        "row": row,
        "rows": [row],
        "text_url": recording.paragraph_url(paragraph.number),
        "form": form,
        "action": action or f"{row.url}new/",
        "lacks": lacking_in(form.fields.values(), request.user) if form is not None else (),
        "errors": errors or [],
    }
    status = HTTPStatus.OK
    if form is not None and form.twins:
        status = HTTPStatus.CONFLICT
    elif errors or (form is not None and form.is_bound):
        status = HTTPStatus.BAD_REQUEST
    if _is_from_script(request):
        return _fragment(request, context, status)
    response = render(request, "recording/paragraph.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_from_script(request: SignedInRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
