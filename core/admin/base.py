"""What every page of the admin has in common: rights by role, conflicts, history, deletion, days."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from core.admin.autocomplete import SEARCH_SCRIPT, SearchedFields
from core.admin.deletion import CarefulDeletion
from core.admin.edit_conflicts import VersionedAdmin
from core.admin.history import HistoryPage
from core.admin.rights import RoleAccess
from core.admin.titles import TitledPages
from core.filters import IsoDateField

DAYS: dict[Any, dict[str, Any]] = {
    models.DateField: {"form_class": IsoDateField, "widget": IsoDateField.widget}
}
"""A day is written 2026-01-31 whatever the language, and picked in the browser's own calendar."""


class RegisterAdmin(TitledPages, RoleAccess, SearchedFields, VersionedAdmin, HistoryPage, CarefulDeletion):
    """An admin for records that people edit in place. What may not be seen is not there: 404."""

    formfield_overrides = DAYS
    list_per_page = 50

    class Media:
        css = {"all": ["admin_site/workflow.css"]}
        js = [SEARCH_SCRIPT]

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


class RegisterInline(RoleAccess, SearchedFields, admin.TabularInline):
    """Rows of a record, under the same rights as the record."""

    template = "admin/rows.html"
    extra = 0
    formfield_overrides = DAYS


class RegisterStackedInline(RoleAccess, SearchedFields, admin.StackedInline):
    """Rows of a record, one below the other."""

    extra = 0
    formfield_overrides = DAYS
