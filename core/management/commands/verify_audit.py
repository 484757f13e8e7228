"""Look whether the record was altered by somebody with access to the database."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit.sealing import Head
from core.audit.verifying import verify


class Command(BaseCommand):
    """Writes nothing. Ends with a status other than 0 if anything is wrong."""

    help = "Check the chain of the audit log, and every row that it names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FILE",
            help="The file that seal_audit --head has written: the chain must contain each of its heads.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = list(_heads(options["heads"])) if options["heads"] else []
        report = verify(kept)
        for fault in report.faults:
            self.stderr.write(fault)
        self.stdout.write(f"{report.checked:,} seals checked, {len(kept):,} exported heads compared.")
        if report.good.sequence:
            self.stdout.write(f"Nothing is wrong up to seal {report.good}.")
        if report.unsealed:
            self.stdout.write(f"{report.unsealed:,} entries are not sealed yet: run manage.py seal_audit.")
        if report.unknown_columns:
            self.stdout.write(
                f"{report.unknown_columns:,} rows have columns that this version does not have any more: "
                "only their place in the chain was checked."
            )
        if report.faults:
            raise CommandError(f"The record was altered: {len(report.faults):,} findings, named above.")


def _heads(path: Path) -> Iterator[Head]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The heads in {path} could not be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        sequence, _space, rest = line.partition(" ")
        if not sequence.isdecimal() or len(rest.split(" ")[0]) != 64:  # noqa: PLR2004  (digits of SHA-256)
            raise CommandError(f"Line {number} of {path} is no head: a number, a hash and a time.")
        yield Head(int(sequence), rest.split(" ")[0])
