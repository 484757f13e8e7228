"""What expires of imported spreadsheets: those that were never begun, and the rows of old ones."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from core.housekeeping import housekeeping
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import UNFINISHED_LIFETIME

_LIFETIME = dt.timedelta(days=90)
"""So long the result of an import can be read. What it wrote stays in the histories."""


@housekeeping("imports of spreadsheets that were not begun within 30 days")
def remove_unfinished_imports() -> int:
    """Imports that nobody began, with their files."""
    old = SpreadsheetImport.objects.filter(begun_at=None, created_at__lt=timezone.now() - UNFINISHED_LIFETIME)
    return old.delete()[1].get("interchange.SpreadsheetImport", 0)


@housekeeping("results of imports of more than 90 days ago")
def remove_old_imports() -> int:
    """Finished imports with their files and rows. One that runs, or is being taken back, is never removed."""
    is_idle = Q(taking_back_at=None) | Q(taken_back_at__isnull=False)
    old = SpreadsheetImport.objects.filter(is_idle, finished_at__lt=timezone.now() - _LIFETIME)
    return old.delete()[1].get("interchange.SpreadsheetImport", 0)
