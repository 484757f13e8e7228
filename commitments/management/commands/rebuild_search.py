"""Make anew what search reads."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from commitments.services.search import rebuild_search


class Command(BaseCommand):
    """Safe to run at any time; it says how much was wrong, which is nothing where only our writers write."""

    help = "Fold anew the texts that search reads and rebuild its index; say how many were wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = rebuild_search()
        self.stdout.write(_("Texts of commitments that were wrong: %(count)d.") % {"count": wrong.texts})
        self.stdout.write(_("Names that were wrong: %(count)d.") % {"count": wrong.names})
        self.stdout.write(_("Rows of the index that were wrong: %(count)d.") % {"count": wrong.trigrams})
