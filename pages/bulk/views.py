"""One act for many rows of the list: select, choose, run step by step, and what came of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.bulk_forms import AgencyAndPersonForMany, AgencyForMany, ForMany
from commitments.choices import BulkAct, BulkResult
from commitments.forms import TransitionForm
from commitments.models import BulkJob, BulkRow, Commitment
from commitments.models.commitment import REFERENCE
from commitments.querysets import CommitmentQuerySet
from commitments.reports.saved_views import asked_by, kept_query, list_address
from commitments.services.bulk import (
    A_STEP,
    MOST_ROWS,
    begin_assignment,
    begin_move,
    may_select,
    run_some,
    select,
    select_again,
    stop,
)
from commitments.services.errors import RequirementsNotMet
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.pagination import page_of_keys
from core.post_only import posts
from pages.bulk.page import (
    Prospect,
    Survey,
    decided_for,
    job_progress,
    jobs_of,
    leads_among,
    reasons_of,
    survey_of,
    tried_of,
)

P = ParamSpec("P")
Faults = dict[str, list[str]]
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]
ROWS_A_PAGE = 100


def for_those_who_act(view: View[P]) -> View[P]:
    """A page for those who hold a move or assign; for everybody else 403."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_select(request.user):
            raise PermissionDenied(_("Your role changes no commitment."))
        return view(request, *args, **kwargs)

    return guarded


def _own(request: SignedInRequest, pk: int) -> BulkJob:
    jobs = BulkJob.objects.visible_to(request.user).select_related("owner", "agency", "focal_point")
    return get_object_or_404(jobs, pk=pk)


def _earlier(request: SignedInRequest) -> BulkJob | None:
    """The job, named in the address as ``like``, whose refused rows are selected again."""
    jobs = BulkJob.objects.visible_to(request.user).select_related("successor")
    return jobs.filter(pk=_whole(request.GET.get("like", "")), begun_at__isnull=False).first()


def _to_the_job(_request: SignedInRequest, pk: int) -> str:
    return reverse("bulk_job", args=[pk])


def _whole(typed: str) -> int:
    """A number from an address or a form; nought where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@require_safe
@for_those_who_act
def jobs(request: SignedInRequest) -> HttpResponse:
    """One's own jobs: those that wait first, then the last ones."""
    own = BulkJob.objects.visible_to(request.user)
    return render(request, "bulk/jobs.html", {"jobs": jobs_of(own)})


@posts(back=lambda request: list_address(kept_query(request.GET)))
@for_those_who_act
def new(request: SignedInRequest) -> HttpResponse:
    """Freeze what was ticked, or what the filter shows, into a job, and ask what shall be done."""
    query = request.POST.get("query", "")
    rows, kept = _selected(request, query)
    if isinstance(rows, dict):
        return render(request, "listing/refused.html", {"faults": rows}, status=400)
    try:
        job = select(owner=request.user, commitments=rows, query=kept, came_from=kept_query(query))
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
        return redirect(list_address(query))
    return redirect("bulk_job", job.pk)


def _selected(request: SignedInRequest, query: str) -> tuple[CommitmentQuerySet | Faults, str]:
    """The rows that were selected, or what is wrong with the filter; and the filter, where it chose them."""
    match request.POST.get("scope"):
        case "all":
            return _shown(request, query, whole=True), kept_query(query)
        case "page":
            return _shown(request, query, whole=False), ""
    named = {*request.POST.getlist("row"), *request.POST.get("kept", "").split(",")}
    references = sorted(name for name in named if REFERENCE.fullmatch(name))
    if len(references) > MOST_ROWS:
        return {"row": [_("At most %(most)s rows are changed at once.") % {"most": MOST_ROWS}]}, ""
    return Commitment.objects.filter(reference__in=references), ""


def _shown(request: SignedInRequest, query: str, *, whole: bool) -> CommitmentQuerySet | Faults:
    """The rows that the list shows for ``query``: those of its page, or of all its pages."""
    asked = asked_by(query, request.user)
    if asked.faults:
        return asked.faults
    if asked.filterset.when.is_past:
        return {"as_of": [_("Only the register of today is changed: leave the day out.")]}
    rows: CommitmentQuerySet = asked.filterset.qs
    if whole:
        return rows
    turned = asked.filterset.form.cleaned_data
    return rows.filter(pk__in=list(page_of_keys(rows, number=turned["page"], size=turned["page_size"])))


@require_safe
@for_those_who_act
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """A job where it stands: which act, how far, or what came of it."""
    found = _own(request, pk)
    if found.begun_at is None:
        return _choose(request, found)
    standing = job_progress(found)
    page = _tried(request, found, BulkResult.REFUSED, "page")
    done_page = _tried(request, found, BulkResult.DONE, "done")
    context = {
        "job": found,
        "standing": standing,
        "step": min(A_STEP, standing.pending),
        "reasons": reasons_of(found),
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "refused": tried_of(page.object_list, request.user),
        "done_page": done_page,
        "done": tried_of(done_page.object_list, request.user),
        "back": list_address(found.came_from),
    }
    return render(request, "bulk/job.html", context)


