"""Every change of an account's rights or sign-in leaves an account event, whichever door it came through."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from accounts.models import AccountEvent, ApiToken, PasswordLink, User

_FIELDS = ("username", "email", "is_active", "is_superuser", "clearance", "agency_id")


_GRANTED: dict[Any, tuple[str, Callable[[User], Iterable[str]]]] = {
    User.groups.through: ("roles", lambda account: account.groups.values_list("name", flat=True)),
    User.desk_countries.through: (
        "desk_countries",
        lambda account: account.desk_countries.values_list("code", flat=True),
    ),
    User.desk_mechanisms.through: (
        "desk_mechanisms",
        lambda account: account.desk_mechanisms.values_list("slug", flat=True),
    ),
}
"""What is granted by a row of its own: its name in an event, and the names of what an account has."""


def record_event(account: User, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Write the fields in which ``before`` and ``after`` differ; nothing where they do not."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if names:
        AccountEvent.objects.create(
            account_number=account.pk,
            account=account.username,
            actor=_actor(),
            before={name: before[name] for name in names if name in before},
            after={name: after[name] for name in names if name in after},
        )


def record_event_of_all(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Write what concerns all accounts; nothing where ``before`` and ``after`` do not differ."""
    if before != after:
        AccountEvent.objects.create(account_number=0, actor=_actor(), before=before, after=after)


def _actor() -> User | None:
    """Who is signed in where this happens; nobody for a command, and for somebody who is signing in."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.pk else None


def _facts(account: User) -> dict[str, Any]:
    return {name: getattr(account, name) for name in _FIELDS}


@receiver(pre_save, sender=User)
def _remember(instance: User, raw: bool, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    instance._before = None  # type: ignore[attr-defined]
    # Sign-in itself saves the day of the last sign-in and nothing else.
    if not raw and (update_fields is None or not update_fields.isdisjoint({*_FIELDS, "agency", "password"})):
        stored = User.objects.filter(pk=instance.pk).first() if instance.pk else None
        instance._before = _facts(stored) if stored else {}  # type: ignore[attr-defined]
        instance._new_password = instance.has_new_password()  # type: ignore[attr-defined]


@receiver(post_save, sender=User)
def _saved(instance: User, created: bool, **_: Any) -> None:
    if instance._before is None:  # type: ignore[attr-defined]
        return
    after = _facts(instance)
    if instance._new_password and not created:  # type: ignore[attr-defined]
        after["new_password"] = True
    record_event(instance, instance._before, after)  # type: ignore[attr-defined]


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.desk_countries.through)
@receiver(m2m_changed, sender=User.desk_mechanisms.through)
def _granted(instance: Any, sender: Any, action: str, reverse: bool, **_: Any) -> None:
    if reverse or action not in (
        "pre_add",
        "pre_remove",
        "pre_clear",
        "post_add",
        "post_remove",
        "post_clear",
    ):
        return
    kind, names = _GRANTED[sender]
    now = {kind: sorted(names(instance))}
    if action.startswith("pre_"):
        instance._granted_before = now
    else:
        instance.forget_granted()
        record_event(instance, instance._granted_before, now)


@receiver(pre_delete, sender=User)
def _deleted(instance: User, **_: Any) -> None:
    record_event(instance, _facts(instance), {"deleted": True})


@receiver(post_save, sender=Authenticator)
def _second_step_added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        record_event(instance.user, {}, {"second_step": instance.type})


@receiver(post_delete, sender=Authenticator)
def _second_step_removed(instance: Authenticator, **_: Any) -> None:
    record_event(instance.user, {"second_step": instance.type}, {})


@receiver(post_save, sender=SocialAccount)
def _identity_added(instance: SocialAccount, created: bool, **_: Any) -> None:
    if created:
        record_event(instance.user, {}, {"identity": instance.extra_data.get("sub", "")})


@receiver(post_delete, sender=SocialAccount)
def _identity_removed(instance: SocialAccount, **_: Any) -> None:
    record_event(instance.user, {"identity": instance.extra_data.get("sub", "")}, {})


@receiver(post_save, sender=ApiToken)
def _token_saved(instance: ApiToken, created: bool, **_: Any) -> None:
    if created:
        record_event(instance.owner, {}, {"token": instance.name, "scope": instance.scope})
    elif instance.revoked_at is not None:
        record_event(instance.owner, {"token": instance.name}, {})


@receiver(pre_save, sender=PasswordLink)
def _remember_link(instance: PasswordLink, **_: Any) -> None:
    stored = PasswordLink.objects.filter(pk=instance.pk).first() if instance.pk else None
    instance._before = _link_facts(stored) if stored else {}  # type: ignore[attr-defined]


@receiver(post_save, sender=PasswordLink)
def _link_saved(instance: PasswordLink, **_: Any) -> None:
    record_event(instance.account, instance._before, _link_facts(instance))  # type: ignore[attr-defined]


@receiver(post_delete, sender=PasswordLink)
def _link_removed(instance: PasswordLink, **_: Any) -> None:
    record_event(instance.account, _link_facts(instance), {})


def _link_facts(link: PasswordLink) -> dict[str, Any]:
    """What is told of a link: never its key, which would give the account away."""
    moments = {"link_expires": link.expires_at, "link_used": link.used_at}
    told = {name: moment.isoformat(timespec="seconds") for name, moment in moments.items() if moment}
    return {"link": link.purpose, **told}
