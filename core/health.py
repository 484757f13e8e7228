"""Health checks for a supervisor: does the process answer, and can it take traffic?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.append_only import missing_guards

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process can answer. It does not use the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is migrated and has its guards; else 503 and what is missing."""
    try:
        pending = _has_pending_migrations()
        unguarded = bool(missing_guards())
    except DatabaseError:
        # The text of the error may name hosts and users: it belongs in the log, not in the answer.
        logger.exception("The database does not answer.")
        return JsonResponse({"status": "unavailable", "reason": "database"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "reason": "migrations"}, status=503)
    if unguarded:
        return JsonResponse({"status": "unavailable", "reason": "guards"}, status=503)
    return JsonResponse({"status": "ok"})


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
