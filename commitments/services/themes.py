"""Creates and renames themes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

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


STARTER_THEMES = {
    "border": gettext_lazy("Border and territory"),
    "consular": gettext_lazy("Consular affairs and nationals abroad"),
    "culture": gettext_lazy("Culture, education and sport"),
    "defence": gettext_lazy("Defence and security"),
    "economy": gettext_lazy("Trade and investment"),
    "energy": gettext_lazy("Energy and natural resources"),
    "environment": gettext_lazy("Environment, water and climate"),
    "health": gettext_lazy("Health and social affairs"),
    "justice": gettext_lazy("Justice and law enforcement"),
    "politics": gettext_lazy("Political relations"),
    "transport": gettext_lazy("Transport and infrastructure"),
}
"""Themes that most registers have, by key. They can be renamed."""


@transaction.atomic
def take_starter_themes(*, actor: "User") -> int:
    """Create those of ``STARTER_THEMES`` whose key and name are free. Return their number.

    Raises ``PermissionDenied``.
    """
    require_right(actor, Right.EDIT_REFERENCE_DATA)
    names = {key: str(name) for key, name in STARTER_THEMES.items()}
    taken = Theme.objects.filter(Q(slug__in=names) | Q(name__in=names.values()))
    known = {value for theme in taken for value in (theme.slug, theme.name)}
    new = [(key, name) for key, name in names.items() if not known & {key, name}]
    for key, name in new:
        create_theme(actor=actor, fields={"name": name}, key=key)
    return len(new)


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
