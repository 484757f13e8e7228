"""Recording and renaming the fields of policy under which commitments are filed."""

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
    """Record a theme; its key is made from its name where none is given.

    Raises ``PermissionDenied``, ``ValidationError`` by column.
    """
    require_right(actor, Right.EDIT_REFERENCE_DATA)
    theme = Theme()
    refuse(fill_new(theme, fields=fields, key=key))
    with refuse_duplicates():
        theme.save()
    return theme


@transaction.atomic
def change_theme(*, actor: "User", theme: Theme, fields: Mapping[str, Any], key: str | None = None) -> Theme:
    """Rename a theme; its key never changes. Raises ``PermissionDenied``, ``ValidationError`` by column."""
    require_right(actor, Right.EDIT_REFERENCE_DATA)
    kept = locked(theme)
    changed, faults = refill(kept, fields=fields, key=key)
    refuse(faults)
    if changed:
        with refuse_duplicates():
            kept.save(update_fields=changed)
    return kept
