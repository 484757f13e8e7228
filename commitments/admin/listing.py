"""The admin's list of commitments: columns, order, search, and errors of unknown filters."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.admin.filters import FILTERS, BadFilter, filtered
from commitments.choices import AssignmentRole, PartyRole
from commitments.filtersets import LONGEST_SEARCH, CommitmentFilterSet
from commitments.models import Commitment
from commitments.querysets import BY_REFERENCE, NEVER, CommitmentQuerySet
from commitments.reports.row_relations import told_apart
from commitments.reports.rows import codes_in, deadline_on
from core import clock
from core.lists import listed
from core.whole_numbers import whole_number


class RegisterChangeList(ChangeList):
    """The rows, ordered by the filter set. An unknown parameter in the address is an error."""

    def get_filters(self, request: HttpRequest) -> Any:
        known = {each.parameter_name for each in FILTERS}
        unknown = [name for name in self.get_filters_params() if name not in known]
        if unknown:
            message = _("There is no filter “%(name)s”.")
            raise BadFilter({name: [message % {"name": name}] for name in unknown})
        return super().get_filters(request)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[str]:
        """Return the default order. The filter set applies the chosen one."""
        return list(BY_REFERENCE)

    def get_queryset(self, request: Any, exclude_parameters: Any = None) -> Any:
        rows: Any = super().get_queryset(request, exclude_parameters)
        filters = CommitmentFilterSet({"ordering": self.orders()}, user=request.user, queryset=rows)
        if errors := filters.faults:
            raise BadFilter(errors)
        rows = filters.qs.select_related("theme").defer("search_text", "theme__search_text")
        return rows.with_last_activity(filters.when).with_sides()

    def orders(self) -> str:
        """Return the chosen order in the terms of the filter set."""
        order = self.params.get(ORDER_VAR, "")
        names = []
        for part in filter(None, order.split(".")):
            _rest, minus, index = part.rpartition("-")
            place = whole_number(index)
            column = self.list_display[place] if place is not None and place < len(self.list_display) else ""
            if column not in COLUMNS:
                raise BadFilter({ORDER_VAR: [_("There is no sort order “%(name)s”.") % {"name": part}]})
            names.append(f"{minus}{COLUMNS[column]}")
        return ",".join(names)

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except IncorrectLookupParameters as error:
            raise Http404 from error
        if not self.show_all and self.page_num > self.paginator.num_pages:
            raise Http404


COLUMNS = {
    "reference": "reference",
    "title": "title",
    "status_shown": "status",
    "deadline_shown": "deadline",
    "last_activity_shown": "last_activity",
}
"""The columns by which the list can be sorted, with their names in the filter set."""


class ListPage(admin.ModelAdmin):
    """The list page. The number of queries does not depend on the number of rows."""

    list_display = [
        "reference",
        "title",
        "status_shown",
        "deadline_shown",
        "obligated_shown",
        "lead_shown",
        "last_activity_shown",
    ]
    list_display_links = ["reference", "title"]
    list_filter = FILTERS
    list_per_page = 50
    ordering = BY_REFERENCE
    search_fields = ["search_text"]
    search_help_text = gettext_lazy(
        "Searches reference, title, text, remarks, cited paragraphs, and the names of the theme, countries, "
        "agencies, mechanisms, places and people. Diacritics do not matter. “…” finds a phrase; -word "
        "excludes a word."
    )
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RegisterChangeList

    def get_queryset(self, request: Any) -> CommitmentQuerySet:
        """Return the commitments that the person may see. Every list of this admin uses this."""
        return Commitment.objects.visible_to(request.user).order_by(*self.ordering)

    def get_object(self, request: Any, object_id: str, from_field: Any = None) -> Commitment | None:
        """Return the commitment, also one that was entered in error: its own page still opens."""
        found: Commitment | None = super().get_object(request, object_id, from_field)
        if found is None and object_id.isdecimal():
            in_error = Commitment.objects.readable_by(request.user).filter(is_in_error=True)
            return in_error.filter(pk=object_id).first()
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except BadFilter as error:
            context = {
                **self.admin_site.each_context(request),
                "title": _("The list cannot be shown"),
                "opts": self.opts,
                "errors": error.errors,
            }
            return TemplateResponse(request, "admin/commitments/bad_filter.html", context, status=400)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search as the site does, for the list and for autocomplete fields."""
        words = search_term.strip()[:LONGEST_SEARCH]
        return (filtered(queryset, request.user, {"q": words}) if words else queryset), False

    # -- columns -----------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_shown(self, commitment: Commitment) -> SafeString:
        """The status as a shape and a word."""
        context = {"key": commitment.status, "label": commitment.get_status_display()}
        return _cell("components/status.html", context)

    @admin.display(description=gettext_lazy("Deadline"), ordering="deadline_latest")
    def deadline_shown(self, commitment: Commitment) -> SafeString:
        """The wording, the latest date, and whether it is overdue or due for review."""
        deadline = deadline_on(commitment, clock.today())
        return _cell("components/deadline.html", {"deadline": deadline})

    @admin.display(description=gettext_lazy("Responsible"))
    def obligated_shown(self, commitment: Commitment) -> str:
        """The codes of the responsible countries."""
        return listed(codes_in(commitment, PartyRole.OBLIGATED))

    @admin.display(description=gettext_lazy("Lead agency"))
    def lead_shown(self, commitment: Any) -> str:
        """The lead agencies, as on the list of the site."""
        agencies = [
            (each.agency.name, each.agency.acronym, each.agency.country.code)
            for each in commitment.assigned
            if each.role == AssignmentRole.LEAD
        ]
        leads = told_apart(agencies)
        return listed(lead.short for lead in leads)

    @admin.display(description=gettext_lazy("Last news"), ordering="pk")
    def last_activity_shown(self, commitment: Any) -> str:
        """The date of the last activity."""
        day = commitment.last_activity_on
        return "" if day == NEVER else date_format(day)


def _cell(template: str, context: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(template, context).strip())  # noqa: S308  (a template's own escaping)
