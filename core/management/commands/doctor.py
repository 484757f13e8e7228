"""Say what is wrong with the site, and what to do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.doctor.database import database
from core.doctor.findings import Level, added_areas
from core.doctor.machine import (
    backups,
    clock,
    folders,
    fonts,
    mail,
    program_settings,
    scans,
    word_processor,
)

AREAS = (program_settings, database, folders, fonts, word_processor, scans, mail, clock, backups)


class Command(BaseCommand):
    """Changes nothing. Exits with 1 if something is wrong; a warning alone is no error."""

    help = (
        "Look at settings, database, folders, fonts, scans, mail, time and backups; say what to do about "
        "each fault."
    )
    requires_system_checks: list[str] = []  # it tells what they find, and goes on

    def handle(self, *args: Any, **options: Any) -> None:
        errors = 0
        styles = {
            Level.WELL: self.style.SUCCESS,
            Level.ODD: self.style.WARNING,
            Level.WRONG: self.style.ERROR,
        }
        for area in (*AREAS, *added_areas()):
            for each in area():
                errors += each.level == Level.WRONG
                self.stdout.write(f"{styles[each.level](f'{each.level:<8}')}{each.area}: {each.found}")
                if each.advice:
                    self.stdout.write(f"{'':<8}→ {each.advice}")
        if errors:
            raise CommandError(f"{errors} errors. What to do stands below each of them.")
        self.stdout.write("Nothing is wrong.")
