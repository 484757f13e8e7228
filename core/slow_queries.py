"""Statements of requests that take long are told in the log, without the values in them."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from core.metrics import slow_queries

logger = logging.getLogger(__name__)

_MOST = 1000
"""Characters of a statement that are logged."""


class SlowQueriesMiddleware:
    """Watches the statements of each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        with connection.execute_wrapper(_watched):
            return self.get_response(request)


def _watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (time.perf_counter() - began) * 1000
        if milliseconds >= settings.SLOW_QUERY_MS:
            slow_queries.inc()
            # The values are what people typed; they stand apart from the statement and stay out of the log.
            logger.warning("a statement took %d ms: %s", milliseconds, " ".join(sql.split())[:_MOST])
