"""Creates and revokes API tokens."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import ApiToken, User, access_ended

MAX_TOKENS = 20
"""The most usable tokens of one account."""


@transaction.atomic
def make_token(*, owner: User, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """Create a token of ``owner`` that is valid for ``days`` days. Return the token and its key.

    The key cannot be read later. Raise ``ValidationError`` where ``MAX_TOKENS`` tokens are in use. Revoked
    and expired tokens do not count.
    """
    User.objects.select_for_update(no_key=True).get(
        pk=owner.pk
    )  # two requests at once must not exceed the limit
    if owner.api_tokens.usable().count() >= MAX_TOKENS:
        message = ngettext(
            "An account has at most %(n)d token in use. Revoke one that is no longer needed.",
            "An account has at most %(n)d tokens in use. Revoke one that is no longer needed.",
            MAX_TOKENS,
        )
        raise ValidationError(message % {"n": MAX_TOKENS})
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
    """Revoke every token and calendar feed of ``owner`` that is in use; return how many tokens there were.

    Whoever took over the account may have made one.
    """
    with transaction.atomic():
        access_ended.send(sender=User, account=owner)
        return owner.api_tokens.revoke()


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    """Revoke ``token``: its key no longer works. An account event says so."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
