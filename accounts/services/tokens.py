"""Making and revoking the keys with which programs sign in."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import ApiToken, User

MOST_TOKENS = 20
"""Tokens that one account may have in use at the same time."""


@transaction.atomic
def make_token(*, owner: User, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """A new token of ``owner``, good for ``days`` days, and its key: the only time that it can be read.

    Raises ``ValidationError`` where ``MOST_TOKENS`` are in use; what is revoked or expired does not count.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once must not pass the limit
    if owner.api_tokens.usable().count() >= MOST_TOKENS:
        said = ngettext(
            "An account has at most %(n)d token in use. Revoke one that is not needed any more.",
            "An account has at most %(n)d tokens in use. Revoke one that is not needed any more.",
            MOST_TOKENS,
        )
        raise ValidationError(said % {"n": MOST_TOKENS})
    key = ApiToken.new_key()
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        scope=scope,
        digest=ApiToken.digest_of(key),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token, key


def revoke_all(*, owner: User) -> int:
    """Revoke every token of ``owner`` that is in use: whoever took over the account may have made one."""
    return owner.api_tokens.usable().update(revoked_at=timezone.now())


def revoke_token(*, token: ApiToken) -> None:
    """The key opens nothing any more, from now on."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
