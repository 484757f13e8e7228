"""The form pages of one commitment in the admin: transitions, deadline, progress and evidence."""

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
from commitments.querysets import AsOf
from commitments.reports.actions import Action, in_order, what_follows
from commitments.reports.dossier_changes import changes_since
from commitments.reports.history import (
    changes_of,
    evidence_of,
    history_of,
    submission_in,
    with_detail_relations,
)
from commitments.services.deadlines import change_deadline
from commitments.services.dossier import stamp_for
from commitments.services.errors import (
    DossierChanged,
    IllegalTransition,
    NotEditable,
    RequirementsNotMet,
    UnknownTransition,
)
from commitments.services.policy import available_transitions, edit_refusal, refusal, workflow_context
from commitments.services.progress import may_report, record_progress, withdraw_evidence
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, TransitionName
from core import clock
from core.admin.autocomplete import use_autocomplete
from core.documents.reading import ReadersBusy
from core.form_errors import errors_in
from core.whole_numbers import whole_number


def transition_actions(commitment: Commitment, user: Any) -> list[Action]:
    """Return the transitions possible for ``user`` now, as links to their forms."""
    return [
        Action(
            reverse("admin:commitments_commitment_transition", args=[commitment.pk, row.name]),
            str(row.label),
        )
        for row in in_order(commitment, user)
    ]


def record_actions(commitment: Commitment, user: Any) -> list[Action]:
    """Return what ``user`` may record outside the workflow, as links to the forms."""
    forms = []
    if may_report(user, commitment):
        forms.append(("progress", _("Report progress")))
    if edit_refusal(commitment, user, ["deadline"]) is None:
        forms.append(("deadline", _("Change the deadline")))
    return [
        Action(reverse(f"admin:commitments_commitment_{name}", args=[commitment.pk]), label)
        for name, label in forms
    ]


