"""One-time links with which people set their password, so that nobody else ever knows it."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, PasswordLink, User

VALID_FOR = {
    PasswordLink.Purpose.INVITATION: dt.timedelta(days=7),
    PasswordLink.Purpose.RESET: dt.timedelta(days=1),
}
"""How long a link can be used. Whoever is to reset a password waits for it; a new colleague may not."""


link_by_mail = Signal()
"""Sent with ``account``, which is to get a link by mail. A receiver returns whether it takes care of it."""


class LinkDoesNotWork(Exception):
    """The link was used, replaced, revoked or has expired, or its account is closed. It never says which.

    Or passwords do not sign in at all.
    """


@transaction.atomic
def make_link(*, account: User, ends_password: bool = False, key: str = "") -> tuple[PasswordLink, str]:
    """Make the link of ``account``, and return it with its key, which cannot be read later.

    An older link stops working. The password works until the link is used, unless ``ends_password``, which
    is for an account that somebody else may have got into: its sessions and tokens end too. Somebody who was
    never signed in is invited. ``key`` opens the link; without one it is made by chance. Raise
    ``ValidationError`` where the account is closed.
    """
    if not settings.LOCAL_SIGN_IN:
        raise ValidationError(_("Passwords do not sign in here, so there is no link for one."))
    locked = User.objects.select_for_update().get(pk=account.pk)
    if not locked.is_active:
        raise ValidationError(_("This account is closed. Open it first, then make a link."))
    is_known = locked.has_usable_password() or locked.last_login is not None
    purpose = PasswordLink.Purpose.RESET if is_known else PasswordLink.Purpose.INVITATION
    if ends_password:
        _end_password(locked)
    link = PasswordLink.objects.filter(account=locked).first() or PasswordLink(account=locked)
    key, now = key or ApiToken.new_key(), timezone.now()
    link.purpose, link.digest, link.used_at = purpose, ApiToken.digest_of(key), None
    link.made_at, link.expires_at = now, now + VALID_FOR[purpose]
    link.save()
    return link, key


@transaction.atomic
def send_link(*, account: User, ends_password: bool = False) -> bool:
    """Have a link sent to the address of ``account``; return whether it will be.

    It will not if the account is closed or has no address, or the site sends no mail. The link is made when
    the mail is. ``ends_password`` as in ``make_link``, at once.
    """
    is_sent = any(taken for _receiver, taken in link_by_mail.send(sender=User, account=account))
    if is_sent and ends_password:
        _end_password(User.objects.select_for_update().get(pk=account.pk))
    return is_sent


def _end_password(account: User) -> None:
    """End the password of ``account`` and whatever lets somebody in, also where it had no password."""
    account.set_unusable_password()
    account.save()
    account.end_access()


def link_with(digest: str) -> PasswordLink:
    """The usable link with this digest of its key. Raise ``LinkDoesNotWork``."""
    link = PasswordLink.objects.select_related("account").filter(digest=digest).first()
    if not settings.LOCAL_SIGN_IN or link is None or not link.is_usable or not link.account.is_active:
        raise LinkDoesNotWork
    return link


@transaction.atomic
def set_password(*, digest: str, password: str) -> User:
    """Set the password of the account to which the link belongs, and use the link up.

    API tokens and sessions of the account end. Raise ``LinkDoesNotWork``. Of two who use the same link at the
    same moment, the second is refused.
    """
    found = link_with(digest)
    account = User.objects.select_for_update().get(pk=found.account_id)
    link = link_with(digest)  # again, behind the lock that ``make_link`` and a closing account wait for
    link.used_at = timezone.now()
    link.save()
    account.set_password(password)
    account.save()
    return account
