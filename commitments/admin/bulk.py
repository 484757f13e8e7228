"""Many commitments at once in the admin: one move or one assignment, each row through the same writer."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import Right
from commitments.admin.workflow import MoveForm
from commitments.bulk_forms import AgencyForMany, ForMany
from commitments.choices import AssignmentRole, Status
from commitments.models import Assignment, Commitment, StatusChange
from commitments.services.bulk import Item, assign_many, move_many
from commitments.services.errors import IllegalTransition, RequirementsNotMet
from commitments.services.policy import has_any_transition, outcomes_of, why_not, workflow_context
from commitments.workflow import TRANSITIONS, Transition, TransitionName
from core.admin.autocomplete import SEARCH_SCRIPT, pick_by_search

MOST_LISTED = 200
"""Rows that a page lists; the rest is counted, and written all the same."""


@dataclass(slots=True)
class Selected:
    """One selected commitment: what was seen of it, and what can be done or was done with it."""

    commitment: Commitment
    seen: int
    leads: tuple[str, ...] = ()
    moves: list[Transition] = field(default_factory=list)
    refused: str = ""
    done: str = ""


@dataclass(slots=True)
class Selection:
    """The selected rows. Written into the page as ``key:number of the last change seen``."""

    rows: list[Selected]

    def __str__(self) -> str:
        return ",".join(f"{row.commitment.pk}:{row.seen}" for row in self.rows)

    @property
    def listed(self) -> list[Selected]:
        """What a page shows."""
        return self.rows[:MOST_LISTED]

    @property
    def unlisted(self) -> int:
        """How many more there are."""
        return max(0, len(self.rows) - MOST_LISTED)

    def of(self, *, refused: bool) -> list[Selected]:
        """The rows that were, or were not, refused."""
        return [row for row in self.rows if bool(row.refused) is refused]


def read_selection(text: str) -> dict[int, int]:
    """The keys and numbers that a page carried; what is no pair of numbers is left out."""
    pairs = (part.split(":") for part in text.split(",") if part.count(":") == 1)
    return {int(key): int(seen) for key, seen in pairs if _is_number(key) and _is_number(seen)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class BulkMoveForm(ForMany, MoveForm):
    """One move for many, with the successor picked by searching."""


class BulkAssignmentForm(AgencyForMany):
    """An agency for many, with agency and focal point picked by searching."""

    class Media:
        js = [SEARCH_SCRIPT]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick_by_search(self.fields["agency"], Assignment._meta.get_field("agency"), admin.site)
        focal_point = Assignment._meta.get_field("focal_point")
        pick_by_search(self.fields["focal_point"], focal_point, admin.site, limited_by="agency")


class BulkActs(admin.ModelAdmin):
    """The two actions of the list, and the pages that they lead through."""

    actions = ["move_selected", "assign_selected"]

    def has_move_permission(self, request: Any) -> bool:
        """Whoever holds any move."""
        return has_any_transition(request.user)

    def has_assign_permission(self, request: Any) -> bool:
        """Whoever may charge agencies."""
        return bool(request.user.may(Right.ASSIGN))

    def get_urls(self) -> list[Any]:
        def page(route: str, view: Any) -> Any:
            return path(f"{route}/", self.admin_site.admin_view(view), name=f"commitments_commitment_{route}")

        return [page("move", self.bulk_move_view), page("assign", self.bulk_assign_view), *super().get_urls()]

    @admin.action(description=gettext_lazy("Move the selected commitments…"), permissions=["move"])
    def move_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Choose the move first: each is offered with how many of the rows it can be made for."""
        return self._choose_move(request, self._selection(queryset, request))

    @admin.action(
        description=gettext_lazy("Assign an agency to the selected commitments…"), permissions=["assign"]
    )
    def assign_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Ask for agency, role and focal point."""
        return self._ask_agency(request, self._selection(queryset, request), BulkAssignmentForm())

    # -- moving ------------------------------------------------------------------------------------------

    def bulk_move_view(self, request: Any) -> HttpResponse:
        """Ask what the chosen move needs, make it row by row, and say what moved and what was refused."""
        if request.method != "POST" or not self.has_move_permission(request):
            return self._nothing_asked(request, allowed=self.has_move_permission(request))
        selection = self._carried(request)
        name = request.POST.get("transition", "")
        if name not in TRANSITIONS or not selection.rows:
            return self._choose_move(request, selection)
        row = TRANSITIONS[TransitionName(name)]
        for each in selection.rows:
            each.refused = (
                "" if row in each.moves else why_not(row, workflow_context(each.commitment), request.user)
            )
        given = request.POST if "apply" in request.POST else None
        form = self._move_form(request, row, selection, given)
        if given is None or not form.is_valid():
            return self._ask_move(request, selection, row, form)
        unmet = self._apply_to_lockeds(request.user, row, selection, form)
        if done := selection.of(refused=False):
            self._say_done(request, len(done), str(row.done))
        if not selection.of(refused=True):
            return self._to_list(request)
        if len(unmet) == len(selection.rows) and all(errors == unmet[0] for errors in unmet):
            form.refuse(unmet[0])
        return self._ask_move(request, selection, row, form, tried=True)

    def _move_form(self, request: Any, row: Transition, selection: Selection, given: Any) -> BulkMoveForm:
        able = selection.of(refused=False) or selection.rows
        dossiers = [workflow_context(each.commitment) for each in able]
        return BulkMoveForm(
            given,
            row=row,
            commitment=able[0].commitment,
            user=request.user,
            workflow=dossiers[0],
            possible={status for each in dossiers for status in outcomes_of(each)},
        )

    def _apply_to_lockeds(
        self, user: User, row: Transition, selection: Selection, form: BulkMoveForm
    ) -> list[dict[str, list[str]]]:
        """Make the move for every row, each by itself; returns the requirements not met."""
        results = move_many(
            items=[Item(each.commitment, each.seen) for each in selection.rows],
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
                each.seen = self._last_number(each)
            if isinstance(result.written, StatusChange):
                each.done = str(Status(result.written.to_status).label)
        return unmet

    def _last_number(self, each: Selected) -> int:
        last = each.commitment.status_changes.model.objects.filter(commitment=each.commitment)
        return last.order_by("-number").values_list("number", flat=True)[0]

    def _choose_move(self, request: Any, selection: Selection) -> HttpResponse:
        counted = [(row, sum(row in each.moves for each in selection.rows)) for row in TRANSITIONS.values()]
        moves = [
            (row, ngettext("%(n)d of %(all)d", "%(n)d of %(all)d", n) % {"n": n, "all": len(selection.rows)})
            for row, n in counted
            if n
        ]
        return self._bulk_page(request, "bulk_choose.html", _("Which move?"), selection, moves=moves)

    def _ask_move(
        self, request: Any, selection: Selection, row: Transition, form: BulkMoveForm, *, tried: bool = False
    ) -> HttpResponse:
        done = selection.of(refused=False) if tried else []
        left = Selection(selection.of(refused=True)) if tried else selection
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not form.is_valid() else HTTPStatus.OK
        faults = list(form.faults()) if form.is_bound else []
        title = str(row.label)
        extra = {"row": row, "form": form, "faults": faults, "tried": tried, "done": done}
        return self._bulk_page(request, "bulk_move.html", title, left, status=status, **extra)

    # -- assigning ---------------------------------------------------------------------------------------

    def bulk_assign_view(self, request: Any) -> HttpResponse:
        """Charge the agency with each row; those that another agency leads are left unless asked for."""
        if request.method != "POST" or not self.has_assign_permission(request):
            return self._nothing_asked(request, allowed=self.has_assign_permission(request))
        selection, form = self._carried(request), BulkAssignmentForm(request.POST)
        if not form.is_valid():
            return self._ask_agency(request, selection, form)
        values = dict(form.cleaned_data)
        items = [Item(each.commitment) for each in selection.rows]
        results = assign_many(items=items, actor=request.user, **values)
        for each, result in zip(selection.rows, results, strict=True):
            each.refused = result.why
            each.done = values["agency"].short if result.written else ""
        if done := selection.of(refused=False):
            self._say_done(request, len(done), _("assigned to %(agency)s") % {"agency": values["agency"]})
        if not selection.of(refused=True):
            return self._to_list(request)
        left = Selection(selection.of(refused=True))
        return self._ask_agency(request, left, form, tried=True, done=done)

    def _ask_agency(
        self, request: Any, selection: Selection, form: BulkAssignmentForm, **extra: Any
    ) -> HttpResponse:
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not form.is_valid() else HTTPStatus.OK
        faults = list(form.faults()) if form.is_bound else []
        title = _("Assign an agency")
        extra = {"form": form, "faults": faults, **extra}
        return self._bulk_page(request, "bulk_assign.html", title, selection, status=status, **extra)

    # -- both --------------------------------------------------------------------------------------------

    def _selection(self, queryset: Any, request: Any, seen: dict[int, int] | None = None) -> Selection:
        rows = queryset.order_by("prefix", "year", "serial").prefetch_related(
            "status_changes", "assignments__agency"
        )
        selected = []
        for commitment in rows:
            workflow = workflow_context(commitment)
            leads = (each for each in commitment.assignments.all() if each.role == AssignmentRole.LEAD)
            selected.append(
                Selected(
                    commitment=commitment,
                    seen=(seen or {}).get(commitment.pk, workflow.last.number),
                    leads=tuple(each.agency.short for each in leads),
                    moves=[
                        row
                        for row in TRANSITIONS.values()
                        if row.sources and not why_not(row, workflow, request.user)
                    ],
                )
            )
        return Selection(selected)

    def _carried(self, request: Any) -> Selection:
        """The selection that the page carried, as it stands now for this person."""
        seen = read_selection(request.POST.get("rows", ""))
        return self._selection(self.get_queryset(request).filter(pk__in=list(seen)), request, seen)

    def _say_done(self, request: HttpRequest, n: int, what: str) -> None:
        said = ngettext("%(n)d commitment: %(what)s.", "%(n)d commitments: %(what)s.", n)
        messages.success(request, said % {"n": n, "what": what})

    def _nothing_asked(self, request: HttpRequest, *, allowed: bool) -> HttpResponse:
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
