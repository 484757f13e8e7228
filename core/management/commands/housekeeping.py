"""Remove what has expired."""

from typing import Any

from django.core.management.base import BaseCommand

from core.housekeeping import tasks


class Command(BaseCommand):
    """May run at any time, while the site is in use, and again after it was interrupted."""

    help = "Remove what has expired or was interrupted: sessions, answers, jobs, files that nothing names."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for task in tasks():
            count = task.carry_out()
            total += count
            self.stdout.write(f"{count:>8,}  {task.removes}")
        self.stdout.write(f"{total:>8,}  removed in all")
