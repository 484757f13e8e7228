"""What each line of the log has: the id of the request and the account; and what it leaves out."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import LazyObject, empty

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_access = logging.getLogger("access")
_KEY_OF_LINK = re.compile(
    r"(?<=/accounts/link/)[^/\s?]+|(?<=/reports/answer/)[^/\s?]+|(?<=/calendar/)[^/\s?]+(?=\.ics)"
    r"|(?<=/watching/unsubscribe/)[^/\s?]+"
)
"""Whoever reads the log could set a password with it, until the link is used, read a calendar, report, or end
mails."""


def without_key(text: str) -> str:
    """``text`` without the keys that stand in addresses."""
    return _KEY_OF_LINK.sub("…", text)


class RequestLogMiddleware:
    """Lets the log know in which request a line is written. The logger ``access`` has a line for each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, then log the address without its query, the status and how long it took."""
        token, began = _request.set(request), time.perf_counter()
        try:
            answer = self.get_response(request)
            milliseconds = round((time.perf_counter() - began) * 1000)
            _access.info("%s %s %s %s ms", request.method, request.path, answer.status_code, milliseconds)
            return answer
        finally:
            _request.reset(token)


class WithRequest(logging.Filter):
    """Adds ``request`` (its id) and ``account`` (its username) to each line; "" outside of requests.

    The key of a link that needs no sign-in is left out of every line, also where Django names an address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        told = without_key(message := record.getMessage())
        if told != message:
            record.msg, record.args = told, ()
        request = _request.get()
        record.request_id = getattr(request, "id", "")
        user = known_user(request)
        record.account = str(user.get_username()) if user else ""
        return True


class JsonLines(logging.Formatter):
    """A line of JSON for each line of the log."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": timezone.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", ""),
            "account": getattr(record, "account", ""),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


class WithoutTraceback(logging.Filter):
    """Keep the line and drop the traceback: for refusals that are no error of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.exc_text = None
        return True


def current_request() -> HttpRequest | None:
    """The request that this thread answers, if it answers one."""
    return _request.get()


def known_user(request: HttpRequest | None) -> Any:
    """Who is signed in, if that is known already, else ``None``. Never asks the database."""
    user = request.__dict__.get("user") if request is not None else None
    if user is None or (isinstance(user, LazyObject) and user.__dict__.get("_wrapped", empty) is empty):
        return None
    return user if user.is_authenticated else None
