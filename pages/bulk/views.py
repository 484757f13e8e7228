"""Bulk actions on the list: select rows, choose an action, run it step by step, and show the results."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from commitments.bulk_forms import BulkTransitionForm, NoteForm
from commitments.choices import BulkAct, BulkResult
from commitments.forms import TransitionForm
from commitments.models import BulkJob, BulkRow, Commitment
from commitments.models.commitment import REFERENCE
from commitments.querysets import CommitmentQuerySet
from commitments.reports.saved_views import list_address, read_query, stored_query
from commitments.services.bulk import (
    MOST_ROWS,
    STEP_SIZE,
    begin_transition,
    may_select,
    run_some,
    select,
    select_again,
    stop,
)
from commitments.services.errors import NotYours, RequirementsNotMet
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.large_tables import page_of_keys
from core.post_only import posts
from core.whole_numbers import whole_number
from pages.bulk.changes import CHANGES, change_actions
from pages.bulk.page import (
    ActionPreview,
    Selection,
    form_values_of,
    job_progress,
    jobs_of,
    reasons_of,
    results_of,
    selection_of,
)
from pages.bulk.taking_back import offers_taking_back

P = ParamSpec("P")
Errors = dict[str, list[str]]
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]
ROWS_A_PAGE = 100


def require_bulk_rights(view: View[P]) -> View[P]:
    """Answer 403 to users without any right to a bulk action."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_select(request.user):
            raise PermissionDenied(_("Your role cannot change commitments."))
        return view(request, *args, **kwargs)

    return guarded


def _own_jobs(request: SignedInRequest) -> QuerySet[BulkJob]:
    """The user's own jobs. A successor that the user can no longer see is none."""
    successors = Prefetch("successor", Commitment.objects.visible_to(request.user))
    jobs = BulkJob.objects.visible_to(request.user).select_related(
        "owner",
        "agency",
        "focal_point",
        "theme",
        "officer",
        "undoes__agency",
        "undoes__theme",
        "undoes__officer",
    )
    return jobs.prefetch_related(successors)


def own_job(request: SignedInRequest, pk: int) -> BulkJob:
    return get_object_or_404(_own_jobs(request), pk=pk)


def _earlier(request: SignedInRequest) -> BulkJob | None:
    """The earlier job with the same rows, from the parameter ``like``."""
    return _own_jobs(request).filter(pk=_number(request.GET.get("like", "")), begun_at__isnull=False).first()


def _to_the_job(_request: SignedInRequest, pk: int) -> str:
    return reverse("bulk_job", args=[pk])


def _number(text: str) -> int:
    """The whole number in ``text``; 0 if it is none."""
    return whole_number(text) or 0


@require_safe
@require_bulk_rights
def jobs(request: SignedInRequest) -> HttpResponse:
    """List the user's own jobs."""
    own = BulkJob.objects.visible_to(request.user)
    return render(request, "bulk/jobs.html", {"jobs": jobs_of(own)})


@posts(back=lambda request: list_address(stored_query(request.GET)))
@require_bulk_rights
def new(request: SignedInRequest) -> HttpResponse:
    """Store the ticked rows, or the rows of the filter, as a job, and go to the choice of the action.

    ``then`` names a change to go to at once.
    """
    query = request.POST.get("query", "")
    rows, job_query = _selected(request, query)
    if isinstance(rows, dict):
        return render(request, "listing/refused.html", {"faults": rows}, status=400)
    try:
        job = select(owner=request.user, commitments=rows, query=job_query, came_from=stored_query(query))
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
        return redirect(list_address(query))
    then = request.POST.get("then", "")
    return redirect("bulk_change", job.pk, then) if then in CHANGES else redirect("bulk_job", job.pk)


def _selected(request: SignedInRequest, query: str) -> tuple[CommitmentQuerySet | Errors, str]:
    """The selected rows, or the errors of the filter; and the filter, if it selected them."""
    match request.POST.get("scope"):
        case "all":
            return _listed(request, query, all_pages=True), stored_query(query)
        case "page":
            return _listed(request, query, all_pages=False), ""
    values = {*request.POST.getlist("row"), *request.POST.get("kept", "").split(",")}
    references = sorted(value for value in values if REFERENCE.fullmatch(value))
    if len(references) > MOST_ROWS:
        text = ngettext(
            "Select at most %(n)s commitment. Add a filter to select fewer.",
            "Select at most %(n)s commitments. Add a filter to select fewer.",
            MOST_ROWS,
        )
        return {"row": [text % {"n": number_format(MOST_ROWS)}]}, ""
    return Commitment.objects.filter(reference__in=references), ""


def _listed(request: SignedInRequest, query: str, *, all_pages: bool) -> CommitmentQuerySet | Errors:
    """The rows of the list for ``query``: those of its page, or of all pages."""
    list_query = read_query(query, request.user)
    if list_query.errors:
        return list_query.errors
    if list_query.filterset.when.is_past:
        return {"as_of": [_("You cannot change commitments as of a past date. Remove the date.")]}
    rows: CommitmentQuerySet = list_query.filterset.qs
    if all_pages:
        return rows
    page = list_query.filterset.form.cleaned_data
    return rows.filter(pk__in=list(page_of_keys(rows, number=page["page"], size=page["page_size"])))


