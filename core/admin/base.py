"""Base classes of the admin: rights by role, edit conflicts, history, deletion and date fields."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from core.admin.autocomplete import AUTOCOMPLETE_SCRIPT, AutocompleteFields
from core.admin.deletion import SafeDeletion
from core.admin.edit_conflicts import VersionedAdmin
from core.admin.history import HistoryPage
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles
from core.filters import IsoDateField

DATE_FIELDS: dict[Any, dict[str, Any]] = {
    models.DateField: {"form_class": IsoDateField, "widget": IsoDateField.widget}
}
"""Dates are written as 2026-01-31 in every language and chosen in the browser's own calendar."""


class RegisterAdmin(
    PageTitles,
    OfferedLookups,
    RolePermissions,
    PlainTexts,
    AutocompleteFields,
    VersionedAdmin,
    HistoryPage,
    SafeDeletion,
):
    """The admin of a record that people edit. A record that the person may not see is a 404."""

    formfield_overrides = DATE_FIELDS
    list_per_page = 50

    class Media:
        css = {"all": ["admin_site/workflow.css"]}
        js = [AUTOCOMPLETE_SCRIPT]

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


class RegisterInline(RolePermissions, PlainTexts, AutocompleteFields, admin.TabularInline):
    """Rows of a record in a table, with rights by role."""

    template = "admin/rows.html"
    extra = 0
    formfield_overrides = DATE_FIELDS


class RegisterStackedInline(RolePermissions, PlainTexts, AutocompleteFields, admin.StackedInline):
    """Rows of a record, one below the other, with rights by role."""

    extra = 0
    formfield_overrides = DATE_FIELDS
