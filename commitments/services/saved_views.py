"""Keeping filters under a name: whoever keeps one changes it, others copy it."""

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
"""What one person keeps: everyone reads through what is shared with everyone."""


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
    """Keep ``query`` for ``owner``; with ``replace`` in the place of the view of that name, if there is one.

    Raises ``RequirementsNotMet``. Whether the query can be understood is for the caller to find out.
    """
    view = SavedView(owner=owner)
    if replace:
        view = SavedView.objects.filter(owner=owner, name=name.strip()).first() or view
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
    """Change one's own view. Raises ``PermissionDenied``, ``RequirementsNotMet``."""
    for_keeper(view, actor)
    return _write(view, name=name, query=query, description=description, shared_with=shared_with, role=role)


def delete_view(*, view: SavedView, actor: "User") -> None:
    """Take one's own view away, from everyone it was shared with too. Raises ``PermissionDenied``."""
    for_keeper(view, actor)
    view.delete()


@transaction.atomic
def copy_view(*, view: SavedView, actor: "User") -> SavedView:
    """A private copy for ``actor``, under the same name or the next free one."""
    taken = set(SavedView.objects.filter(owner=actor).values_list("name", flat=True))
    name, number = view.name, 1
    while name in taken:
        number += 1
        ending = f" ({number})"
        name = view.name[: 80 - len(ending)] + ending
    return _write(SavedView(owner=actor), name=name, query=view.query, description=view.description)


@transaction.atomic
def choose_default(*, user: "User", view: SavedView | None) -> None:
    """Open the list of ``user`` with ``view``, or with everything."""
    if view is None:
        DefaultView.objects.filter(user=user).delete()
    else:
        DefaultView.objects.update_or_create(user=user, defaults={"view": view})


def default_of(user: "User") -> SavedView | None:
    """The view with which the list of ``user`` opens, if it may still be used."""
    return SavedView.objects.visible_to(user).filter(default_of__user=user).first()


def for_keeper(view: SavedView, actor: "User") -> None:
    """Raise ``PermissionDenied`` unless ``actor`` keeps ``view``."""
    if view.owner_id != actor.pk:
        raise NotYours(_("Only the person who keeps a view changes it. Copy it instead."))


def _write(
    view: SavedView,
    *,
    name: str,
    query: str,
    description: str,
    shared_with: str = SharedWith.PRIVATE,
    role: str = "",
) -> SavedView:
    view.name, view.query, view.description = name.strip(), query, description.strip()
    view.shared_with, view.role = shared_with, role if shared_with == SharedWith.ROLE else ""
    if shared_with == SharedWith.ROLE and not role:
        raise RequirementsNotMet({"role": [_("Say with which role.")]})
    if view._state.adding and SavedView.objects.filter(owner=view.owner).count() >= MOST_VIEWS:
        raise RequirementsNotMet({"name": [_("You keep %(most)d views already.") % {"most": MOST_VIEWS}]})
    if SavedView.objects.filter(owner=view.owner, name=view.name).exclude(pk=view.pk).exists():
        raise RequirementsNotMet({"name": [_("You keep a view of that name already.")]})
    try:
        view.full_clean()
        with transaction.atomic():
            view.save()
    except ValidationError as error:
        raise RequirementsNotMet(error.message_dict) from error
    except IntegrityError as error:  # saved twice at the same moment
        raise RequirementsNotMet({"name": [_("You keep a view of that name already.")]}) from error
    return view
