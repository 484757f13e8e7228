"""Who may do what in the admin: the rights of the account's roles, never Django's model permissions."""

from typing import Any, ClassVar

from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.http import HttpRequest


class RoleAccess(BaseModelAdmin):
    """Whoever may enter may view; ``edit_right`` is what it takes to add, change or delete.

    For a ModelAdmin and for its inlines alike. Without ``edit_right`` nobody edits. ``view_right`` narrows
    who may view.
    """

    edit_right: ClassVar[Any] = None
    view_right: ClassVar[Any] = None

    def may_edit(self, request: HttpRequest) -> bool:
        """Whether the person behind ``request`` holds the right."""
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
