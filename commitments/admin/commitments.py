"""The admin of commitments: the list, and the page of a commitment with its rows, actions and timeline."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from accounts.admin.cleared_history import ClearedHistory
from accounts.permissions import Right
from commitments.admin.bulk import BulkActions
from commitments.admin.editing import CommitmentAdminForm
from commitments.admin.inlines import INLINES
from commitments.admin.listing import ListPage
from commitments.admin.registration import RegistrationPage
from commitments.admin.timeline import timeline_of
from commitments.admin.workflow import WorkflowPages, transition_actions
from commitments.choices import CLOSED, MEANINGS, PartyRole, Status
from commitments.models import Commitment, Evidence
from commitments.querysets import AsOf
from commitments.reports.actions import correction_actions, record_actions
from commitments.reports.rows import deadline_on
from commitments.services.editing import change_countries, countries_in
from commitments.services.policy import edit_refusal, fixed_because, may_edit
from commitments.services.progress import add_evidence
from core.admin.base import RegisterAdmin
from core.edit_conflicts import SEEN
from core.form_snapshots import Snapshot
from core.lists import all_of


@admin.register(Commitment)
class CommitmentAdmin(BulkActions, ListPage, RegistrationPage, WorkflowPages, ClearedHistory, RegisterAdmin):
    """The admin of commitments. They are never deleted, but superseded or dropped."""

    edit_right = Right.EDIT_REGISTER
    form = CommitmentAdminForm
    change_form_template = "admin/commitments/commitment/change_form.html"
    autocomplete_fields = ["officer", "outcome_meeting", "related"]
    inlines = INLINES
    history_rows = ["mentions", "parties", "assignments", "target", "readings"]
    readonly_fields = ["parties_shown", "deadline_window_shown"]
    fieldsets = [
        (None, {"fields": ["title", "text", ("nature", "theme")]}),
        (gettext_lazy("Countries"), {"fields": ["parties_shown", "obligated", "beneficiaries"]}),
        (gettext_lazy("Deadline"), {"fields": ["deadline_window_shown", "outcome_meeting"]}),
        (gettext_lazy("Other details"), {"fields": ["officer", "related", "remarks", "classification"]}),
    ]
    shown_as = {"obligated": "obligated_countries", "beneficiaries": "beneficiary_countries"}
    """Fields of the form that are no fields of the record, and what shows them where they are read-only."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Return whether the person may edit: officers, and reviewers a closed commitment."""
        return self.may_edit(request) if obj is None else may_edit(request.user, obj)

    def _read_only(self, request: Any, obj: Any) -> frozenset[str]:
        """The fields of the form that the person cannot edit; on saving, those that the form did not have.

        If the status has changed meanwhile, the form itself refuses what cannot be edited any more.
        """
        if obj is None:
            return frozenset()
        names = [*CommitmentAdminForm.Meta.fields, *self.shown_as]
        if request.method == "POST":
            shown = Snapshot.read(request.POST.get(SEEN, "")).fields or request.POST
            return frozenset(name for name in names if name not in shown)
        return frozenset(name for name in names if edit_refusal(obj, request.user, [name], reason="-"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the fields that the person cannot edit."""
        read_only = sorted(self.shown_as.get(name, name) for name in self._read_only(request, obj))
        return [*super().get_readonly_fields(request, obj), *read_only]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say above the fields why some are read-only, and ask for the reason of a correction."""
        read_only = self._read_only(request, obj)
        shown_as = {name: shown for name, shown in self.shown_as.items() if name in read_only}
        fieldsets: Any = super().get_fieldsets(request, obj)
        (first, options), *rest = [
            (title, {**options, "fields": [shown_as.get(name, name) for name in options["fields"]]})
            for title, options in fieldsets
        ]
        if obj is not None and self.has_change_permission(request, obj):
            options["description"] = fixed_because(obj.status)
            if obj.status in CLOSED and "title" not in read_only:
                options["fields"].append("reason")
        return [(first, options), *rest]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        read_only = self._read_only(request, obj)
        if obj is None or obj.status not in CLOSED:
            read_only |= {"reason"}
        return type(form.__name__, (form,), {"editor": request.user, "read_only": read_only})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "related" and field is not None:
            field.widget.can_add_related = False
        return field

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        now, visible = AsOf.now(), Commitment.objects.visible_to(request.user)
        commitment = Commitment.objects.at(now).get(pk=context["original"].pk)
        context |= {
            "commitment": commitment,
            "successor": visible.filter(pk=commitment.successor_id or 0).first(),
            "predecessors": visible.filter(successor=commitment.pk),
            "deadline": deadline_on(commitment, now.day),
            "meaning": MEANINGS[Status(commitment.status)],
            "last": commitment.status_changes.select_related("actor").order_by("-number").first(),
            "transitions": transition_actions(commitment, request.user),
            "records": record_actions(commitment, request.user).buttons,
            "corrections": correction_actions(commitment, request.user),
            "timeline": timeline_of(commitment, request.user, now),
        }
        # A read-only page lists them itself, and must not name those that the person may not see.
        prefetch_related_objects([context["original"]], Prefetch("related", visible))
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.is_refused:
            response.status_code = HTTPStatus.CONFLICT
        return response

    # -- writing -------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep the reason of a correction in the field history."""
        obj._change_reason = form.cleaned_data.get("reason") or None
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the countries through ``change_countries``."""
        super().save_related(request, form, formsets, change)
        changed = self.shown_as.keys() & set(form.changed_data)
        if changed:
            countries = {name: list(form.cleaned_data[name]) for name in changed}
            change_countries(commitment=form.instance, actor=request.user, **countries)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Save new evidence through ``add_evidence``."""
        if formset.model is not Evidence:
            super().save_formset(request, form, formset, change)
            return
        for piece in formset.save(commit=False):
            values = {name: getattr(piece, name) for name in ("title", "url", "type", "dated_on")}
            add_evidence(commitment=form.instance, actor=request.user, **values)

    # -- read-only fields ----------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("Parties"))
    def parties_shown(self, commitment: Commitment) -> str:
        """The parties. They cannot be changed: the reference contains their codes."""
        return _names(commitment, PartyRole.PARTY)

    @admin.display(description=gettext_lazy("Responsible"))
    def obligated_countries(self, commitment: Commitment) -> str:
        """The responsible countries."""
        return _names(commitment, PartyRole.OBLIGATED)

    @admin.display(description=gettext_lazy("Beneficiary"))
    def beneficiary_countries(self, commitment: Commitment) -> str:
        """The countries that benefit."""
        return _names(commitment, PartyRole.BENEFICIARY) or "–"

    @admin.display(description=gettext_lazy("Deadline"))
    def deadline_window_shown(self, commitment: Commitment) -> SafeString:
        """The wording and the dates that it can mean. It is changed on a page of its own."""
        html = render_to_string("admin/commitments/commitment/deadline.html", {"commitment": commitment})
        return mark_safe(html)  # noqa: S308  (a template's own escaping)


def _names(commitment: Commitment, role: PartyRole) -> str:
    return all_of(country.name for country in countries_in(commitment, role))
