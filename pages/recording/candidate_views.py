"""What a person decides on the passages that the reader of texts proposes, while a text is recorded."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.choices import Clearance
from accounts.requests import SignedInRequest
from commitments.choices import MentionKind
from commitments.models import Candidate, Commitment
from commitments.reports.candidates import (
    REPORTS,
    CandidateRow,
    CandidateState,
    SourceCandidates,
    proposed_values,
    told_of,
)
from commitments.reports.presence_strip import countries_near
from commitments.services.candidates import (
    accept_as_commitment,
    accept_as_mention,
    join_candidates,
    offer_again,
    refuse_candidate,
    split_candidate,
)
from commitments.services.errors import LikelyTwins
from commitments.services.registration import FirstMention
from commitments.services.text_reading import read_source
from core.post_only import posts
from core.whole_numbers import whole_number
from pages.recording.forms import NewCommitmentForm
from pages.recording.text import Recording
from pages.recording.text_views import for_text, not_proposed, show_paragraph, write_decision
from relations.models import Paragraph


def for_candidate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Resolve the text, the paragraph and the candidate ``pk`` that stands in it."""

    @wraps(view)
    @for_text
    def wrapper(
        request: SignedInRequest, recording: Recording, *, paragraph: Paragraph, pk: int
    ) -> HttpResponse:
        found = recording.candidates.stored().filter(pk=pk, number=paragraph.number).first()
        if found is None or not found.is_in(paragraph.text):
            return show_paragraph(request, recording, paragraph, errors=[not_proposed()])
        return view(request, recording, paragraph, found)

    return wrapper


def _paragraph_url(_request: SignedInRequest, slug: str, source: str, number: int, **_kwargs: Any) -> str:
    return reverse("record_paragraph", args=[slug, source, number])


def _text_url(_request: SignedInRequest, slug: str, source: str) -> str:
    return reverse("record_text", args=[slug, source])


@posts(back=_text_url)
@for_text
def read(request: SignedInRequest, recording: Recording) -> HttpResponse:
    """Have the text read. What is proposed is shown beside the paragraphs."""
    source = recording.source
    reading = read_source(source=source, actor=request.user, told=told_of(source, recording.meeting))
    candidates = SourceCandidates(source, request.user, recording.meeting)
    offered = sum(candidates.state_of(each) == CandidateState.OFFERED for each in reading.candidates)
    if not reading.languages:
        messages.warning(request, _("The reader of texts does not know the language of this text."))
    else:
        text = ngettext(
            "One passage is proposed. The reader knows formulas, not meaning: look through the rest too.",
            "%(n)d passages are proposed. The reader knows formulas, not meaning: look through the rest too.",
            offered,
        )
        messages.success(request, text % {"n": offered})
    return redirect(recording.next_url if recording.undecided else recording.url)


@posts(back=_paragraph_url)
@for_candidate
def accept(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, candidate: Candidate
) -> HttpResponse:
    """Accept it as proposed, as a mention of the commitment that was chosen, or as a ``new`` commitment.

    If the reader could not tell all that a new commitment needs, its form is shown, and so it is with twins.
    """
    (row,) = recording.candidates.rows([candidate])
    kind = request.POST.get("kind", row.kind)
    if kind not in MentionKind.values:
        raise Http404
    is_new = "new" in request.POST
    commitment = None if is_new else _chosen(request, recording) or row.restated
    if commitment is None and kind in REPORTS and not is_new:
        message = _("Choose the commitment that the passage reports on.")
        return show_paragraph(request, recording, paragraph, errors=[message])
    if commitment is None:
        values = proposed_values(row, paragraph, recording.meeting)
        if kind != row.kind:  # a person chose it
            values["kind"] = kind
        form = _form(request, recording, row, paragraph, as_sent(values))
        return _register(request, recording, paragraph, candidate, form)

    def write() -> object:
        common = _common(request, recording, candidate)
        said: dict[str, Any] = {"kind": kind, "modality": candidate.modality}
        return accept_as_mention(**common, commitment=commitment, **said)

    return write_decision(request, recording, paragraph, write)