class AdminTransitionForm(TransitionForm):
    """The form of a transition, with an autocomplete for the successor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "successor" in self.fields:
            field: Any = self.fields["successor"]
            field.to_field_name = None
            use_autocomplete(field, Commitment._meta.get_field("successor"), admin.site)


class WorkflowPages(admin.ModelAdmin):
    """The form pages. Each passes the input of a form to one service and shows its errors."""

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
        """Return the commitment. Raise ``Http404`` if the person may not see it."""
        commitment = self.get_queryset(request).filter(pk=pk).first()
        if commitment is None:
            raise Http404
        return commitment  # type: ignore[no-any-return]

    # -- transitions ---------------------------------------------------------------------------------------

    def transition_view(self, request: Any, pk: int, name: str) -> HttpResponse:
        """Show the form of a transition, or make it. Errors and conflicts keep the input."""
        commitment = self.visible(request, pk)
        now = stamp_for(request.user, commitment.reference)
        commitment.refresh_from_db()  # after the stamp, so that the page shows no older state
        if name not in TRANSITIONS:
            return self._refused(request, commitment, UnknownTransition(name), HTTPStatus.BAD_REQUEST)
        row, context = TRANSITIONS[TransitionName(name)], workflow_context(commitment)
        data = request.POST.copy() if request.method == "POST" else None
        seen = whole_number(data.get("seen", "")) if data else None
        error = refusal(row, context, request.user, seen=seen)
        form = AdminTransitionForm(
            data,
            row=row,
            commitment=commitment,
            user=request.user,
            workflow=context,
            stamp=now,
            initial=TransitionForm.prefilled(request.GET),
            files=request.FILES,
        )
        if isinstance(error, IllegalTransition):
            return self._conflict(request, form, error)
        if error:
            raise error
        if data is not None and form.is_valid():
            try:
                change = apply_transition(
                    commitment=commitment, name=name, actor=request.user, **form.arguments()
                )
            except IllegalTransition as conflict:
                return self._conflict(request, form, conflict)
            except RequirementsNotMet as unmet:
                form.refuse(unmet.errors)
            except ReadersBusy as busy:
                form.refuse({"evidence": [str(busy)]})
            else:
                message = _("Saved: %(reference)s is now %(status)s.")
                values = {"reference": commitment.reference, "status": change.get_to_status_display()}
                messages.success(request, message % values)
                return self._back(commitment)
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        return self._show_transition(request, form, status, next_statuses=what_follows(row, context))

    def _conflict(self, request: Any, form: TransitionForm, error: IllegalTransition) -> HttpResponse:
        """Answer 409 with what changed and the last change. The input is kept and may be sent again."""
        now = stamp_for(request.user, form.commitment.reference)
        commitment = self.visible(request, form.commitment.pk)
        last = workflow_context(commitment).last
        if form.is_bound:
            form.data["seen"] = str(last.number)  # type: ignore[index]
        still_possible = form.row.name in {
            row.name for row in available_transitions(commitment, request.user)
        }
        context = {
            "conflict": str(error),
            "last": last,
            "still_possible": still_possible,
            "transitions": [] if still_possible else transition_actions(commitment, request.user),
            "changes": None,
        }
        if isinstance(error, DossierChanged):
            context["changes"] = changes_since(commitment, form.show_again(now), request.user)
        form.commitment = commitment
        return self._show_transition(request, form, HTTPStatus.CONFLICT, **context)

    def _show_transition(
        self, request: HttpRequest, form: TransitionForm, status: HTTPStatus, **extra: Any
    ) -> HttpResponse:
        errors = list(form.faults()) if status == HTTPStatus.BAD_REQUEST else []
        as_of = AsOf(day=clock.today(), today=clock.today())
        visible: Any = self.get_queryset(request)
        read: Any = with_detail_relations(visible, as_of).get(pk=form.commitment.pk)
        changes = changes_of(read, as_of)
        extra = {
            "row": form.row,
            "errors": errors,
            "submission": submission_in(changes),
            "history": history_of(read, changes, evidence_of(read, as_of), as_of),
            **extra,
        }
        title = str(form.row.label)
        return self._page(
            request, "transition.html", form.commitment, title, form=form, status=status, **extra
        )

    def _refused(
        self, request: HttpRequest, commitment: Commitment, error: Exception, status: HTTPStatus
    ) -> HttpResponse:
        return self._page(
            request, "refused.html", commitment, _("Not possible"), reason=str(error), status=status
        )

    # -- outside the workflow ------------------------------------------------------------------------------

    def deadline_view(self, request: Any, pk: int) -> HttpResponse:
        """Change the deadline. The old one stays on record."""
        commitment = self.visible(request, pk)
        if not request.user.may(Right.EDIT_REGISTER):
            raise PermissionDenied(_("Only an officer can change a deadline."))
        refused = edit_refusal(commitment, request.user, ["deadline"])
        if refused and request.method != "POST":
            return self._refused(request, commitment, refused, HTTPStatus.CONFLICT)
        form = DeadlineForm(request.POST if request.method == "POST" else None, commitment=commitment)
        return self._form_view(
            request,
            commitment,
            form,
            (_("Change the deadline"), _("The deadline was changed.")),
            lambda: change_deadline(commitment=commitment, actor=request.user, **form.arguments()),
        )

    def progress_view(self, request: Any, pk: int) -> HttpResponse:
        """Record a progress update."""
        commitment = self.visible(request, pk)
        self._require_reporter(request, commitment)
        form = ProgressForm(request.POST if request.method == "POST" else None, commitment=commitment)
        return self._form_view(
            request,
            commitment,
            form,
            (_("Report progress"), _("The progress was recorded.")),
            lambda: record_progress(commitment=commitment, actor=request.user, **form.arguments()),
        )

    def withdraw_view(self, request: Any, pk: int, evidence_pk: int) -> HttpResponse:
        """Withdraw a piece of evidence."""
        commitment = self.visible(request, pk)
        self._require_reporter(request, commitment)
        evidence = Evidence.objects.filter(pk=evidence_pk, commitment=commitment).first()
        if evidence is None:
            raise Http404
        form = WithdrawalForm(request.POST if request.method == "POST" else None)
        return self._form_view(
            request,
            commitment,
            form,
            (_("Withdraw the evidence: %(title)s") % {"title": evidence}, _("The evidence was withdrawn.")),
            lambda: withdraw_evidence(evidence=evidence, actor=request.user, **form.cleaned_data),
        )

    def _require_reporter(self, request: Any, commitment: Commitment) -> None:
        if not may_report(request.user, commitment):
            raise PermissionDenied(
                _("Only an officer or a focal point of an assigned agency can report progress.")
            )

    def _form_view(
        self,
        request: HttpRequest,
        commitment: Commitment,
        form: RefusableForm,
        title_and_message: tuple[str, str],
        write: Callable[[], object],
    ) -> HttpResponse:
        title, message = title_and_message
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        if form.is_bound and form.is_valid():
            try:
                write()
            except RequirementsNotMet as error:
                form.refuse(error.errors)
            except NotEditable as error:
                form.add_error(None, str(error))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, message)
                return self._back(commitment)
        return self._page(
            request,
            "action_form.html",
            commitment,
            title,
            form=form,
            status=status,
            errors=list(errors_in([form])),
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
