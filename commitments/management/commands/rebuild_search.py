"""Rebuild the search texts and the search index."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from commitments.services.search import rebuild_search


class Command(BaseCommand):
    """Safe to run at any time. It reports 0 errors if only this program has written to the database."""

    help = "Rebuild the search texts and the search index, and report how many were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        corrected = rebuild_search()
        self.stdout.write(_("Search texts of commitments corrected: %(count)d.") % {"count": corrected.texts})
        self.stdout.write(_("Search texts of names corrected: %(count)d.") % {"count": corrected.names})
        self.stdout.write(_("Index rows corrected: %(count)d.") % {"count": corrected.trigrams})
