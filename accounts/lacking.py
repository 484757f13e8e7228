"""What a form needs and the register does not have yet: who adds it, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.permissions import RIGHTS, Right
from core.lists import one_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Lack:
    """Records of which there are none. ``url`` is where the user adds one; "" if others do."""

    message: str
    url: str


def lacking_in(
    fields: Iterable[forms.Field], user: "User", *, also: Iterable[type[Model]] = ()
) -> tuple[Lack, ...]:
    """The kinds of records without any, of those ``also`` and those that a required one of ``fields`` offers.

    Of records that not everybody may see, only those count that ``user`` may: nobody is told of others.
    """
    chosen = (getattr(each, "queryset", None) for each in fields if each.required)
    models = dict.fromkeys([*(each.model for each in chosen if each is not None), *also])
    return tuple(
        _lack_of(model, right, user)
        for model in models
        if (right := _right_to_add(model)) is not None and not _visible(model, user).exists()
    )


def roles_with(right: Right) -> str:
    """The roles that have ``right``, in words: “Officer or Administrator”."""
    return one_of(role.label for role in Role if role in RIGHTS[right])


def _right_to_add(model: type[Model]) -> Right | None:
    found: Any = admin.site._registry.get(model)
    return getattr(found, "edit_right", None)


def _visible(model: type[Model], user: "User") -> Any:
    rows: Any = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def _lack_of(model: type[Model], right: Right, user: "User") -> Lack:
    options = model._meta
    if hasattr(model._default_manager.all(), "visible_to"):
        message = _("The register has no %(records)s yet that you can see, and this form needs one of them.")
    else:
        message = _("The register has no %(records)s yet, and this form needs one of them.")
    told = message % {"records": options.verbose_name_plural}
    if user.may(right):
        return Lack(told, reverse(f"admin:{options.app_label}_{options.model_name}_add"))
    added_by = _("They are added by: %(roles)s.") % {"roles": roles_with(right)}
    return Lack(" ".join((told, added_by)), "")
