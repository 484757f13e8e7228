"""Chain the entries of the audit log, and export the head of the chain."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit.sealing import head, seal_all


class Command(BaseCommand):
    """May run at any time, as often as once a minute."""

    help = "Seal what was added to the audit log. --head FILE adds the head of the chain to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            type=Path,
            metavar="FILE",
            help="Add a line to FILE: the number and the hash of the last seal, and the time. Keep the file "
            "where nobody who can write to the database can write.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sealed, last = seal_all(), head()
        self.stdout.write(f"{sealed:,} entries sealed. Head: {last}" if last.sequence else "Nothing to seal.")
        if options["head"] and last.sequence:
            try:
                with options["head"].open("a", encoding="utf-8") as file:
                    file.write(f"{last} {timezone.now().isoformat(timespec='seconds')}\n")
            except OSError as error:
                raise CommandError(f"The head could not be written to {options['head']}: {error}.") from error
