"""Requests for a report."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Right
from accounts.requests import SignedInRequest
from commitments.forms import ProgressForm
from commitments.models import BulkJob, BulkRow, Commitment, ReportRequest
from commitments.services.errors import RequirementsNotMet
from commitments.services.report_requests import (
    MOST_ASKED,
    Asked,
    RequestEnded,
    require_asker,
    withdraw_request,
)
from core import clock
from core.form_errors import errors_in
from core.lists import listed
from core.pagination import page_of
from core.post_only import posts
from core.security_log import log
from core.whole_numbers import whole_number
from notifications.report_links import answers_without_signing_in, request_named
from notifications.services.report_requests import answer_by_mail_link, ask
from pages.refused import refused
from pages.reports.forms import ENDED, AskForm, ReportsFilterSet

both = require_http_methods(["GET", "HEAD", "POST"])
MOST_NAMED = 10


@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """Who was asked and has not answered; with ``state=ended``, what came of the others."""
    filterset = ReportsFilterSet(request.GET)
    if filterset.faults:
        return refused(request, filterset.faults, _("Requests for a report"), "commitments")
    values = filterset.form.cleaned_data
    is_ended = values["state"] == ENDED
    rows = ReportRequest.objects.visible_to(request.user)
    shown = rows.filter(end__isnull=False).order_by("-end__recorded_at", "-pk") if is_ended else rows.open()
    related = shown.select_related(
        "commitment", "addressee__agency", "actor", "end__progress_update", "end__actor"
    )
    page = page_of(related, number=values["page"], size=values["page_size"])
    context = {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number),
        "is_ended": is_ended,
        "can_ask": request.user.may(Right.ASSIGN),
        "can_report": request.user.may(Right.REPORT_PROGRESS),
        "today": clock.today(),
    }
    return render(request, "reports/list.html", context)


@both
def ask_reports(request: SignedInRequest) -> HttpResponse:
    """Ask the focal points of one commitment (``reference``) or of a selection (``job``) for a report."""
    require_asker(request.user)
    chosen, back = _chosen(request)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        keys = list(chosen.order_by().values_list("pk", flat=True)[: MOST_ASKED + 1])
        try:
            asked = ask(commitments=keys, actor=request.user, **form.cleaned_data)
        except RequirementsNotMet as why:
            form.refuse(why.errors)
        else:
            _tell(request, asked)
            return redirect("reports")
    context = {
        "form": form,
        "errors": list(errors_in([form])) if form.errors else [],
        "n": chosen.count(),
        "commitments": chosen.by_reference()[:MOST_NAMED],
        "back": back,
        "action": request.get_full_path(),
    }
    return render(request, "reports/ask.html", context, status=400 if form.errors else 200)


def _chosen(request: SignedInRequest) -> tuple[Any, str]:
    """The commitments to ask about, and the address to go back to. Raises 404."""
    visible = Commitment.objects.visible_to(request.user)
    if reference := request.GET.get("reference", "").replace("\x00", ""):
        found = get_object_or_404(visible, reference=reference)
        return visible.filter(pk=found.pk), found.get_absolute_url()
    key = whole_number(request.GET.get("job", ""))
    job = get_object_or_404(BulkJob.objects.visible_to(request.user), pk=key)
    keys = BulkRow.objects.filter(job=job).values("commitment")
    return visible.filter(pk__in=keys), reverse("bulk_job", args=[job.pk])


def _tell(request: SignedInRequest, asked: Asked) -> None:
    """Say who was asked, and about what nobody was."""
    n, people = len(asked.requests), len({each.addressee_id for each in asked.requests})
    if n:
        text = ngettext(
            "%(n)s report was asked for; people asked: %(people)s.",
            "%(n)s reports were asked for; people asked: %(people)s.",
            n,
        )
        messages.success(request, text % {"n": number_format(n), "people": number_format(people)})
    for references, text in (
        (asked.without_focal_point, _("No focal point can be asked about %(references)s. Name one there.")),
        (asked.asked_before, _("A report about %(references)s is awaited already.")),
    ):
        if references:
            named = [*references[:MOST_NAMED], *(["…"] if len(references) > MOST_NAMED else [])]
            messages.warning(request, text % {"references": listed(named)})


@posts(back=lambda _request, pk: reverse("reports"))
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw a request: nobody is reminded of it any more."""
    found = get_object_or_404(ReportRequest.objects.visible_to(request.user), pk=pk)
    if withdraw_request(request=found, actor=request.user):
        messages.success(request, _("The request is withdrawn."))
    else:
        messages.info(request, _("The request was answered or withdrawn before."))
    return redirect("reports")


@login_not_required
@never_cache
@both
def answer_report(request: HttpRequest, key: str) -> HttpResponse:
    """The form that the link of a mail opens. What is classified is answered after signing in."""
    asked = request_named(key)
    if asked is None:
        return render(request, "reports/answer.html", {"state": "unknown"}, status=404)
    own_page = reverse("progress", args=[asked.commitment.reference])
    if request.user.is_authenticated or not answers_without_signing_in(asked):
        return redirect(own_page)
    if hasattr(asked, "end"):
        return render(request, "reports/answer.html", {"state": "ended"}, status=409)
    form = ProgressForm(request.POST if request.method == "POST" else None, commitment=asked.commitment)
    if form.is_valid():
        try:
            answer_by_mail_link(request=asked, **form.arguments())
        except RequirementsNotMet as why:
            form.refuse(why.errors)
        except RequestEnded:
            return render(request, "reports/answer.html", {"state": "ended"}, status=409)
        except Commitment.DoesNotExist as why:
            raise Http404 from why
        else:
            log(request, "answered by mail link", account=asked.addressee.username)
            return render(request, "reports/answer.html", {"state": "done", "asked": asked})
    context = {
        "state": "form",
        "asked": asked,
        "form": form,
        "errors": list(errors_in([form])) if form.errors else [],
        "own_page": own_page,
    }
    return render(request, "reports/answer.html", context, status=400 if form.errors else 200)
