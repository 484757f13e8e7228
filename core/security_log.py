"""The security log: who came in, who was refused, and what was taken out, as one line of JSON each.

Every request has an id, which the answer bears as ``X-Request-ID``. No password, key, token, code or query
string is logged.
"""

import json
import logging
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.log import without_key

logger = logging.getLogger("security")

_MOST = 300
"""Characters of one fact that are logged."""

_REFUSALS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class JsonFormatter(logging.Formatter):
    """A record of the security log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = getattr(record, "facts", {})
        line = {
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "event": record.getMessage(),
            **{name: value[:_MOST] if isinstance(value, str) else value for name, value in facts.items()},
        }
        return json.dumps(line, ensure_ascii=True, default=str)


class SecurityLogMiddleware:
    """Gives each request its id; logs refusals, the use of tokens and what ``SECURITY_LOG_EVENTS`` names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and log what the answer turned out to be."""
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        answer = self.get_response(request)
        answer["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        name = request.resolver_match.url_name if request.resolver_match else None
        token = getattr(request, "auth", None)
        if answer.status_code in _REFUSALS:
            log(request, "refused", status=answer.status_code)
        elif (event := settings.SECURITY_LOG_EVENTS.get(name or "")) and answer.status_code == HTTPStatus.OK:
            log(request, event)
        elif token is not None:
            log(request, "token used", status=answer.status_code)
        return answer


def log(request: HttpRequest | None, event: str, **facts: Any) -> None:
    """Write ``event`` with who asked for which address, and ``facts``; the caller passes no secret."""
    given: dict[str, Any] = {}
    if request is not None:
        user = getattr(request, "user", None)
        token = getattr(request, "auth", None)
        given = {
            "request": getattr(request, "id", ""),
            "account": user.get_username() if user is not None and user.is_authenticated else "",
            "token": getattr(token, "pk", None),
            "method": request.method,
            "path": without_key(request.path),
            "address": request.META.get("REMOTE_ADDR", ""),
        }
    logger.info(event, extra={"facts": {**given, **facts}})


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    log(request, "signed in", account=user.get_username())


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        log(request, "signed out", account=user.get_username())
