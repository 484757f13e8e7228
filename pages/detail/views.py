"""The page of one commitment, and its files."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.choices import EvidenceKind
from commitments.day_filtersets import SearchedDayFilterSet
from commitments.filtersets import LONGEST_SEARCH
from commitments.models import Commitment, Evidence
from commitments.reports.actions import correction_actions, quick_edits, record_actions, transition_actions
from commitments.reports.edit_history import edits_of
from commitments.reports.history import history_of, returned_in, with_detail_relations
from commitments.reports.watching import watch_button
from commitments.search_fields import found_by_words
from core.downloads import attachment
from pages.detail.page import commitment_page
from pages.refused import refused


@require_safe
def commitment(request: SignedInRequest, reference: str) -> HttpResponse:
    """The page of a commitment: its status, available actions, mentions and history.

    ``q`` holds the words of the search that led here; they are highlighted. On another date than today there
    are no actions.
    """
    query, visible = SearchedDayFilterSet(request.GET), Commitment.objects.readable_by(request.user)
    if query.faults:
        get_object_or_404(visible, reference=reference)
        return refused(request, query.faults, reference, "commitments")
    when = query.when
    found = get_object_or_404(with_detail_relations(visible, when), reference=reference)
    is_today = when.day == when.today
    page = commitment_page(found, request.user, when)
    context = {
        "commitment": found,
        "page": page,
        "history": history_of(found, page.changes, page.evidence, when, edits_of(found, request.user, when)),
        "transitions": transition_actions(found, request.user) if is_today else (),
        "records": record_actions(found, request.user) if is_today else None,
        "edits": quick_edits(found, request.user) if is_today else {},
        "corrections": correction_actions(found, request.user) if is_today else (),
        "when": when,
        "today": when.day,
        "returned": returned_in(found, page.changes),
        "words": query.words,
        "watch": watch_button(request.user, found) if is_today and not found.is_in_error else None,
    }
    return render(request, "detail/page.html", context)


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """The commitments that match what is being typed, as radio buttons of the field that was sent.

    With ``several`` they are checkboxes, and match what follows the last comma.
    """
    name = next((each for each in request.GET if each != "several"), "words")
    words = request.GET.get(name, "")
    if not name.isidentifier() or len(words) > LONGEST_SEARCH or "\x00" in words:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    several = "several" in request.GET
    if several:
        words = words.rpartition(",")[2]
    found = found_by_words(Commitment.objects.visible_to(request.user), words)
    context = {"found": found, "name": name, "words": words.strip(), "several": several}
    return render(request, "components/found_commitments.html", context)


@require_safe
def evidence_file(request: SignedInRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file of evidence, as a download, for users who can see its commitment."""
    visible: QuerySet[Any] = Commitment.objects.readable_by(request.user)
    owner = get_object_or_404(visible, reference=reference)
    evidence = get_object_or_404(Evidence, pk=pk, commitment=owner, kind=EvidenceKind.FILE)
    return attachment(evidence.file, evidence.file_name, evidence.sha256)
