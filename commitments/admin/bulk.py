"""Bulk actions on the admin's list of commitments: one transition or one assignment for many."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import Right
from commitments.admin.workflow import AdminTransitionForm
from commitments.bulk_forms import BulkAgencyForm, BulkTransitionForm
from commitments.choices import AssignmentRole, Status
from commitments.models import Assignment, Commitment, StatusChange
from commitments.services.bulk import Item, apply_transition_to_many, assign_many
from commitments.services.dossier import Stamp, stamps_for
from commitments.services.errors import IllegalTransition, RequirementsNotMet
from commitments.services.policy import has_any_transition, outcomes_of, why_not, workflow_context
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, use_autocomplete
from core.lists import listed
from core.whole_numbers import whole_number

MAX_LISTED = 200
"""The most rows that a page lists. Further rows are counted, and changed all the same."""


@dataclass(slots=True)
class Selected:
    """A selected commitment, with its possible transitions and the result of the action.

    ``seen`` is the number of the last status change that the page showed. ``stamp`` is the state of the
    dossier then, of a row under review.
    """

    commitment: Commitment
    seen: int
    stamp: str = ""
    leads: tuple[str, ...] = ()
    transitions: list[Transition] = field(default_factory=list)
    refused: str = ""
    done: str = ""

    @property
    def transition_labels(self) -> str:
        """The possible transitions in one line."""
        return listed(row.label for row in self.transitions)


@dataclass(slots=True)
class Selection:
    """The selected rows. A page stores them as ``key:number of the last status change shown[:stamp]``."""

    rows: list[Selected]

    def __str__(self) -> str:
        parts = ((row.commitment.pk, row.seen, row.stamp) for row in self.rows)
        return ",".join(f"{key}:{seen}:{stamp}".removesuffix(":") for key, seen, stamp in parts)

    @property
    def listed(self) -> list[Selected]:
        """The rows that a page shows."""
        return self.rows[:MAX_LISTED]

    @property
    def unlisted(self) -> int:
        """The number of rows that a page does not show."""
        return max(0, len(self.rows) - MAX_LISTED)

    def of(self, *, refused: bool) -> list[Selected]:
        """Return the rows that were, or were not, refused."""
        return [row for row in self.rows if bool(row.refused) is refused]


def read_selection(text: str) -> dict[int, tuple[int, str]]:
    """Return the number and the stamp of each key in ``text``. Anything that is malformed is ignored."""
    parts = (part.split(":") for part in text.split(",") if part.count(":") in (1, 2))
    read = ((whole_number(key), whole_number(seen), "".join(stamp)) for key, seen, *stamp in parts)
    return {key: (seen, stamp) for key, seen, stamp in read if key is not None and seen is not None}


def _possible_for(n: int, all_rows: int) -> str:
    message = ngettext("Possible for %(n)s of %(all)s", "Possible for %(n)s of %(all)s", n)
    return message % {"n": number_format(n), "all": number_format(all_rows)}


class AdminBulkTransitionForm(BulkTransitionForm, AdminTransitionForm):
    """The form of one transition for many commitments, with an autocomplete for the successor."""


class BulkAssignmentForm(BulkAgencyForm):
    """The form of one assignment for many commitments, with autocompletes."""

    class Media:
        js = [AUTOCOMPLETE_SCRIPT]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_autocomplete(self.fields["agency"], Assignment._meta.get_field("agency"), admin.site)
        focal_point = Assignment._meta.get_field("focal_point")
        use_autocomplete(self.fields["focal_point"], focal_point, admin.site, limited_by="agency")


class BulkActions(admin.ModelAdmin):
    """The two actions of the list, and their pages."""

    actions = ["move_selected", "assign_selected"]

    def has_move_permission(self, request: Any) -> bool:
        """Return whether the person may make any transition."""
        return has_any_transition(request.user)

    def has_assign_permission(self, request: Any) -> bool:
        """Return whether the person may assign agencies."""
        return bool(request.user.may(Right.ASSIGN))

    def get_urls(self) -> list[Any]:
        def page(route: str, view: Any) -> Any:
            return path(f"{route}/", self.admin_site.admin_view(view), name=f"commitments_commitment_{route}")

        return [page("move", self.bulk_move_view), page("assign", self.bulk_assign_view), *super().get_urls()]

    @admin.action(
        description=gettext_lazy("Change the status of the selected commitments…"), permissions=["move"]
    )
    def move_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Let the person choose a transition, with the number of rows for which each is possible."""
        return self._choose_transition(request, self._selection(queryset, request))

    @admin.action(
        description=gettext_lazy("Assign an agency to the selected commitments…"), permissions=["assign"]
    )
    def assign_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Ask for the agency, the role and the focal point."""
        return self._ask_agency(request, self._selection(queryset, request), BulkAssignmentForm())

    # -- transitions ---------------------------------------------------------------------------------------

    def bulk_move_view(self, request: Any) -> HttpResponse:
        """Ask what the transition needs, make it row by row, and show which rows were refused."""
        if request.method != "POST" or not self.has_move_permission(request):
            return self._redirect_if_allowed(request, allowed=self.has_move_permission(request))
        selection = self._submitted_selection(request)
        name = request.POST.get("transition", "")
        if name not in TRANSITIONS or not selection.rows:
            return self._choose_transition(request, selection)
        row = TRANSITIONS[TransitionName(name)]
        for each in selection.rows:
            each.refused = (
                ""
                if row in each.transitions
                else why_not(row, workflow_context(each.commitment), request.user)
            )
        data = request.POST if "apply" in request.POST else None
        form = self._transition_form(request, row, selection, data)
        if data is None or not form.is_valid():
            return self._ask_transition(request, selection, row, form)
        unmet = self._make_transitions(request.user, row, selection, form)
        if done := selection.of(refused=False):
            message = ngettext("%(n)s commitment: %(what)s.", "%(n)s commitments: %(what)s.", len(done))
            messages.success(request, message % {"n": number_format(len(done)), "what": row.done})
        if not selection.of(refused=True):
            return self._to_list(request)
        if len(unmet) == len(selection.rows) and all(errors == unmet[0] for errors in unmet):
            form.refuse(unmet[0])
        return self._ask_transition(request, selection, row, form, attempted=True)

    def _transition_form(
        self, request: Any, row: Transition, selection: Selection, data: Any
    ) -> AdminBulkTransitionForm:
        able = selection.of(refused=False) or selection.rows
        contexts = [workflow_context(each.commitment) for each in able]
        return AdminBulkTransitionForm(
            data,
            row=row,
            commitment=able[0].commitment,
            user=request.user,
            workflow=contexts[0],
            possible={status for each in contexts for status in outcomes_of(each)},
        )

    def _make_transitions(
        self, user: User, row: Transition, selection: Selection, form: AdminBulkTransitionForm
    ) -> list[dict[str, list[str]]]:
        """Make the transition for each row. Return the errors of the rows with unmet requirements."""
        results = apply_transition_to_many(
            items=[Item(each.commitment, each.seen, Stamp(each.stamp)) for each in selection.rows],
            actor=user,
            name=row.name,
            **form.arguments(),
        )
        unmet = []
        for each, result in zip(selection.rows, results, strict=True):
            each.refused = result.why
            if isinstance(result.refusal, RequirementsNotMet):
                unmet.append(result.refusal.errors)
            if isinstance(result.refusal, IllegalTransition):
                self._see_again(each, user)
            if isinstance(result.written, StatusChange):
                each.done = str(Status(result.written.to_status).label)
        return unmet

    def _see_again(self, each: Selected, user: User) -> None:
        """Let the next attempt start from what the page shows now."""
        stamp = stamps_for(user, [each.commitment.pk]).get(each.commitment.pk, Stamp())
        each.commitment = Commitment.objects.get(pk=each.commitment.pk)
        each.seen = workflow_context(each.commitment).last.number
        each.stamp = stamp.digest if each.commitment.status == Status.UNDER_REVIEW else ""

    def _choose_transition(self, request: Any, selection: Selection) -> HttpResponse:
        counts = [
            (row, sum(row in each.transitions for each in selection.rows)) for row in TRANSITIONS.values()
        ]
        transitions = [(row, _possible_for(n, len(selection.rows))) for row, n in counts if n]
        return self._bulk_page(
            request, "bulk_choose.html", _("Choose a status change"), selection, transitions=transitions
        )

    def _ask_transition(
        self,
        request: Any,
        selection: Selection,
        row: Transition,
        form: AdminBulkTransitionForm,
        *,
        attempted: bool = False,
    ) -> HttpResponse:
        done = selection.of(refused=False) if attempted else []
        remaining = Selection(selection.of(refused=True)) if attempted else selection
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not form.is_valid() else HTTPStatus.OK
        errors = list(form.faults()) if form.is_bound else []
        title = str(row.label)
        extra = {"row": row, "form": form, "errors": errors, "attempted": attempted, "done": done}
        return self._bulk_page(request, "bulk_move.html", title, remaining, status=status, **extra)

    # -- assignments ---------------------------------------------------------------------------------------

    def bulk_assign_view(self, request: Any) -> HttpResponse:
        """Assign the agency to each row. Rows with another lead agency are unchanged unless asked for."""
        if request.method != "POST" or not self.has_assign_permission(request):
            return self._redirect_if_allowed(request, allowed=self.has_assign_permission(request))
        selection, form = self._submitted_selection(request), BulkAssignmentForm(request.POST)
        if not form.is_valid():
            return self._ask_agency(request, selection, form)
        values = dict(form.cleaned_data)
        items = [Item(each.commitment) for each in selection.rows]
        results = assign_many(items=items, actor=request.user, **values)
        for each, result in zip(selection.rows, results, strict=True):
            each.refused = result.why
            each.done = values["agency"].short if result.written else ""
        if done := selection.of(refused=False):
            message = ngettext(
                "%(n)s commitment assigned to %(agency)s.",
                "%(n)s commitments assigned to %(agency)s.",
                len(done),
            )
            messages.success(request, message % {"n": number_format(len(done)), "agency": values["agency"]})
        if not selection.of(refused=True):
            return self._to_list(request)
        remaining = Selection(selection.of(refused=True))
        return self._ask_agency(request, remaining, form, attempted=True, done=done)

    def _ask_agency(
        self, request: Any, selection: Selection, form: BulkAssignmentForm, **extra: Any
    ) -> HttpResponse:
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not form.is_valid() else HTTPStatus.OK
        errors = list(form.faults()) if form.is_bound else []
        title = _("Assign an agency")
        extra = {"form": form, "errors": errors, **extra}
        return self._bulk_page(request, "bulk_assign.html", title, selection, status=status, **extra)

    # -- common --------------------------------------------------------------------------------------------

    def _selection(
        self, queryset: Any, request: Any, seen: dict[int, tuple[int, str]] | None = None
    ) -> Selection:
        """Return the rows of ``queryset``, as they were ``seen`` if they were shown before."""
        stamps: dict[int, Stamp] = {}
        if seen is None:
            under_review = queryset.filter(status=Status.UNDER_REVIEW).order_by()
            stamps = stamps_for(request.user, list(under_review.values_list("pk", flat=True)))
        rows = queryset.by_reference().prefetch_related("status_changes", "assignments__agency")
        selected = []
        for commitment in rows:
            context = workflow_context(commitment)
            shown = (context.last.number, stamps.get(commitment.pk, Stamp()).digest)
            number, stamp = (seen or {}).get(commitment.pk, shown)
            leads = (each for each in commitment.assignments.all() if each.role == AssignmentRole.LEAD)
            selected.append(
                Selected(
                    commitment=commitment,
                    seen=number,
                    stamp=stamp,
                    leads=tuple(each.agency.short for each in leads),
                    transitions=[
                        row
                        for row in TRANSITIONS.values()
                        if row.sources and not why_not(row, context, request.user)
                    ],
                )
            )
        return Selection(selected)

    def _submitted_selection(self, request: Any) -> Selection:
        """Return the submitted selection with the current state of its rows."""
        seen = read_selection(request.POST.get("rows", ""))
        return self._selection(self.get_queryset(request).filter(pk__in=list(seen)), request, seen)

    def _redirect_if_allowed(self, request: HttpRequest, *, allowed: bool) -> HttpResponse:
        if not allowed:
            raise PermissionDenied
        return self._to_list(request)

    def _to_list(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:commitments_commitment_changelist")

    def _bulk_page(
        self, request: HttpRequest, template: str, title: str, selection: Selection, **context: Any
    ) -> HttpResponse:
        status = context.pop("status", HTTPStatus.OK)
        form = context.get("form")
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "selection": selection,
            "media": self.media + form.media if form is not None else self.media,
            **context,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, f"admin/commitments/commitment/{template}", context, status=status)