def _tried(request: SignedInRequest, found: BulkJob, result: BulkResult, parameter: str) -> Page[BulkRow]:
    """The rows of one result, on the page that ``parameter`` of the address names."""
    rows = BulkRow.objects.filter(job=found, result=result).select_related("commitment")
    paginator = Paginator(rows, ROWS_A_PAGE)
    number = _whole(request.GET.get(parameter, "1"))
    if number not in paginator.page_range:
        raise Http404
    return paginator.page(number)


def _choose(request: SignedInRequest, found: BulkJob) -> HttpResponse:
    context = {
        "job": found,
        "survey": survey_of(found, request.user),
        "may_assign": request.user.may(Right.ASSIGN),
        "earlier": _earlier(request),
        "back": list_address(found.came_from),
    }
    return render(request, "bulk/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_act
def move(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Ask once for what the move needs, say for how many it can be made, and begin."""
    found = _own(request, pk)
    if name not in TRANSITIONS or not TRANSITIONS[TransitionName(name)].sources:
        raise Http404
    row = TRANSITIONS[TransitionName(name)]
    if not request.user.roles & row.roles:
        raise PermissionDenied(_("“%(move)s” is not for your role.") % {"move": row.label})
    if found.begun_at is not None:
        return redirect("bulk_job", found.pk)
    survey = survey_of(found, request.user)
    prospect = survey.prospect_of(row)
    if prospect.example is None:
        return _ask(request, found, survey, row=row, prospect=prospect)
    form = _move_form(request, row, prospect)
    if request.method == "POST" and form.is_valid():
        arguments = form.arguments()
        del arguments["seen"]
        try:
            return _begun(request, begin_move(job=found, name=name, **arguments))
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
    return _ask(request, found, survey, row=row, prospect=prospect, form=form)


def _move_form(request: SignedInRequest, row: Transition, prospect: Prospect) -> ForMany:
    assert prospect.example is not None  # noqa: S101  (only called where the move can be made)
    return ForMany(
        request.POST if request.method == "POST" else None,
        row=row,
        commitment=prospect.example.commitment,
        user=request.user,
        workflow=prospect.example.workflow,
        possible=prospect.possible,
        initial=_typed_before(request, BulkAct.MOVE) | TransitionForm.prefilled(request.GET),
    )


def _typed_before(request: SignedInRequest, act: BulkAct) -> dict[str, Any]:
    """What the form of ``act`` begins with: what was typed for the job whose refused rows these are."""
    earlier = _earlier(request)
    return decided_for(earlier) if earlier and earlier.act == act else {}


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_act
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once for agency, role and focal point, and begin."""
    found = _own(request, pk)
    if not request.user.may(Right.ASSIGN):
        raise PermissionDenied(_("Only an officer assigns agencies."))
    if found.begun_at is not None:
        return redirect("bulk_job", found.pk)
    form = AgencyAndPersonForMany(
        request.POST if request.method == "POST" else None, initial=_typed_before(request, BulkAct.ASSIGNMENT)
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _begun(request, begin_assignment(job=found, **form.cleaned_data))
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
    survey = survey_of(found, request.user)
    return _ask(request, found, survey, form=form, leads=leads_among(found, request.user))


def _ask(
    request: SignedInRequest,
    found: BulkJob,
    survey: Survey,
    *,
    form: ForMany | AgencyForMany | None = None,
    **context: Any,
) -> HttpResponse:
    bad = form is not None and form.is_bound
    faults = list(form.faults()) if form is not None and bad else []
    context |= {"job": found, "survey": survey, "form": form, "faults": faults}
    return render(request, "bulk/action.html", context, status=400 if bad else 200)


def _begun(request: SignedInRequest, begun: BulkJob) -> HttpResponse:
    """To its page; what one step can do is done at once."""
    if job_progress(begun).pending <= A_STEP:
        run_some(job=begun)
    return redirect("bulk_job", begun.pk)


@posts(back=_to_the_job)
@for_those_who_act
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try the next rows; answers a script with the counts, anybody else with the page of the job."""
    found = _own(request, pk)
    asked = _whole(request.POST.get("most", ""))
    run_some(job=found, most=asked if 0 < asked < A_STEP else A_STEP)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("bulk_job", found.pk)
    standing = job_progress(found)
    counts = {name: getattr(standing, name) for name in ("total", "tried", "done", "refused", "pending")}
    return JsonResponse({**counts, "finished": found.finished_at is not None})


@posts(back=_to_the_job)
@for_those_who_act
def halt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a job, or forget a selection that nothing was begun with."""
    found = _own(request, pk)
    left = stop(job=found)
    return redirect("bulk_job", left.pk) if left else redirect(list_address(found.came_from))


@posts(back=_to_the_job)
@for_those_who_act
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Select anew what was not done, as it stands now; what was typed for it goes along."""
    found = _own(request, pk)
    try:
        fresh = select_again(job=found)
    except RequirementsNotMet as refused:
        messages.error(request, str(refused))
        return redirect("bulk_job", pk)
    like = {"like": found.pk} if found.begun_at else None
    return redirect(reverse("bulk_job", args=[fresh.pk], query=like))
