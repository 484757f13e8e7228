"""The signed link by which digests end without a sign-in."""

from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

from accounts.models import User
from notifications.addresses import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_signer = Signer(salt="notifications.unsubscribe")


def unsubscribe_address(account: User) -> str:
    """The address at which ``account`` ends its digests. It does not expire: mails are kept for years."""
    return address_of("unsubscribe", _signer.sign(str(account.pk)))


def account_of(token: str) -> User | None:
    """The open account for which ``token`` was made; ``None`` if it was not made here."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


def unsubscribe_headers(account: User) -> "Mapping[str, str]":
    """What lets a program for mail offer a button that does it (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_address(account)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
