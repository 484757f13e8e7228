"""Commitments in the admin: the list, the record with its rows, its moves and its timeline."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Right
from commitments.admin.bulk import BulkActions
from commitments.admin.editing import CommitmentForm
from commitments.admin.inlines import INLINES
from commitments.admin.listing import ListPage
from commitments.admin.registration import RegistrationPage
from commitments.admin.timeline import timeline_of
from commitments.admin.workflow import WorkflowPages, record_actions, transition_actions
from commitments.choices import MEANINGS, PartyRole, Status
from commitments.models import Commitment, Evidence
from commitments.querysets import AsOf
from commitments.reports.rows import deadline_on
from commitments.services.editing import change_countries, countries_in
from commitments.services.progress import add_evidence
from core import clock
from core.admin.base import RegisterAdmin


@admin.register(Commitment)
class CommitmentAdmin(BulkActions, ListPage, RegistrationPage, WorkflowPages, RegisterAdmin):
    """The register as staff live in it. There is no deletion: a commitment is superseded or dropped."""

    edit_right = Right.EDIT_REGISTER
    form = CommitmentForm
    change_form_template = "admin/commitments/commitment/change_form.html"
    autocomplete_fields = ["outcome_meeting", "related"]
    inlines = INLINES
    history_rows = ["mentions", "parties", "assignments", "target", "readings"]
    readonly_fields = ["parties_shown", "deadline_window_shown"]
    fieldsets = [
        (None, {"fields": ["title", "text", ("nature", "theme")]}),
        (gettext_lazy("Between whom"), {"fields": ["parties_shown", "obligated", "beneficiaries"]}),
        (gettext_lazy("By when"), {"fields": ["deadline_window_shown", "outcome_meeting"]}),
        (gettext_lazy("Besides"), {"fields": ["related", "remarks", "classification"]}),
    ]
    fields_to_read = {"obligated": "obligated_countries", "beneficiaries": "beneficiary_countries"}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """For those who only read, the countries that are chosen in the form are named instead."""
        more = () if self.may_edit(request) else tuple(self.fields_to_read.values())
        return [*super().get_readonly_fields(request, obj), *more]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.may_edit(request):
            return fieldsets
        return [
            (title, {**options, "fields": self._to_read(options["fields"])}) for title, options in fieldsets
        ]

    def _to_read(self, names: Any) -> list[Any]:
        return [self.fields_to_read.get(name, name) if isinstance(name, str) else name for name in names]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "related" and field is not None:
            field.widget.can_add_related = False
        return field

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        today, visible = clock.today(), Commitment.objects.visible_to(request.user)
        now = AsOf(today, today)
        judged = Commitment.objects.at(now).get(pk=context["original"].pk)
        context |= {
            "commitment": judged,
            "successor": visible.filter(pk=judged.successor_id or 0).first(),
            "predecessors": visible.filter(successor=judged.pk),
            "deadline": deadline_on(judged, today),
            "meaning": MEANINGS[Status(judged.status)],
            "last": judged.status_changes.select_related("actor").order_by("-number").first(),
            "moves": transition_actions(judged, request.user),
            "records": record_actions(judged, request.user),
            "timeline": timeline_of(judged, request.user, now),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # -- writing -----------------------------------------------------------------------------------------

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Countries through their writer."""
        super().save_related(request, form, formsets, change)
        commitment = form.instance
        if {"obligated", "beneficiaries"} & set(form.changed_data):
            change_countries(
                commitment=commitment,
                actor=request.user,
                obligated=list(form.cleaned_data["obligated"]),
                beneficiaries=list(form.cleaned_data["beneficiaries"]),
            )

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """New evidence through its writer, everything else as it stands."""
        if formset.model is not Evidence:
            super().save_formset(request, form, formset, change)
            return
        for piece in formset.save(commit=False):
            given = {name: getattr(piece, name) for name in ("title", "url", "type", "dated_on")}
            add_evidence(commitment=form.instance, actor=request.user, **given)

    # -- what is read in the form --------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("between"))
    def parties_shown(self, commitment: Commitment) -> str:
        """The parties, which stay: the reference is made of them."""
        return _names(commitment, PartyRole.PARTY)

    @admin.display(description=gettext_lazy("must act"))
    def obligated_countries(self, commitment: Commitment) -> str:
        """Who must act."""
        return _names(commitment, PartyRole.OBLIGATED)

    @admin.display(description=gettext_lazy("gains"))
    def beneficiary_countries(self, commitment: Commitment) -> str:
        """Who gains."""
        return _names(commitment, PartyRole.BENEFICIARY) or "–"

    @admin.display(description=gettext_lazy("deadline"))
    def deadline_window_shown(self, commitment: Commitment) -> SafeString:
        """As worded, and the days it can mean; changed on a page of its own: the old one stays on record."""
        html = render_to_string("admin/commitments/commitment/window.html", {"commitment": commitment})
        return mark_safe(html)  # noqa: S308  (a template's own escaping)


def _names(commitment: Commitment, role: PartyRole) -> str:
    return get_text_list([country.name for country in countries_in(commitment, role)], _("and"))
