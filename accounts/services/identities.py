"""The identities of a provider: the account of each, and the roles that follow from its groups."""

import re
from collections.abc import Collection
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.account_events import record_event
from accounts.choices import Role
from accounts.login_names import login_key
from accounts.models import User
from accounts.services.sessions import end_sessions
from accounts.services.tokens import revoke_all


class NoAccount(Exception):
    """Nobody is signed in. ``reason`` is for the log; the message is shown."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@transaction.atomic
def account_of(*, provider: str, uid: str, claims: dict[str, Any]) -> User:
    """The account of the identity ``uid`` with ``claims``, whose roles are brought up to date.

    An identity that is not known yet is joined to the account with its e-mail address, if the provider has
    verified that, and the account has no other identity. Raises ``NoAccount``.
    """
    identity = SocialAccount.objects.select_related("user").filter(provider=provider, uid=uid).first()
    groups = _groups(claims)
    account = identity.user if identity is not None else _by_address(claims) or _new(claims, groups)
    if identity is None:
        stored = {"iss": claims["iss"], "sub": claims["sub"]}
        SocialAccount.objects.create(user=account, provider=provider, uid=uid, extra_data=stored)
    if account.is_active:
        _apply(account, groups)
    account.forget_granted()
    return account


def forget_identity(*, account: User) -> int:
    """Unlink ``account`` from the provider; end its sessions, API tokens and calendar feeds. Return how many
    identities it had.

    Whoever signs in there next with its verified address is joined anew.
    """
    with transaction.atomic():
        identities = list(SocialAccount.objects.filter(user=account))
        for identity in identities:
            identity.delete()
        if identities:
            revoke_all(owner=account)
            end_sessions(account=account, sessions=account.sessions.all())
    return len(identities)


def _groups(claims: dict[str, Any]) -> frozenset[str]:
    """The groups of the claims. One that is no list of texts is none."""
    found = claims.get(settings.OIDC.groups_claim, [])
    return (
        frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()
    )


def _address(claims: dict[str, Any]) -> str:
    """The e-mail address, if the provider says that it has verified it."""
    address = claims.get("email")
    return address if isinstance(address, str) and claims.get("email_verified") is True else ""


def _by_address(claims: dict[str, Any]) -> User | None:
    address = _address(claims)
    found = User.objects.filter(email_key=login_key(address)).first() if address else None
    if found is None:
        return None
    account = User.objects.select_for_update(no_key=True).get(pk=found.pk)
    if SocialAccount.objects.filter(user=account).exists():
        raise NoAccount(
            "another identity",
            _(
                "The account with your e-mail address has another identity at the provider. Ask an "
                "administrator."
            ),
        )
    return account


def _new(claims: dict[str, Any], groups: Collection[str]) -> User:
    """A new account without a password, where the settings allow it and a group gives it a role."""
    if not settings.OIDC.signs_up:
        raise NoAccount(
            "no account",
            _("You have no account here. Ask an administrator to create one with your e-mail address."),
        )
    if not _roles_of(groups):
        raise NoAccount("no role", _("None of your groups has a role here. Ask an administrator."))
    account = User(
        username=_free_name(claims),
        email=_address(claims),
        first_name=str(claims.get("given_name") or "")[:150],
        last_name=str(claims.get("family_name") or "")[:150],
    )
    account.set_unusable_password()
    try:
        account.full_clean(exclude=["password", "username_key", "email_key"])
    except ValidationError:
        raise NoAccount(
            "name", _("Your name at the provider cannot be used here. Ask an administrator.")
        ) from None
    account.save()
    return account


def _free_name(claims: dict[str, Any]) -> str:
    """A username that names no other account: as at the provider, with a number if it is taken."""
    wanted = str(claims.get("preferred_username") or _address(claims).partition("@")[0] or claims["sub"])
    name = re.sub(r"[^\w.@+-]", "", wanted)[:140] or "account"
    taken, number = name, 1
    while User.objects.by_login(taken) is not None:
        number += 1
        taken = f"{name}-{number}"
    return taken


def _roles_of(groups: Collection[str]) -> set[str]:
    return {role for group, roles in settings.OIDC.roles.items() if group in groups for role in roles}


def _apply(account: User, groups: Collection[str]) -> None:
    """Give and take the roles that groups have. Other roles, clearance and desk are left alone."""
    governed = {role for roles in settings.OIDC.roles.values() for role in roles}
    given, has = _roles_of(groups), set(account.groups.values_list("name", flat=True)) & set(Role.values)
    lost, new = (has & governed) - given, given - has
    if not lost and not new:
        return
    record_event(account, {}, {"provider_groups": sorted(set(settings.OIDC.roles) & set(groups))})
    account.groups.remove(*Group.objects.filter(name__in=lost))
    account.groups.add(*Group.objects.filter(name__in=new))
