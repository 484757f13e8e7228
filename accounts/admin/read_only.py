"""What lists for administrators have in common: nobody adds, changes or deletes a row."""

from django.contrib import admin

from accounts.permissions import Right
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.titles import PageTitles


class ReadOnlyForAdministrators(PageTitles, OfferedLookups, RolePermissions, admin.ModelAdmin):
    """A list that only administrators see."""

    view_right = Right.MANAGE_USERS
    list_per_page = 50
    change_form_template = "admin/read_only.html"

    class Media:
        css = {"all": ["admin_site/workflow.css"]}


def names_of(relation: str) -> list[str]:
    """The fields by which the account behind ``relation`` is searched."""
    return [f"{relation}__{field}" for field in ("username", "first_name", "last_name", "email")]
