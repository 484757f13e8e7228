"""What every page of the admin has in common: rights by role, both versions of a conflict, history, deletion."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse

from core.admin_autocomplete import LIMITED_BY, SearchedFields
from core.admin_deletion import CarefulDeletion
from core.admin_history import HistoryPage
from core.admin_rights import RoleAccess
from core.admin_versions import VersionedAdmin


class DeskAdmin(RoleAccess, SearchedFields, VersionedAdmin, HistoryPage, CarefulDeletion):
    """An admin for records that people edit in place. What may not be seen is not there: 404."""

    list_per_page = 50
    save_on_top = False
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin-workflow.css"]}
        js = [LIMITED_BY]

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


class DeskInline(RoleAccess, SearchedFields, admin.TabularInline):
    """Rows of a record, under the same rights as the record."""

    extra = 0


class DeskStackedInline(RoleAccess, SearchedFields, admin.StackedInline):
    """Rows of a record, one below the other."""

    extra = 0
