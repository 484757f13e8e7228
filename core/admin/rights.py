"""Permissions in the admin follow from roles, not from Django's model permissions."""

from typing import Any, ClassVar

from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.http import HttpRequest


class RolePermissions(BaseModelAdmin):
    """For a ModelAdmin or an inline: rights by role.

    ``edit_right`` is needed to add, change and delete; if it is None, nobody may. ``view_right`` is needed to
    view; if it is None, everybody who may enter the admin may view.
    """

    edit_right: ClassVar[Any] = None
    view_right: ClassVar[Any] = None

    def may_edit(self, request: HttpRequest) -> bool:
        """Return whether the signed-in person has ``edit_right``."""
        return self.edit_right is not None and request.user.may(self.edit_right)  # type: ignore[union-attr]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if self.view_right is not None:
            return request.user.may(self.view_right)  # type: ignore[union-attr]
        return bool(self.admin_site.has_permission(request))

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(request)
