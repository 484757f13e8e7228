"""Small form pages of one commitment in the admin: its moves, its deadline, its progress, its evidence."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.permissions import Right
from commitments.forms import DeadlineForm, ProgressForm, RefusableForm, TransitionForm, WithdrawalForm
from commitments.models import Commitment, Evidence
from commitments.reports.actions import Action, in_order, what_follows
from commitments.services.deadlines import change_deadline
from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from commitments.services.policy import available_transitions, refusal, workflow_context
from commitments.services.progress import may_report, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, TransitionName
from core.admin.autocomplete import pick_by_search


def moves_in_admin(commitment: Commitment, user: Any, note: str = "") -> list[Action]:
    """The moves that ``user`` may make now, as links to their forms here; ``note`` is carried along."""
    query = {"note": note} if note else None
    return [
        Action(
            reverse("admin:commitments_commitment_transition", args=[commitment.pk, row.name], query=query),
            str(row.label),
        )
        for row in in_order(commitment, user)
    ]


def records_in_admin(commitment: Commitment, user: Any) -> list[Action]:
    """What ``user`` may record beside the workflow, as links to the forms here."""
    found = []
    if may_report(user, commitment):
        found.append(("progress", _("Report progress")))
    if user.may(Right.EDIT_REGISTER):
        found.append(("deadline", _("Change the deadline")))
    return [
        Action(reverse(f"admin:commitments_commitment_{name}", args=[commitment.pk]), label)
        for name, label in found
    ]


class MoveForm(TransitionForm):
    """The form of a move, with the successor picked by searching."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "successor" in self.fields:
            field: Any = self.fields["successor"]
            field.to_field_name = None
            pick_by_search(field, Commitment._meta.get_field("successor"), admin.site)


