"""The admin of the register itself: its title, which stands at the foot of every page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.permissions import Right
from commitments.models import Register
from core.admin.lookups import OfferedLookups
from core.admin.rights import RolePermissions
from core.admin.texts import PlainTexts
from core.admin.titles import PageTitles


@admin.register(Register)
class RegisterTitleAdmin(PageTitles, OfferedLookups, RolePermissions, PlainTexts, admin.ModelAdmin):
    """The title and the date of the register. There is one register."""

    edit_right = Right.EDIT_REFERENCE_DATA
    readonly_fields = ["as_of"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Without the date, which only a file sets, where there is none."""
        return ["title", "as_of"] if obj is not None and obj.as_of else ["title"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(
            request, {**context, "show_save_and_add_another": False}, *args, **kwargs
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether there is no register yet."""
        return super().has_add_permission(request) and not Register.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
