"""Gives clearances and desks, which decide what an account may read."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Clearance, Role
from accounts.models import User
from accounts.permissions import Right


def require_clearer(actor: User, account: User) -> None:
    """Raise ``PermissionDenied`` unless ``actor`` may give ``account`` a clearance: nobody does so for
    themselves.
    """
    if not actor.may(Right.GIVE_CLEARANCE):
        raise PermissionDenied(_("Only a security officer gives clearances and desks."))
    if actor.pk == account.pk:
        raise PermissionDenied(_("Nobody gives themselves a clearance. Ask another security officer."))


def require_not_above(actor: User, account: User) -> None:
    """Raise ``PermissionDenied`` if ``account`` may read what ``actor`` may not.

    Whoever makes a link for its password, or resets its second step, could then sign in with it. A security
    officer lowers the clearance first: so two persons are needed.
    """
    is_above = (
        account.clearance > actor.clearance
        or (Role.SECURITY_OFFICER in account.roles and Role.SECURITY_OFFICER not in actor.roles)
        or (actor.desk.is_confined and account.desk != actor.desk)
    )
    if is_above:
        raise PermissionDenied(
            _(
                "This account may read more than you. Ask a security officer to take its clearance or its "
                "role away first, and to give them back afterwards."
            )
        )


@transaction.atomic
def give_clearance(
    *,
    actor: User,
    account: User,
    clearance: int,
    countries: Collection[Any] = (),
    mechanisms: Collection[Any] = (),
    is_security_officer: bool | None = None,
) -> User:
    """Set the clearance and the desk of ``account``; with ``is_security_officer``, that role too.

    ``countries`` and ``mechanisms`` replace those of the desk; without any, the account is not confined.
    Raises ``PermissionDenied``, and ``ValidationError`` by field.
    """
    require_clearer(actor, account)
    if clearance not in Clearance.values:
        raise ValidationError({"clearance": [_("There is no such clearance.")]})
    if any(country.code == settings.HOME_COUNTRY for country in countries):
        raise ValidationError({"desk_countries": [_("Everything concerns the home country: leave it out.")]})
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if locked.clearance != clearance:
        locked.clearance = clearance
        locked.save(update_fields=["clearance"])
    locked.desk_countries.set(countries)
    locked.desk_mechanisms.set(mechanisms)
    if is_security_officer is not None:
        change = locked.groups.add if is_security_officer else locked.groups.remove
        change(Group.objects.get(name=Role.SECURITY_OFFICER))
    return locked


def confine_like(account: User, actor: User) -> None:
    """Give ``account``, which ``actor`` just made, the desk of ``actor``: it reads no more than its maker.

    A security officer can widen it.
    """
    if actor.desk.is_confined:
        account.desk_countries.set(actor.desk_countries.all())
        account.desk_mechanisms.set(actor.desk_mechanisms.all())


def has_security_officer(*, other_than: User | None = None) -> bool:
    """Whether any open account is a security officer. Until then administrators may name the first one."""
    found = User.objects.filter(is_active=True, groups__name=Role.SECURITY_OFFICER)
    return (found if other_than is None else found.exclude(pk=other_than.pk)).exists()


def is_last_security_officer(account: User) -> bool:
    """Whether no other open account is a security officer.

    Such an account is neither closed nor deleted, or an administrator could then name anybody.
    """
    return Role.SECURITY_OFFICER in account.roles and not has_security_officer(other_than=account)
