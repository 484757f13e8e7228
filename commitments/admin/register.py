"""The admin of the register itself: its title, which stands at the foot of every page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.permissions import Right
from commitments.models import Register
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles


@admin.register(Register)
class RegisterTitleAdmin(PageTitles, RolePermissions, PlainTexts, admin.ModelAdmin):
    """The title and the date of the register. There is one register."""

    edit_right = Right.EDIT_REFERENCE_DATA
    fields = ["title", "as_of"]
    readonly_fields = ["as_of"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether there is no register yet."""
        return super().has_add_permission(request) and not Register.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
