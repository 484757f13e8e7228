"""The link with which somebody chooses a password: an invitation, or after the password was lost."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Clearance, Role
from accounts.models import ApiToken, PasswordLink, User
from accounts.services.password_links import link_by_mail, make_link
from accounts.services.second_step import has_second_step
from notifications.addresses import address_of
from notifications.mail_kinds import Mail, mail_kind
from notifications.models import OutboxMessage
from notifications.services.outbox import enqueue

PASSWORD_LINK = "password_link"  # noqa: S105  (the name of a kind of mail)


@mail_kind(PASSWORD_LINK, gettext_lazy("link for a password"))
def password_link(message: OutboxMessage) -> Mail | None:
    """The link, which is made now. Nothing where it was used already, after an interruption.

    Its key follows from the message and the secret of the site. A mail that is sent twice has the same link,
    and the key is stored nowhere.
    """
    account, key = message.recipient, _key(message)
    link = PasswordLink.objects.filter(account=account, digest=ApiToken.digest_of(key)).first()
    if link is None:
        try:
            link, _made = make_link(account=account, key=key)
        except ValidationError:
            return None
    elif not link.is_usable:
        return None
    invites = link.purpose == PasswordLink.Purpose.INVITATION
    return Mail(
        subject=_("Your account of Aide-mémoire") if invites else _("Choose a new password"),
        template="password_link",
        context={
            "link": link,
            "username": account.username,
            "invites": invites,
            "address": address_of("open_password_link", key),
        },
    )


def _key(message: OutboxMessage) -> str:
    return salted_hmac("notifications.password_link", str(message.key), algorithm="sha256").hexdigest()


@receiver(link_by_mail, dispatch_uid="notifications.password_link")
def send_by_mail(account: User, **kwargs: Any) -> bool:
    """Put the link into the outbox, for an administrator."""
    moment = timezone.now().isoformat()
    dedupe_key = f"{PASSWORD_LINK}:{account.pk}:{moment}"
    return enqueue(recipient=account, kind=PASSWORD_LINK, dedupe_key=dedupe_key) is not None


def offers_lost_password_link() -> bool:
    """Whether somebody who has lost the password can have a link sent by mail."""
    return settings.SENDS_MAIL and settings.PASSWORD_RESET_BY_MAIL and settings.LOCAL_SIGN_IN


def send_lost_password_link(login: str) -> None:
    """Put a link into the outbox for the account that ``login`` names, if any; once an hour at most.

    Not where the mailbox alone would then open more than a mail may say: an administrator makes that link.
    """
    account = User.objects.by_login(login)
    if account is not None and not _is_above_mail(account):
        hour = timezone.now().strftime("%Y-%m-%dT%H")
        enqueue(recipient=account, kind=PASSWORD_LINK, dedupe_key=f"{PASSWORD_LINK}:{account.pk}:lost:{hour}")


def _is_above_mail(account: User) -> bool:
    """Whether ``account`` may read or open more than a mail may say, and no second step is asked for."""
    is_above = account.clearance > Clearance[settings.MAIL_MAX_LEVEL.upper()]
    if not is_above and Role.SECURITY_OFFICER not in account.roles:
        return False
    return not User.objects.filter(has_second_step(), pk=account.pk).exists()
