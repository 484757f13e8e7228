"""What expires of the register: selections, finished jobs, and files that no row names."""

import datetime as dt

from django.utils import timezone

from commitments.models import BulkJob
from commitments.services.bulk import SELECTION_LIFETIME
from commitments.services.evidence_check import is_named, stored_files
from core.housekeeping import A_DAY, housekeeping
from core.storage import folder_of_uploads, remove_if_older

_JOB_LIFETIME = dt.timedelta(days=90)
"""So long the result of a job can be read. What it changed stays in the histories."""


@housekeeping("selections without an action")
def remove_old_selections() -> int:
    """Selections of commitments for which no action was chosen within a day."""
    old = BulkJob.objects.filter(begun_at=None, created_at__lt=timezone.now() - SELECTION_LIFETIME)
    return old.delete()[1].get("commitments.BulkJob", 0)


@housekeeping("results of bulk actions of more than 90 days ago")
def remove_old_jobs() -> int:
    """Finished bulk actions with their rows. One that runs is never removed."""
    old = BulkJob.objects.filter(finished_at__lt=timezone.now() - _JOB_LIFETIME)
    return old.delete()[1].get("commitments.BulkJob", 0)


@housekeeping("uploaded files that nothing names")
def remove_orphans() -> int:
    """Files whose entry was never recorded, as when a form was refused. What is recorded is never removed.

    A file of today may belong to a form that is being saved at this moment, and stays. Files in a store of
    another kind than a folder stay too: ``check_evidence`` lists them.
    """
    if folder_of_uploads() is None:
        return 0
    yesterday = timezone.now() - A_DAY
    names = (name for name in stored_files() if not is_named(name))
    return sum(remove_if_older(name, yesterday) for name in names)
