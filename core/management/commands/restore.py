"""Restore a backup into an empty site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from core.backup.problems import BackupProblem
from core.backup.restoring import has_other_key, restore_backup

PROOFS = ("check_evidence", "verify_audit")
"""Commands that say whether what was restored is whole. One that this version does not have is left out."""


class Command(BaseCommand):
    """Refused if the site has entries. All of the backup is checked before anything is written."""

    help = (
        "Restore the backup FILE into this site, which must be empty: no tables, or tables without "
        "entries. Stop the site before. The tables are created, and brought up to this version, by the "
        "command."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a backup, made by manage.py backup")
        parser.add_argument("--identity", metavar="FILE", type=Path, help="the file with the key of age")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            about = restore_backup(path, identity=options["identity"], say=self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror or error}") from None
        for proof in PROOFS:
            if proof in get_commands():
                call_command(proof, stdout=self.stdout, stderr=self.stderr)
        if has_other_key(about):
            self.stderr.write(
                "SECRET_KEY is not that of the site that was backed up. Set it to the old one, or "
                "everybody sets up two-step sign-in again and signs in again."
            )
        self.stdout.write(f"Restored: the site as it was at {about.made_at}.")
