"""Notices that the clock of this machine is behind what was recorded."""

import datetime as dt
import logging

from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone

from core.append_only import guarded_models

logger = logging.getLogger(__name__)

_TOLERANCE = dt.timedelta(minutes=5)
"""Clocks of several machines differ by less."""


def newest_record_in_future() -> dt.datetime | None:
    """The newest ``recorded_at`` of all append-only rows if it is in the future, else ``None``.

    Either the clock is behind now, or it was ahead when that row was written. Raises ``DatabaseError``.
    """
    recorded = [
        model._default_manager.aggregate(at=Max("recorded_at"))["at"]
        for model in guarded_models()
        if any(field.name == "recorded_at" for field in model._meta.fields)
    ]
    future = [at for at in recorded if at and at > timezone.now() + _TOLERANCE]
    return max(future, default=None)


def warn_at_start() -> None:
    """Log a warning if the clock is behind, or if the database cannot be asked. The server starts anyway."""
    try:
        if newest := newest_record_in_future():
            logger.warning(
                "the clock is wrong, or was: it says %s, but the newest change was recorded at %s; "
                "check the clock before anybody records anything",
                timezone.now().isoformat(timespec="seconds"),
                newest.isoformat(timespec="seconds"),
            )
    except DatabaseError as error:
        logger.warning("the database does not answer, or is not migrated: %s", " ".join(str(error).split()))
    finally:
        connection.close()
