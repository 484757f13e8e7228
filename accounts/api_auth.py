"""Sign-in of programs: a token in the ``Authorization`` header."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import ApiToken, User

_NOTED_EVERY = dt.timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>`` (or ``Token <key>``); the key is known here only by its digest."""

    keywords = frozenset({b"bearer", b"token"})

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's owner; ``None`` when the header speaks of something else."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in self.keywords:
            return None
        if len(parts) != 2:  # noqa: PLR2004  (a keyword and a key)
            raise AuthenticationFailed(_("The Authorization header must be “Bearer” and one key."))
        digest = ApiToken.digest_of(parts[1].decode("latin-1"))
        token = ApiToken.objects.select_related("owner__agency").filter(digest=digest).first()
        if token is None or not token.is_usable or not token.owner.is_active:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        if request.method not in SAFE_METHODS and token.scope != ApiToken.Scope.WRITE:
            raise PermissionDenied(_("This token may only read."))
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """What a program without sign-in is asked for."""
        return "Bearer"
