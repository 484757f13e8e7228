"""Bulk actions on the admin's list of commitments: they select rows, and lead to the pages of a bulk job."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from accounts.permissions import Right
from commitments.admin.filters import FILTERS, GROUPS
from commitments.services.bulk import select
from commitments.services.errors import RequirementsNotMet
from commitments.services.policy import has_any_transition


def query_on_the_site(parameters: QueryDict) -> str:
    """The filter of the admin's list in the parameters of the list on the site."""
    query = QueryDict(mutable=True)
    for name in [SEARCH_VAR, *(str(each.parameter_name) for each in FILTERS)]:
        values = [value for value in parameters.getlist(name) if value]
        if name == "group":
            for value in values:
                query.update(GROUPS[value][1])
        elif values:
            query.setlist(name, [*query.getlist(name), *values])
    return query.urlencode()


class BulkActions(admin.ModelAdmin):
    """The two actions of the list. Each stores the selected rows as a job; its pages do the rest."""

    actions = ["move_selected", "assign_selected"]

    def has_move_permission(self, request: Any) -> bool:
        """Return whether the person may make any transition."""
        return has_any_transition(request.user)

    def has_assign_permission(self, request: Any) -> bool:
        """Return whether the person may assign agencies."""
        return bool(request.user.may(Right.ASSIGN))

    @admin.action(
        description=gettext_lazy("Change the status of the selected commitments…"), permissions=["move"]
    )
    def move_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Lead to the choice of the action, with the number of rows for which each is possible."""
        return self._select(request, queryset, "bulk_job")

    @admin.action(
        description=gettext_lazy("Assign an agency to the selected commitments…"), permissions=["assign"]
    )
    def assign_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Lead to the form that asks for the agency, the role and the focal point."""
        return self._select(request, queryset, "bulk_assign")

    def _select(self, request: Any, queryset: Any, page: str) -> HttpResponse | None:
        """Store the rows as a job and lead to ``page``. A refused selection leads back to the list."""
        try:
            job = select(owner=request.user, commitments=queryset, came_from=query_on_the_site(request.GET))
        except RequirementsNotMet as refused:
            messages.error(request, str(refused))
            return None
        return redirect(page, job.pk)