class ActPages(admin.ModelAdmin):
    """The pages. Each fetches what the person may see, hands a form to one service and shows what it says."""

    def get_urls(self) -> list[Any]:
        def page(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"commitments_commitment_{name}")

        return [
            page("<int:pk>/transition/<str:name>/", self.transition_view, "transition"),
            page("<int:pk>/deadline/", self.deadline_view, "deadline"),
            page("<int:pk>/progress/", self.progress_view, "progress"),
            page("<int:pk>/evidence/<int:evidence_pk>/withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    def visible(self, request: HttpRequest, pk: int) -> Commitment:
        """The commitment, if the person may see it; else there is none."""
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]

    # -- a move ------------------------------------------------------------------------------------------

    def transition_view(self, request: Any, pk: int, name: str) -> HttpResponse:
        """The form of a move, and the move; a refusal shows where things stand and keeps what was typed."""
        commitment = self.visible(request, pk)
        if name not in TRANSITIONS:
            return self._refused(request, commitment, UnknownTransition(name), HTTPStatus.BAD_REQUEST)
        row, workflow = TRANSITIONS[TransitionName(name)], workflow_context(commitment)
        given = request.POST.copy() if request.method == "POST" else None
        seen = given.get("seen", "") if given else ""
        refused = refusal(row, workflow, request.user, seen=int(seen) if seen.isdigit() else None)
        form = MoveForm(
            given,
            row=row,
            commitment=commitment,
            user=request.user,
            workflow=workflow,
            initial=TransitionForm.prefilled(request.GET),
        )
        if isinstance(refused, IllegalTransition):
            return self._conflict(request, form, refused)
        if refused:
            raise refused
        if given is not None and form.is_valid():
            try:
                change = apply_transition(
                    commitment=commitment, name=name, actor=request.user, **form.arguments()
                )
            except IllegalTransition as conflict:
                return self._conflict(request, form, conflict)
            except RequirementsNotMet as unmet:
                form.refuse(unmet.errors)
            else:
                said = {"reference": commitment.reference, "status": change.get_to_status_display()}
                messages.success(request, _("Done: %(reference)s is %(status)s now.") % said)
                return self._back(commitment)
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        return self._show_move(request, form, status, follows=what_follows(row, workflow))

    def _conflict(self, request: Any, form: TransitionForm, why: IllegalTransition) -> HttpResponse:
        """409: what it is now and by whom; the typed input stays, and counts against what is now seen."""
        commitment = self.visible(request, form.commitment.pk)
        workflow = workflow_context(commitment)
        if form.is_bound:
            form.data["seen"] = str(workflow.last.number)  # type: ignore[index]
        again = form.row.name in {row.name for row in available_transitions(commitment, request.user)}
        note = form.data.get("note", "") if form.is_bound else ""
        context = {
            "why": str(why),
            "last": workflow.last,
            "again": again,
            "moves": [] if again else moves_in_admin(commitment, request.user, note),
        }
        form.commitment = commitment
        return self._show_move(request, form, HTTPStatus.CONFLICT, **context)

    def _show_move(
        self, request: HttpRequest, form: TransitionForm, status: HTTPStatus, **extra: Any
    ) -> HttpResponse:
        faults = list(form.faults()) if status == HTTPStatus.BAD_REQUEST else []
        extra = {"row": form.row, "faults": faults, **extra}
        title = str(form.row.label)
        return self._page(
            request, "transition.html", form.commitment, title, form=form, status=status, **extra
        )

    def _refused(
        self, request: HttpRequest, commitment: Commitment, why: Exception, status: HTTPStatus
    ) -> HttpResponse:
        return self._page(request, "refused.html", commitment, _("Not done"), why=str(why), status=status)

    # -- what is recorded beside the workflow ----------------------------------------------------------------

    def deadline_view(self, request: Any, pk: int) -> HttpResponse:
        """Another deadline window; the old one stays on record."""
        commitment = self.visible(request, pk)
        if not request.user.may(Right.EDIT_REGISTER):
            raise PermissionDenied(_("Only an officer changes a deadline."))
        form = DeadlineForm(request.POST if request.method == "POST" else None, commitment=commitment)
        return self._record(
            request,
            commitment,
            form,
            (_("Change the deadline"), _("The deadline is changed.")),
            lambda: change_deadline(commitment=commitment, actor=request.user, **form.arguments()),
        )

    def progress_view(self, request: Any, pk: int) -> HttpResponse:
        """A progress update."""
        commitment = self.visible(request, pk)
        self._only_reporters(request, commitment)
        form = ProgressForm(request.POST if request.method == "POST" else None, commitment=commitment)
        return self._record(
            request,
            commitment,
            form,
            (_("Report progress"), _("The progress is recorded.")),
            lambda: record_progress(commitment=commitment, actor=request.user, **form.arguments()),
        )

    def withdraw_view(self, request: Any, pk: int, evidence_pk: int) -> HttpResponse:
        """A piece of evidence no longer counts."""
        commitment = self.visible(request, pk)
        self._only_reporters(request, commitment)
        evidence = Evidence.objects.filter(pk=evidence_pk, commitment=commitment).first()
        if evidence is None:
            raise Http404
        form = WithdrawalForm(request.POST if request.method == "POST" else None)
        return self._record(
            request,
            commitment,
            form,
            (_("Withdraw the evidence: %(title)s") % {"title": evidence}, _("The evidence is withdrawn.")),
            lambda: withdraw_evidence(evidence=evidence, actor=request.user, **form.cleaned_data),
        )

    def _only_reporters(self, request: Any, commitment: Commitment) -> None:
        if not may_report(request.user, commitment):
            raise PermissionDenied(
                _("Progress is reported by an officer, or by a focal point of a charged agency.")
            )

    def _record(
        self,
        request: HttpRequest,
        commitment: Commitment,
        form: RefusableForm,
        words: tuple[str, str],
        write: Callable[[], object],
    ) -> HttpResponse:
        title, done = words
        if form.is_bound and form.is_valid():
            try:
                write()
            except RequirementsNotMet as unmet:
                form.refuse(unmet.errors)
            else:
                messages.success(request, done)
                return self._back(commitment)
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        faults = [(field.id_for_label, f"{field.label}: {error}") for field in form for error in field.errors]
        faults = [("", str(error)) for error in form.non_field_errors()] + faults
        return self._page(
            request, "recording.html", commitment, title, form=form, status=status, faults=faults
        )

    def _back(self, commitment: Commitment) -> HttpResponse:
        return redirect("admin:commitments_commitment_change", commitment.pk)

    def _page(
        self, request: HttpRequest, template: str, commitment: Commitment, title: str, **context: Any
    ) -> HttpResponse:
        form = context.get("form")
        status = context.pop("status", HTTPStatus.OK)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(commitment),
            "opts": self.opts,
            "commitment": commitment,
            "media": self.media + form.media if form is not None else self.media,
            **context,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, f"admin/commitments/commitment/{template}", context, status=status)
