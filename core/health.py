"""Health checks for a supervisor: does the process answer, and can it take traffic?"""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.append_only import altered_guards, missing_guards
from core.audit.triggers import altered_audit, missing_audit
from core.backup.last import last_backup
from core.migration_state import of_a_newer_program
from core.monitoring import may_see_operation
from core.storage import FREE_BYTES
from core.wrong_clock import newest_record_in_future

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.5
"""A supervisor waits two seconds. A database that hangs would take longer to say so."""

_checker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ready")
"""One check at a time: while one hangs, no others pile up behind it."""


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process can answer. It does not use the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def version(request: HttpRequest) -> JsonResponse:
    """The version of the program. It does not use the database."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when nothing prevents the work; else 503 and what does, within two seconds.

    ``?detail`` adds the version and the age of the last good backup, for those who may see them.
    """
    try:
        detailed = "detail" in request.GET and may_see_operation(request)
    except DatabaseError:
        # Who asks cannot be known without a database. The answer below says that there is none.
        detailed = False
    check = _checker.submit(_state_in_detail if detailed else _state)
    try:
        state = check.result(timeout=ANSWER_SECONDS)
    except TimeoutError:
        check.cancel()
        state = {"status": "unavailable", "reason": "timeout"}
    status = HTTPStatus.OK if state["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(state, status=status)


def _state() -> dict[str, str]:
    """What ``/health/ready`` answers. Its thread has a connection of its own."""
    try:
        reason = next(what_is_missing(), "")
        warning = "" if reason else what_is_odd()
    except DatabaseError:
        # The text of the error may name hosts and users: it belongs in the log, not in the answer.
        logger.exception("The database does not answer.")
        reason, warning = "database", ""
    finally:
        connection.close()
    if reason:
        return {"status": "unavailable", "reason": reason}
    return {"status": "ok", "warning": warning} if warning else {"status": "ok"}


def _state_in_detail() -> dict[str, Any]:
    """What ``/health/ready?detail`` answers to those who may see it."""
    state: dict[str, Any] = {**_state(), "version": settings.VERSION}
    try:
        last = last_backup()
    except DatabaseError:
        return state
    finally:
        connection.close()
    if last is None:
        return state | {"backup": None}
    made_at, hours = last.backup.made_at.isoformat(), round(last.age.total_seconds() / 3600, 1)
    backup = {"made_at": made_at, "age_hours": hours, "is_old": last.is_old}
    return state | {"backup": backup | {"is_encrypted": last.backup.is_encrypted}}


def what_is_missing() -> Iterator[str]:
    """Each reason why the program cannot work, in one word. Raises ``DatabaseError``."""
    if not _has_our_migrations():
        yield "migrations"
    if missing_guards() or missing_audit() or altered_guards() or altered_audit():
        yield "guards"
    if not _is_writable(Path(settings.MEDIA_ROOT)):
        yield "media"
    if any(shutil.disk_usage(folder).free < FREE_BYTES for folder in _folders()):
        yield "space"


def what_is_odd() -> str:
    """What does not prevent the work, in one word, or "". Raises ``DatabaseError``."""
    return "clock" if newest_record_in_future() else ""


def _has_our_migrations() -> bool:
    """Whether the database has all migrations, and of ours no others: those of a newer program."""
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations.keys()
    return loader.graph.nodes.keys() <= applied and not of_a_newer_program(applied)


def _folders() -> Iterator[Path]:
    """The folders on this machine that the program writes to."""
    yield Path(settings.MEDIA_ROOT)
    if connection.vendor == "sqlite":
        yield Path(connection.settings_dict["NAME"]).parent


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError:
        logger.exception("The folder of uploaded files cannot be written.")
        return False
    return True
