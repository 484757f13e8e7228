"""Many commitments at once in the admin: one move or one assignment, each row through the same writer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
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
from commitments.admin.acts import MoveForm
from commitments.choices import AssignmentRole, Status
from commitments.forms import RefusableForm
from commitments.models import Assignment, Commitment
from commitments.services.assignments import assign, focal_point_errors
from commitments.services.errors import IllegalTransition, Refusal, RequirementsNotMet
from commitments.services.policy import dossier_of, refusal
from commitments.services.transitions import apply_transition
from commitments.workflow import TRANSITIONS, Name, Target, Transition, outcomes
from core.admin_autocomplete import SEARCH_SCRIPT, pick_by_search
from relations.models import Agency

if TYPE_CHECKING:
    from commitments.services.policy import Dossier

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
    return {int(key): int(seen) for key, seen in pairs if key.isdigit() and seen.isdigit()}


def why_not(row: Transition, dossier: "Dossier", user: User) -> str:
    """Why ``user`` may not make the move, or nothing."""
    if refused := refusal(row, dossier, user):
        return str(refused)
    return "" if dossier.nature in row.natures else _("Not for a commitment of this nature.")


class BulkMoveForm(MoveForm):
    """One move for many: an outcome may be left as each of them proposes it."""

    def __init__(self, *args: Any, dossiers: Iterable["Dossier"], **kwargs: Any) -> None:
        self.dossiers = list(dossiers)
        super().__init__(*args, dossier=self.dossiers[0], **kwargs)
        del self.fields["seen"]
        if "outcome" in self.fields:
            self._offer_any_outcome()
        if "occurred_on" in self.fields:
            self.fields["occurred_on"].widget.attrs.pop("min", None)

    def _offer_any_outcome(self) -> None:
        outcome: Any = self.fields["outcome"]
        possible = {
            status
            for each in self.dossiers
            for status in outcomes(each.nature, each.came_from or each.status)
        }
        choices = [(status.value, status.label.capitalize()) for status in Status if status in possible]
        if self.row.target == Target.OUTCOME:
            outcome.required = False
            outcome.initial = self.initial["outcome"] = self.initial["successor"] = ""
            choices.insert(0, ("", _("As proposed for each")))
        outcome.choices = choices


class BulkAssignmentForm(RefusableForm):
    """An agency for many commitments, with the person in it who reports."""

    agency = forms.ModelChoiceField(Agency.objects.all(), label=gettext_lazy("Agency"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=AssignmentRole.choices, initial=AssignmentRole.LEAD
    )
    focal_point = forms.ModelChoiceField(
        User.objects.all(),
        label=gettext_lazy("Focal point"),
        required=False,
        help_text=gettext_lazy("A focal point of that agency. Empty: nobody by name yet."),
    )
    beside = forms.BooleanField(
        label=gettext_lazy("Also where another agency leads already"),
        required=False,
        help_text=gettext_lazy("Otherwise those are left as they are, and named."),
    )

    class Media:
        js = [SEARCH_SCRIPT]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick_by_search(self.fields["agency"], Assignment._meta.get_field("agency"), admin.site)
        focal_point = Assignment._meta.get_field("focal_point")
        pick_by_search(self.fields["focal_point"], focal_point, admin.site, limited_by="agency")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.refuse(focal_point_errors(cleaned.get("agency"), cleaned.get("focal_point")))
        return cleaned


class BulkActs(admin.ModelAdmin):
    """The two actions of the list, and the pages that they lead through."""

    actions = ["move_selected", "assign_selected"]

    def has_move_permission(self, request: Any) -> bool:
        """Whoever holds any move."""
        return any(request.user.roles & row.roles for row in TRANSITIONS.values())

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
        row = TRANSITIONS[Name(name)]
        for each in selection.rows:
            each.refused = (
                "" if row in each.moves else why_not(row, dossier_of(each.commitment), request.user)
            )
        given = request.POST if "apply" in request.POST else None
        form = self._move_form(request, row, selection, given)
        if given is None or not form.is_valid():
            return self._ask_move(request, selection, row, form)
        unmet = self._make_moves(request.user, row, selection, form)
        if done := selection.of(refused=False):
            self._say_done(request, len(done), str(row.done))
        if not selection.of(refused=True):
            return self._to_list(request)
        if len(unmet) == len(selection.rows) and all(errors == unmet[0] for errors in unmet):
            form.refuse(unmet[0])
        return self._ask_move(request, selection, row, form, tried=True)

    def _move_form(self, request: Any, row: Transition, selection: Selection, given: Any) -> BulkMoveForm:
        able = selection.of(refused=False) or selection.rows
        return BulkMoveForm(
            given,
            row=row,
            commitment=able[0].commitment,
            user=request.user,
            dossiers=[dossier_of(each.commitment) for each in able],
        )

    def _make_moves(
        self, user: User, row: Transition, selection: Selection, form: BulkMoveForm
    ) -> list[dict[str, list[str]]]:
        """Make the move for every row, each in a transaction of its own; returns the requirements not met."""
        unmet = []
        arguments = form.arguments()
        for each in selection.rows:
            try:
                change = apply_transition(
                    commitment=each.commitment, name=row.name, actor=user, **{**arguments, "seen": each.seen}
                )
            except RequirementsNotMet as missing:
                each.refused = str(missing)
                unmet.append(missing.errors)
            except (Refusal, PermissionDenied, Commitment.DoesNotExist) as refused:
                each.refused = str(refused)
                if isinstance(refused, IllegalTransition):
                    each.seen = self._last_number(each)
            else:
                each.refused, each.done = "", str(Status(change.to_status).label)
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
        beside = values.pop("beside")
        for each in selection.rows:
            others = [name for name in each.leads if name != values["agency"].short]
            if others and not beside and values["role"] == AssignmentRole.LEAD:
                each.refused = _("Left: %(agencies)s leads already.") % {"agencies": ", ".join(others)}
                continue
            try:
                assign(commitment=each.commitment, actor=request.user, **values)
            except (Refusal, PermissionDenied, Commitment.DoesNotExist) as refused:
                each.refused = str(refused)
            else:
                each.done = values["agency"].short
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
        faults = [(each.id_for_label, f"{each.label}: {error}") for each in form for error in each.errors]
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
            dossier = dossier_of(commitment)
            leads = (each for each in commitment.assignments.all() if each.role == AssignmentRole.LEAD)
            selected.append(
                Selected(
                    commitment=commitment,
                    seen=(seen or {}).get(commitment.pk, dossier.last.number),
                    leads=tuple(each.agency.short for each in leads),
                    moves=[
                        row
                        for row in TRANSITIONS.values()
                        if row.sources and not why_not(row, dossier, request.user)
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
