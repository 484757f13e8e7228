"""Keeps a session alive while it is used: without a request for SESSION_IDLE_MINUTES it expires.

After SESSION_MAX_HOURS it ends all the same, within a minute.

A session is written at most once a minute, so that reading pages writes almost nothing.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccountSession, User

ACTIVITY = "activity"
"""In a session: its own key, and when its use was last written. After a new password its key is new."""

_A_MINUTE = 60


class SessionActivityMiddleware:
    """Writes that a session was used, which moves the moment when it expires."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, then write the use of a session in which somebody is signed in."""
        response = self.get_response(request)
        session = request.session
        # A session that no view has read needs no query, and no header ``Vary``.
        if session.accessed and session.session_key and ACTIVITY in session:
            key, at = session[ACTIVITY]
            if key != session.session_key:
                _begin(request, request.user)
            elif time.time() - at >= _A_MINUTE:
                began = timezone.now() - settings.SESSION_MAX_AGE
                lasting = AccountSession.objects.filter(session_id=key, started_at__gt=began)
                if lasting.update(last_active_at=timezone.now()):
                    session[ACTIVITY] = [key, time.time()]
                else:
                    session.flush()
        return response


@receiver(user_logged_in)
def _begin(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """List the session. A closed account gets none: raises ``PermissionDenied``."""
    if request.session.session_key is None:  # somebody else was signed in before, whose session is deleted
        request.session.save()
    key = str(request.session.session_key)
    agent = request.headers.get("User-Agent", "")[: AccountSession.USER_AGENT_LENGTH]
    with transaction.atomic():
        # Whoever closes the account at this moment waits, and then ends this session too.
        is_open = bool(User.objects.select_for_update().filter(pk=user.pk, is_active=True).values_list("pk"))
        if is_open:
            AccountSession.objects.get_or_create(
                session_id=key, defaults={"account": user, "user_agent": agent}
            )
    if not is_open:
        logout(request)
        raise PermissionDenied(_("This account is closed."))
    request.session[ACTIVITY] = [key, time.time()]