@require_http_methods(["GET", "HEAD", "POST"])
@for_candidate
def new(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, candidate: Candidate
) -> HttpResponse:
    """Register a new commitment from the passage, with what a person changes of the proposal."""
    (row,) = recording.candidates.rows([candidate])
    sent = request.POST if request.method == "POST" else None
    form = _form(request, recording, row, paragraph, sent)
    return _register(request, recording, paragraph, candidate, form)


@posts(back=_paragraph_url)
@for_candidate
def refuse(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, candidate: Candidate
) -> HttpResponse:
    """Refuse it, or have it proposed ``again``."""

    def write() -> object:
        if "again" in request.POST:
            return offer_again(candidate=candidate, actor=request.user)
        return refuse_candidate(candidate=candidate, actor=request.user, meeting=recording.meeting)

    return write_decision(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_candidate
def split(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, candidate: Candidate
) -> HttpResponse:
    """Split it at the place ``at``."""
    at = whole_number(request.POST.get("at", "")) or 0

    def write() -> object:
        return split_candidate(candidate=candidate, actor=request.user, at=at)

    return write_decision(request, recording, paragraph, write)


@posts(back=_paragraph_url)
@for_candidate
def join(
    request: SignedInRequest, recording: Recording, paragraph: Paragraph, candidate: Candidate
) -> HttpResponse:
    """Join it with the passage ``other``."""
    pk = whole_number(request.POST.get("other", "")) or 0
    other = recording.candidates.stored().filter(pk=pk).first()

    def write() -> object:
        return join_candidates(candidate=candidate, other=other or candidate, actor=request.user)

    return write_decision(request, recording, paragraph, write)


def _chosen(request: SignedInRequest, recording: Recording) -> Commitment | None:
    """The commitment that was named. Raises ``Http404`` if it is none that the user may see."""
    reference = request.POST.get("commitment", "")
    if not reference:
        return None
    found = recording.visible.filter(reference=reference).first() if "\x00" not in reference else None
    if found is None:
        raise Http404
    return found


def _common(request: SignedInRequest, recording: Recording, candidate: Candidate) -> dict[str, Any]:
    return {"candidate": candidate, "actor": request.user, "meeting": recording.meeting}


def _form(
    request: SignedInRequest,
    recording: Recording,
    row: CandidateRow,
    paragraph: Paragraph,
    sent: QueryDict | None,
) -> NewCommitmentForm:
    """The form of a new commitment, which begins with what the reader proposes."""
    return NewCommitmentForm(
        sent,
        user=request.user,
        near=countries_near(recording.meeting),
        initial=proposed_values(row, paragraph, recording.meeting),
        auto_id=f"new-{paragraph.number}-%s",
    )


def as_sent(values: Mapping[str, Any]) -> QueryDict:
    """``values``, as ``proposed_values`` has them, as a browser would send them."""
    sent = QueryDict(mutable=True)
    sent["classification"] = str(Clearance.UNCLASSIFIED.value)
    for name, value in values.items():
        sent.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return sent


def _register(
    request: SignedInRequest,
    recording: Recording,
    paragraph: Paragraph,
    candidate: Candidate,
    form: NewCommitmentForm,
) -> HttpResponse:
    action = f"{recording.url}{candidate.number}/candidates/{candidate.pk}/new/"
    if not (form.is_bound and form.is_valid()):
        return show_paragraph(request, recording, paragraph, form=form, action=action)
    said = {name: form.cleaned_data[name] for name in ("kind", "modality")}

    def write() -> object:
        try:
            common = _common(request, recording, candidate)
            return accept_as_commitment(**common, **said, **form.arguments())
        except LikelyTwins as refused:
            place = FirstMention(recording.meeting, paragraph)
            form.show_twins(refused, title=form.cleaned_data["title"], mention=place)
            raise

    return write_decision(request, recording, paragraph, write, form=form, action=action)