@require_safe
@require_bulk_rights
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a job: the choice of its action, its progress, or its results."""
    found = own_job(request, pk)
    if found.begun_at is None:
        return _choose(request, found)
    progress = job_progress(found)
    page = _results_page(request, found, BulkResult.REFUSED, "page")
    done_page = _results_page(request, found, BulkResult.DONE, "done")
    context = {
        "job": found,
        "progress": progress,
        "step": min(STEP_SIZE, progress.pending),
        "reasons": reasons_of(found, request.user),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "refused": results_of(page.object_list, request.user),
        "done_page": done_page,
        "done": results_of(done_page.object_list, request.user),
        "back": list_address(found.came_from),
        "can_take_back": offers_taking_back(found, request.user),
        "taken_back_by": found.taken_back_by.first(),
    }
    return render(request, "bulk/job.html", context)


def _results_page(
    request: SignedInRequest, found: BulkJob, result: BulkResult, parameter: str
) -> Page[BulkRow]:
    """A page of the rows with ``result``; its number is the parameter ``parameter`` of the address."""
    rows = BulkRow.objects.filter(job=found, result=result)
    paginator = Paginator(rows, ROWS_A_PAGE)
    number = _number(request.GET.get(parameter, "1"))
    if number not in paginator.page_range:
        raise Http404
    return paginator.page(number)


def _choose(request: SignedInRequest, found: BulkJob) -> HttpResponse:
    selection = selection_of(found, request.user)
    context = {
        "job": found,
        "selection": selection,
        "changes": change_actions(found, request.user, selection.visible),
        "earlier": _earlier(request),
        "back": list_address(found.came_from),
    }
    return render(request, "bulk/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_bulk_rights
def move(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Show the form of a transition for all rows, and start the job."""
    found = own_job(request, pk)
    if name not in TRANSITIONS or not TRANSITIONS[TransitionName(name)].sources:
        raise Http404
    row = TRANSITIONS[TransitionName(name)]
    if not request.user.roles & row.roles:
        raise NotYours.for_role(row)
    if found.begun_at is not None:
        return redirect("bulk_job", found.pk)
    selection = selection_of(found, request.user)
    preview = selection.preview_of(row)
    if preview.example is None:
        return render_form(request, found, selection, row=row, preview=preview)
    form = _transition_form(request, row, preview)
    if request.method == "POST" and form.is_valid():
        try:
            return started(request, begin_transition(job=found, name=name, **form.arguments()))
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
    return render_form(request, found, selection, row=row, preview=preview, form=form)


def _transition_form(request: SignedInRequest, row: Transition, preview: ActionPreview) -> BulkTransitionForm:
    assert preview.example is not None  # noqa: S101  (possible for some row)
    return BulkTransitionForm(
        request.POST if request.method == "POST" else None,
        row=row,
        commitment=preview.example.commitment,
        user=request.user,
        workflow=preview.example.workflow,
        possible=preview.outcomes,
        initial=earlier_values(request, BulkAct.MOVE) | TransitionForm.prefilled(request.GET),
    )


def earlier_values(request: SignedInRequest, act: BulkAct) -> dict[str, Any]:
    """The initial values for the form of ``act``: those of the earlier job with the same rows."""
    earlier = _earlier(request)
    return form_values_of(earlier) if earlier and earlier.act == act else {}


def render_form(
    request: SignedInRequest,
    found: BulkJob,
    selection: Selection,
    *,
    form: BulkTransitionForm | NoteForm | None = None,
    **context: Any,
) -> HttpResponse:
    is_refused = form is not None and form.is_bound
    errors = list(form.faults()) if form is not None and is_refused else []
    context.setdefault("title", context["row"].label if "row" in context else "")
    context |= {"job": found, "selection": selection, "form": form, "errors": errors}
    return render(request, "bulk/action.html", context, status=400 if is_refused else 200)


def started(request: SignedInRequest, begun: BulkJob) -> HttpResponse:
    """Run the whole job if it fits in one step, and redirect to its page."""
    if job_progress(begun).pending <= STEP_SIZE:
        run_some(job=begun)
    return redirect("bulk_job", begun.pk)


@posts(back=_to_the_job)
@require_bulk_rights
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Run the next rows. Answer with JSON counts if the client accepts JSON, else redirect to the job."""
    found = own_job(request, pk)
    most = _number(request.POST.get("most", ""))
    run_some(job=found, most=most if 0 < most < STEP_SIZE else STEP_SIZE)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("bulk_job", found.pk)
    progress = job_progress(found)
    counts = {name: getattr(progress, name) for name in ("total", "tried", "done", "refused", "pending")}
    return JsonResponse({**counts, "finished": found.finished_at is not None})


@posts(back=_to_the_job)
@require_bulk_rights
def halt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a job, or delete a selection without an action."""
    found = own_job(request, pk)
    stopped = stop(job=found)
    return redirect("bulk_job", stopped.pk) if stopped else redirect(list_address(found.came_from))


@posts(back=_to_the_job)
@require_bulk_rights
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Select the rows that were not done again; the form keeps the values entered before."""
    found = own_job(request, pk)
    try:
        new_job = select_again(job=found)
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
        return redirect("bulk_job", pk)
    like = {"like": found.pk} if found.begun_at else None
    return redirect(reverse("bulk_job", args=[new_job.pk], query=like))
