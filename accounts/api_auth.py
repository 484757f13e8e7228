"""Sign-in of programs: a token in the ``Authorization`` header, and how often it may be used."""

from typing import Any

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken, User

A_MINUTE = 60


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
        token = _token(ApiToken.digest_of(parts[1].decode("latin-1")))
        if token is None or not token.is_usable or not token.owner.is_active:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        if request.method not in SAFE_METHODS and token.scope != ApiToken.Scope.WRITE:
            raise PermissionDenied(_("This token may only read."))
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """What a program without sign-in is asked for."""
        return "Bearer"


def _token(digest: str) -> ApiToken | None:
    try:
        return ApiToken.objects.select_related("owner").get(digest=digest)
    except ApiToken.DoesNotExist:
        return None


class TokenThrottle(BaseThrottle):
    """At most ``settings.API_REQUESTS_A_MINUTE`` requests a minute of the clock for each token.

    Counted in the token's own row, so that all workers count together. Somebody signed in by session is a
    person at a page and is not counted.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether there is room in this minute; counts the request if there is."""
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        now = timezone.now()
        minute = now.replace(second=0, microsecond=0)
        self.seconds_left = A_MINUTE - now.second
        if token.busy_minute == minute and token.used_in_minute >= settings.API_REQUESTS_A_MINUTE:
            return False
        counted = Case(When(busy_minute=minute, then=F("used_in_minute") + 1), default=Value(1))
        ApiToken.objects.filter(pk=token.pk).update(
            used_in_minute=counted, busy_minute=minute, last_used_at=now
        )
        return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self.seconds_left
