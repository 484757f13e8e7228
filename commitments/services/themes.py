"""Creates and renames themes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.permissions import Right
from commitments.models import Theme
from relations.services.record_writers import (
    fill_new,
    locked,
    refill,
    refuse,
    refuse_duplicates,
    require_right,
)

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def create_theme(*, actor: "User", fields: Mapping[str, Any], key: str = "") -> Theme:
    """Create a theme. Without ``key``, its key is made from its name.

    Raises ``PermissionDenied``, and ``ValidationError`` with the errors of each field.
    """
    require_right(actor, Right.EDIT_REFERENCE_DATA)
    theme = Theme()
    refuse(fill_new(theme, fields=fields, key=key))
    with refuse_duplicates():
        theme.save()
    return theme


@transaction.atomic
def change_theme(*, actor: "User", theme: Theme, fields: Mapping[str, Any], key: str | None = None) -> Theme:
    """Rename a theme. Its key never changes.

    Raises ``PermissionDenied``, and ``ValidationError`` with the errors of each field.
    """
    require_right(actor, Right.EDIT_REFERENCE_DATA)
    locked_theme = locked(theme)
    changed, errors = refill(locked_theme, fields=fields, key=key)
    refuse(errors)
    if changed:
        with refuse_duplicates():
            locked_theme.save(update_fields=changed)
    return locked_theme
