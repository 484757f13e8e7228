"""Back up everything of the site, or check a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backup.archive import About
from core.backup.encryption import Recipients
from core.backup.making import make_backup, verify_backup
from core.backup.problems import BackupProblem


class Command(BaseCommand):
    """Writes one file with the database and all uploaded files, while the site is in use."""

    help = (
        "Write everything of the site to FILE: the database with its accounts, and the uploaded files. The "
        "site may be in use. The file is checked before it gets its name. SECRET_KEY is not in it: keep it "
        "elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the backup; it must not exist yet")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="write nothing: read FILE, check all of it, and say what it holds",
        )
        parser.add_argument(
            "--age",
            metavar="RECIPIENT",
            action="append",
            help="encrypt it with age for this public key (repeatable)",
        )
        parser.add_argument(
            "--gpg", metavar="KEY", action="append", help="encrypt it with GnuPG for this key (repeatable)"
        )
        parser.add_argument(
            "--identity", metavar="FILE", type=Path, help="with --verify: the file with the key of age"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if options["age"] and options["gpg"]:
            raise CommandError("Encrypt with --age or with --gpg, not with both.")
        if options["verify"] and (options["age"] or options["gpg"]):
            raise CommandError("--verify writes nothing, so there is nothing to encrypt.")
        if options["identity"] and not options["verify"]:
            raise CommandError(
                "--identity is for --verify. A backup is encrypted with public keys: --age RECIPIENT."
            )
        try:
            if options["verify"]:
                self._verify(path, options["identity"])
            else:
                self._make(path, _recipients(options))
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror or error}") from None

    def _make(self, path: Path, recipients: Recipients | None) -> None:
        made = make_backup(path, recipients=recipients, say=self.stdout.write)
        checked = "encrypted" if recipients else "checked"
        self.stdout.write(f"{path}: {made.backup.size:,} bytes, {checked}. SHA-256 {made.backup.sha256}")
        if made.about.missing:
            for name in made.about.missing:
                self.stderr.write(f"missing: {name}")
            raise CommandError(
                f"The backup is good, but the site itself had lost {len(made.about.missing)} uploaded "
                "files before. Look for them in older backups."
            )

    def _verify(self, path: Path, identity: Path | None) -> None:
        archive = verify_backup(path, identity=identity)
        for line in described(archive.about, len(archive.files)):
            self.stdout.write(line)
        self.stdout.write(f"{path} is whole: every file in it is as it was backed up.")


def described(about: About, files: int) -> list[str]:
    """What a backup holds, in lines."""
    rows = sum(about.rows.values())
    return [
        f"made at:        {about.made_at}",
        f"by version:     {about.program}",
        f"database:       {about.vendor} {about.server}, {rows:,} rows in {len(about.rows)} tables",
        f"uploaded files: {files:,}"
        + (f", and {len(about.missing):,} were missing" if about.missing else ""),
    ]


def _recipients(options: dict[str, Any]) -> Recipients | None:
    for program in ("age", "gpg"):
        if options[program]:
            return Recipients(program, options[program])
    return None
