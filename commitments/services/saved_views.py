"""Saving views. The owner can change a view; others can copy it."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commitments.choices import SharedWith
from commitments.models import DefaultView, SavedView
from commitments.services.errors import NotYours, RequirementsNotMet

if TYPE_CHECKING:
    from accounts.models import User


MOST_VIEWS = 200
"""Largest number of views of one user."""


@transaction.atomic
def save_view(
    *,
    owner: "User",
    name: str,
    query: str,
    description: str = "",
    shared_with: str = SharedWith.PRIVATE,
    role: str = "",
    replace: bool = False,
) -> SavedView:
    """Save ``query`` as a view of ``owner``. With ``replace``, overwrite the owner's view of the same name.

    Raises ``RequirementsNotMet``. The caller validates the query.
    """
    view = SavedView(owner=owner)
    if replace:
        view = SavedView.objects.filter(owner=owner, name=name).first() or view
    return _write(view, name=name, query=query, description=description, shared_with=shared_with, role=role)


@transaction.atomic
def edit_view(
    *,
    view: SavedView,
    actor: "User",
    name: str,
    query: str,
    description: str = "",
    shared_with: str = SharedWith.PRIVATE,
    role: str = "",
) -> SavedView:
    """Change a view of ``actor``. Raises ``PermissionDenied`` and ``RequirementsNotMet``."""
    require_owner(view, actor)
    return _write(view, name=name, query=query, description=description, shared_with=shared_with, role=role)


def delete_view(*, view: SavedView, actor: "User") -> None:
    """Delete a view of ``actor``, for everyone it was shared with. Raises ``PermissionDenied``."""
    require_owner(view, actor)
    view.delete()


@transaction.atomic
def copy_view(*, view: SavedView, actor: "User") -> SavedView:
    """Make a private copy for ``actor``, with the same name or the next free one."""
    taken = set(SavedView.objects.filter(owner=actor).values_list("name", flat=True))
    name, number = view.name, 1
    while name in taken:
        number += 1
        ending = f" ({number})"
        name = view.name[: 80 - len(ending)] + ending
    return _write(SavedView(owner=actor), name=name, query=view.query, description=view.description)


@transaction.atomic
def choose_default(*, user: "User", view: SavedView | None) -> None:
    """Make ``view`` the default view of ``user``; with None, remove the default view."""
    if view is None:
        DefaultView.objects.filter(user=user).delete()
    else:
        DefaultView.objects.update_or_create(user=user, defaults={"view": view})


def default_of(user: "User") -> SavedView | None:
    """The default view of ``user``, if the user can still see it."""
    return SavedView.objects.visible_to(user).filter(default_of__user=user).first()


def require_owner(view: SavedView, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` owns ``view``."""
    if view.owner_id != actor.pk:
        raise NotYours(_("Only the owner can change this view. Copy it instead."))


def _write(
    view: SavedView,
    *,
    name: str,
    query: str,
    description: str,
    shared_with: str = SharedWith.PRIVATE,
    role: str = "",
) -> SavedView:
    view.name, view.query, view.description = name, query, description
    view.shared_with, view.role = shared_with, role if shared_with == SharedWith.ROLE else ""
    if shared_with == SharedWith.ROLE and not role:
        raise RequirementsNotMet({"role": [_("Choose a role.")]})
    if view._state.adding and SavedView.objects.filter(owner=view.owner).count() >= MOST_VIEWS:
        raise RequirementsNotMet(
            {"name": [_("You have %(most)d saved views already. Delete one first.") % {"most": MOST_VIEWS}]}
        )
    if SavedView.objects.filter(owner=view.owner, name=view.name).exclude(pk=view.pk).exists():
        raise RequirementsNotMet({"name": [_("You already have a view with this name.")]})
    try:
        view.full_clean()
        with transaction.atomic():
            view.save()
    except ValidationError as error:
        raise RequirementsNotMet(error.message_dict) from error
    except IntegrityError as error:  # saved twice at the same time
        raise RequirementsNotMet({"name": [_("You already have a view with this name.")]}) from error
    return view
