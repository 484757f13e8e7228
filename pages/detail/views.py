"""The page of one commitment, and the files that belong to it."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from commitments.choices import EvidenceKind
from commitments.day_filtersets import SearchedDayFilterSet
from commitments.models import Commitment, Evidence
from commitments.reports.actions import may_record, transition_actions
from commitments.reports.history import history_of, with_detail_relations
from core.downloads import attachment
from pages.detail.page import commitment_page
from pages.refused import refused


@require_safe
def commitment(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where it stands, what this person may do next, what was said of it and what was done.

    ``q`` are the words of the search that led here; they are marked. On another day there is nothing to do.
    """
    asked, visible = SearchedDayFilterSet(request.GET), Commitment.objects.visible_to(request.user)
    if asked.faults:
        get_object_or_404(visible, reference=reference)
        return refused(request, asked.faults, reference, "commitments")
    when = asked.when
    found = get_object_or_404(with_detail_relations(visible, when), reference=reference)
    is_today = when.day == when.today
    account = commitment_page(found, request.user, when)
    context = {
        "commitment": found,
        "account": account,
        "history": history_of(found, account.changes, account.evidence, when),
        "moves": transition_actions(found, request.user) if is_today else (),
        "records": may_record(found, request.user) if is_today else None,
        "when": when,
        "today": when.day,
        "words": asked.words,
    }
    return render(request, "detail/page.html", context)


@require_safe
def evidence_file(request: SignedInRequest, reference: str, pk: int) -> FileResponse:
    """A file of evidence for whoever may see its commitment: to be saved, never shown as a page of ours."""
    visible: QuerySet[Any] = Commitment.objects.visible_to(request.user)
    owner = get_object_or_404(visible, reference=reference)
    evidence = get_object_or_404(Evidence, pk=pk, commitment=owner, kind=EvidenceKind.FILE)
    return attachment(evidence.file, evidence.file_name, evidence.sha256)
