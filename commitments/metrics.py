"""Numbers of the register for Prometheus."""

from django.db.models import Count

from commitments.models import BulkJob, StatusChange
from core.metrics import stored_number


@stored_number(
    "aide_memoire_moves", "Status changes that were recorded.", label="transition", only_grows=True
)
def moves() -> dict[str, float]:
    """By transition, those of the register file included (``record``)."""
    counted = StatusChange.objects.order_by().values("transition").annotate(number=Count("pk"))
    return {row["transition"]: row["number"] for row in counted}


@stored_number("aide_memoire_bulk_jobs_running", "Bulk actions that were begun and are not finished.")
def running_jobs() -> dict[str, float]:
    """One that stays here for long was left by its owner."""
    return {"": BulkJob.objects.running().count()}
