"""Making and revoking the keys with which programs sign in."""

import datetime as dt

from django.utils import timezone

from accounts.models import ApiToken, User


def make_token(*, owner: User, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """A new token of ``owner``, good for ``days`` days, and its key: the only time that it can be read."""
    key = ApiToken.new_key()
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        scope=scope,
        digest=ApiToken.digest_of(key),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token, key


def revoke_token(*, token: ApiToken) -> None:
    """The key opens nothing any more, from now on."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
