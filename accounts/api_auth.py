"""Authentication of programs by a token in the ``Authorization`` header, and its rate limit."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken, User
from core.database_busy import hardly_waiting, passes

A_MINUTE = 60
_KEYWORDS = frozenset({b"bearer", b"token"})


def brings_token(request: Any) -> bool:
    """Whether the ``Authorization`` header of ``request`` is read as a token. Otherwise a session counts."""
    parts = get_authorization_header(request).split()
    return bool(parts) and parts[0].lower() in _KEYWORDS


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>`` or ``Token <key>``. Only the digest of the key is stored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The owner and the token; ``None`` if the header has no token.

        Raises ``AuthenticationFailed`` for an invalid token, ``PermissionDenied`` if it may only read.
        """
        if not brings_token(request):
            return None
        parts = get_authorization_header(request).split()
        if len(parts) != 2:  # noqa: PLR2004  (a keyword and a key)
            raise AuthenticationFailed(_("The Authorization header must contain “Bearer” and one key."))
        token = _token(ApiToken.digest_of(parts[1].decode("latin-1")))
        if token is None or not token.is_usable or not token.owner.is_active:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        if request.method not in SAFE_METHODS and token.scope != ApiToken.Scope.WRITE:
            raise PermissionDenied(_("This token can only read."))
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """The authentication scheme that a 401 names."""
        return "Bearer"


def _token(digest: str) -> ApiToken | None:
    try:
        return ApiToken.objects.select_related("owner").get(digest=digest)
    except ApiToken.DoesNotExist:
        return None


class TokenThrottle(BaseThrottle):
    """At most ``settings.API_REQUESTS_A_MINUTE`` requests a minute of the clock for each token.

    The row of the token holds the count, so that all workers share it. Requests of a browser session are not
    counted, and neither are those that only read while SQLite is locked.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the token is below its limit; if it is, count the request."""
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        now = timezone.now()
        minute = now.replace(second=0, microsecond=0)
        self.seconds_left = A_MINUTE - now.second
        if token.busy_minute == minute and token.used_in_minute >= settings.API_REQUESTS_A_MINUTE:
            return False
        counted = Case(When(busy_minute=minute, then=F("used_in_minute") + 1), default=Value(1))
        row = ApiToken.objects.filter(pk=token.pk)
        try:
            with hardly_waiting() if request.method in SAFE_METHODS else nullcontext():
                row.update(used_in_minute=counted, busy_minute=minute, last_used_at=now)
        except OperationalError as error:
            # A long write on SQLite, such as a load, must not refuse what only reads.
            if request.method not in SAFE_METHODS or not passes(error):
                raise
        return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self.seconds_left
